#include "adapters/store/conversations.hpp"

#include <algorithm>

namespace flipsync::conversations {

namespace {

/// SKUs hold no line break (the importer refuses control characters), so lines are enough.
std::string lines_of(const std::vector<std::string>& skus) {
  std::string out;
  for (const auto& sku : skus)
    out += sku + '\n';
  return out;
}

std::int64_t touch(sql::connection& db, const stored_turn& turn) {
  sql::query q{
    db, "INSERT INTO conversations(tenant, name, customer, audience, agent, begun_at, last_at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(tenant, name) DO UPDATE SET"
        " customer = iif(excluded.customer = '', customer, excluded.customer),"
        " agent = excluded.agent, last_at = max(last_at, excluded.last_at) RETURNING id"};
  q.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id},
             std::string_view{turn.customer_id}, static_cast<std::int64_t>(turn.who),
             std::string_view{turn.agent}, turn.question.at, turn.answer.at);
  if (!q.step())
    throw sql::failure{0, "a conversation was not stored"};
  const auto id = q.integer(0);
  q.run();
  return id;
}

void add_message(sql::connection& db, std::int64_t conversation, const std::string& turn,
                 const stored_message& message) {
  const auto skus = lines_of(message.skus);
  sql::query q{db, "INSERT INTO messages(conversation, id, turn, role, text, agent, at, skus)"
                   " SELECT ?1, ifnull(max(id), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM messages"
                   " WHERE conversation = ?1"};
  q.bind_all(conversation, std::string_view{turn}, std::string_view{message.role},
             std::string_view{message.text}, std::string_view{message.agent}, message.at,
             std::string_view{skus});
  q.run();
}

} // namespace

std::vector<std::string> skus_of(std::string_view lines) {
  std::vector<std::string> out;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    out.emplace_back(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

void append(sql::connection& db, const std::vector<std::shared_ptr<const stored_turn>>& turns) {
  if (turns.empty())
    return;
  sql::transaction tx{db, sql::transaction_kind::write};
  for (const auto& turn : turns) {
    const auto id = touch(db, *turn);
    add_message(db, id, turn->turn_id, turn->question);
    add_message(db, id, turn->turn_id, turn->answer);
  }
  tx.commit();
}

conversation_history history(sql::connection& db, const std::string& tenant,
                             const std::string& name, std::uint32_t limit) {
  conversation_history out;
  // One statement sees one snapshot; the two reads below are of rows that are only ever added.
  sql::query head{db, "SELECT id, agent FROM conversations WHERE tenant = ? AND name = ?"};
  head.bind_all(std::string_view{tenant}, std::string_view{name});
  if (!head.step())
    return out;
  out.exists = true;
  out.agent = head.text(1);
  sql::query q{db, "SELECT role, text, agent, at, skus FROM messages WHERE conversation = ?"
                   " ORDER BY id DESC LIMIT ?"};
  q.bind_all(head.integer(0), std::int64_t{limit});
  while (q.step())
    out.messages.push_back({q.text(0), q.text(1), q.text(2), q.time(3), skus_of(q.view(4))});
  std::reverse(out.messages.begin(), out.messages.end());
  return out;
}

} // namespace flipsync::conversations
