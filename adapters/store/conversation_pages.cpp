#include <algorithm>
#include <limits>

#include "adapters/store/conversations.hpp"

namespace flipsync::conversations {

namespace {

/// A turn is two messages; turns are numbered from 1 and never deleted alone.
constexpr std::string_view columns =
  "c.id, c.name, c.customer, c.audience, c.agent, c.begun_at, c.last_at,"
  " (SELECT 2 * max(t.number) FROM turns t WHERE t.tenant = c.tenant AND t.name = c.name)";

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

/// A conversation's row; nothing for one that is not stored.
std::optional<std::int64_t> row_of(sql::connection& db, const std::string& tenant,
                                   const std::string& name) {
  sql::query q{db, "SELECT conversation FROM turns WHERE tenant = ? AND name = ? LIMIT 1"};
  q.bind_all(std::string_view{tenant}, std::string_view{name});
  return q.step() ? std::optional{q.integer(0)} : std::nullopt;
}

/// Deletes a conversation with its turns.
void remove_row(sql::connection& db, std::int64_t id) {
  sql::query turns{db, "DELETE FROM turns WHERE (tenant, name) ="
                       " (SELECT tenant, name FROM conversations WHERE id = ?)"};
  turns.bind(id);
  turns.run();
  sql::query q{db, "DELETE FROM conversations WHERE id = ?"};
  q.bind(id);
  q.run();
}

/// " AND agent IN (?, …)"; nothing where anybody's answers are asked for.
std::string only_by(const std::vector<std::string>* agents) {
  if (agents == nullptr)
    return {};
  std::string sql = " AND agent IN (";
  for (std::size_t i = 0; i < agents->size(); ++i)
    sql += i == 0 ? "?" : ", ?";
  return sql + ')';
}

/// Adds `limit` messages with a number above `after`, and where to go on.
void add_messages(sql::connection& db, message_page& out, const std::string& tenant,
                  const std::string& name, std::uint64_t after, std::uint32_t limit,
                  const std::vector<std::string>* agents) {
  sql::query q{db, "SELECT number, turn, question, asked_at, answer, agent, answered_at, skus"
                   " FROM turns WHERE tenant = ? AND name = ? AND number > ?"
                     + only_by(agents) + " ORDER BY number LIMIT ?"};
  q.bind_all(std::string_view{tenant}, std::string_view{name},
             static_cast<std::int64_t>(after / 2));
  if (agents != nullptr)
    for (const auto& agent : *agents)
      q.bind(std::string_view{agent});
  // The question of the first turn may be on the page before, and the last turn's on the next.
  q.bind(std::int64_t{limit} / 2 + 2);
  const auto add = [&](kept_message message) {
    if (message.number <= after)
      return;
    if (out.items.size() == limit)
      out.next = out.items.back().number;
    else
      out.items.push_back(std::move(message));
  };
  while (out.next == 0 && q.step()) {
    const auto number = static_cast<std::uint64_t>(q.integer(0));
    add({2 * number - 1, q.text(1), "user", q.text(2), {}, q.time(3), {}});
    add({2 * number, q.text(1), "assistant", q.text(4), q.text(5), q.time(6), skus_of(q.view(7))});
  }
}

} // namespace

conversation_page list(sql::connection& db, const std::string& tenant, std::uint64_t before,
                       std::uint32_t limit) {
  conversation_page out;
  // Along the row ids, which rise with time.
  sql::query q{db, "SELECT " + std::string{columns}
                     + " FROM conversations c WHERE c.tenant = ? AND c.id < ?"
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
                                 const std::string& name, std::uint64_t after, std::uint32_t limit,
                                 const std::vector<std::string>* agents) {
  sql::transaction tx{db, sql::transaction_kind::read};
  const auto id = row_of(db, tenant, name);
  if (!id)
    return std::nullopt;
  sql::query head{db, "SELECT " + std::string{columns} + " FROM conversations c WHERE c.id = ?"};
  head.bind(*id);
  if (!head.step())
    return std::nullopt;
  message_page out;
  out.conversation = summary_of(head);
  add_messages(db, out, tenant, name, std::min<std::uint64_t>(after, 1'000'000'000), limit, agents);
  return out;
}

void begin(sql::connection& db, const std::string& tenant, const conversation_summary& fresh) {
  sql::transaction tx{db, sql::transaction_kind::write};
  if (row_of(db, tenant, fresh.id))
    return;
  sql::query q{
    db, "INSERT INTO conversations(tenant, name, customer, audience, agent, begun_at, last_at)"
        " VALUES(?, ?, ?, ?, '', ?, ?)"};
  q.bind_all(std::string_view{tenant}, std::string_view{fresh.id},
             std::string_view{fresh.customer_id}, static_cast<std::int64_t>(fresh.who),
             fresh.begun_at, fresh.last_at);
  q.run();
  sql::query none{db, "INSERT INTO turns VALUES(?1, ?2, 0, ?3, '', '', ?4, '', '', ?4, '')"};
  none.bind_all(std::string_view{tenant}, std::string_view{fresh.id}, db.last_rowid(),
                fresh.begun_at);
  none.run();
  tx.commit();
}

bool remove(sql::connection& db, const std::string& tenant, const std::string& name) {
  sql::transaction tx{db, sql::transaction_kind::write};
  const auto id = row_of(db, tenant, name);
  if (!id)
    return false;
  remove_row(db, *id);
  tx.commit();
  return true;
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
  for (const auto id : silent)
    remove_row(db, id);
  tx.commit();
  out.removed = silent.size();
  return out;
}

} // namespace flipsync::conversations
