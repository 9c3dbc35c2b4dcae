#include <algorithm>
#include <limits>

#include "adapters/store/conversations.hpp"

namespace flipsync::conversations {

namespace {

/// The last message's number is their count: they are numbered from 1 and never deleted alone.
constexpr std::string_view columns =
  "c.id, c.name, c.customer, c.audience, c.agent, c.begun_at, c.last_at,"
  " (SELECT ifnull(max(m.id), 0) FROM messages m WHERE m.conversation = c.id)";

conversation_summary summary_of(const sql::query& q) {
  conversation_summary out;
  out.id = q.text(1);
  out.customer_id = q.text(2);
  out.who = static_cast<audience>(q.integer(3));
  out.agent = q.text(4);
  out.begun_at = q.time(5);
  out.last_at = q.time(6);
  out.messages = static_cast<std::uint64_t>(q.integer(7));
  return out;
}

std::int64_t row_bound(std::uint64_t before) {
  constexpr auto newest = std::numeric_limits<std::int64_t>::max();
  return before == 0 || before > static_cast<std::uint64_t>(newest)
           ? newest
           : static_cast<std::int64_t>(before);
}

} // namespace

conversation_page list(sql::connection& db, const std::string& tenant, std::uint64_t before,
                       std::uint32_t limit) {
  conversation_page out;
  // Along the row ids, which rise with time; the plus keeps the planner from sorting all of them.
  sql::query q{db, "SELECT " + std::string{columns}
                     + " FROM conversations c WHERE +c.tenant = ? AND c.id < ?"
                       " ORDER BY c.id DESC LIMIT ?"};
  q.bind_all(std::string_view{tenant}, row_bound(before), std::int64_t{limit} + 1);
  std::uint64_t last = 0;
  while (q.step()) {
    if (out.items.size() == limit) {
      out.next = last;
      break;
    }
    out.items.push_back(summary_of(q));
    last = static_cast<std::uint64_t>(q.integer(0));
  }
  return out;
}

std::optional<message_page> page(sql::connection& db, const std::string& tenant,
                                 const std::string& name, std::uint64_t after,
                                 std::uint32_t limit) {
  sql::transaction tx{db, sql::transaction_kind::read};
  sql::query head{db, "SELECT " + std::string{columns}
                        + " FROM conversations c WHERE c.tenant = ? AND c.name = ?"};
  head.bind_all(std::string_view{tenant}, std::string_view{name});
  if (!head.step())
    return std::nullopt;
  message_page out;
  out.conversation = summary_of(head);
  sql::query q{db, "SELECT id, turn, role, text, agent, at, skus FROM messages"
                   " WHERE conversation = ? AND id > ? ORDER BY id LIMIT ?"};
  q.bind_all(head.integer(0),
             static_cast<std::int64_t>(std::min<std::uint64_t>(after, 1'000'000'000)),
             std::int64_t{limit} + 1);
  while (q.step()) {
    if (out.items.size() == limit) {
      out.next = out.items.back().number;
      break;
    }
    out.items.push_back({static_cast<std::uint64_t>(q.integer(0)), q.text(1), q.text(2), q.text(3),
                         q.text(4), q.time(5), skus_of(q.view(6))});
  }
  return out;
}

void begin(sql::connection& db, const std::string& tenant, const conversation_summary& fresh) {
  sql::query q{
    db, "INSERT INTO conversations(tenant, name, customer, audience, agent, begun_at, last_at)"
        " VALUES(?, ?, ?, ?, '', ?, ?) ON CONFLICT(tenant, name) DO NOTHING"};
  q.bind_all(std::string_view{tenant}, std::string_view{fresh.id},
             std::string_view{fresh.customer_id}, static_cast<std::int64_t>(fresh.who),
             fresh.begun_at, fresh.last_at);
  q.run();
}

bool remove(sql::connection& db, const std::string& tenant, const std::string& name) {
  sql::query q{db, "DELETE FROM conversations WHERE tenant = ? AND name = ?"};
  q.bind_all(std::string_view{tenant}, std::string_view{name});
  q.run();
  return db.changes() > 0;
}

conversation_archive::sweep remove_silent(sql::connection& db, wall_time before, std::uint64_t from,
                                          std::uint32_t limit) {
  conversation_archive::sweep out;
  std::vector<std::int64_t> silent;
  {
    sql::query q{db, "SELECT id, last_at FROM conversations WHERE id >= ? ORDER BY id LIMIT ?"};
    q.bind_all(static_cast<std::int64_t>(from), std::int64_t{limit} + 1);
    std::uint32_t seen = 0;
    while (q.step()) {
      if (seen++ == limit) {
        out.next = static_cast<std::uint64_t>(q.integer(0));
        break;
      }
      if (q.time(1) < before)
        silent.push_back(q.integer(0));
    }
  }
  if (silent.empty())
    return out;
  sql::transaction tx{db, sql::transaction_kind::write};
  for (const auto id : silent) {
    sql::query q{db, "DELETE FROM conversations WHERE id = ?"};
    q.bind(id);
    q.run();
  }
  tx.commit();
  out.removed = silent.size();
  return out;
}

} // namespace flipsync::conversations
