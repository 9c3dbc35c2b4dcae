#include "adapters/store/conversations.hpp"

#include <algorithm>
#include <optional>

namespace flipsync::conversations {

namespace {

/// SKUs hold no line break (the importer refuses control characters), so lines are enough.
std::string lines_of(const std::vector<std::string>& skus) {
  std::string out;
  for (const auto& sku : skus)
    out += sku + '\n';
  return out;
}

/// The conversation's id if it is new; nothing if it is stored already.
std::optional<std::int64_t> begin(sql::connection& db, const stored_turn& turn) {
  sql::query q{
    db, "INSERT INTO conversations(tenant, name, customer, audience, agent, begun_at, last_at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(tenant, name) DO NOTHING"};
  q.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id},
             std::string_view{turn.customer_id}, static_cast<std::int64_t>(turn.who),
             std::string_view{turn.agent}, turn.question.at, turn.answer.at);
  q.run();
  return db.changes() > 0 ? std::optional{db.last_rowid()} : std::nullopt;
}

/// The id of a conversation that is stored, which the turn moves on.
std::int64_t go_on(sql::connection& db, const stored_turn& turn) {
  sql::query found{db, "SELECT id FROM conversations WHERE tenant = ? AND name = ?"};
  found.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id});
  if (!found.step())
    throw sql::failure{0, "a conversation was not stored"};
  const auto id = found.integer(0);
  sql::query q{db, "UPDATE conversations SET customer = iif(?1 = '', customer, ?1), agent = ?2,"
                   " last_at = max(last_at, ?3) WHERE id = ?4"};
  q.bind_all(std::string_view{turn.customer_id}, std::string_view{turn.agent}, turn.answer.at, id);
  q.run();
  return id;
}

std::int64_t last_message(sql::connection& db, std::int64_t conversation) {
  sql::query q{db, "SELECT ifnull(max(id), 0) FROM messages WHERE conversation = ?"};
  q.bind(conversation);
  return q.step() ? q.integer(0) : 0;
}

void add_message(sql::connection& db, std::int64_t conversation, std::int64_t id,
                 const std::string& turn, const stored_message& message) {
  const auto skus = lines_of(message.skus);
  sql::query q{db, "INSERT INTO messages(conversation, id, turn, role, text, agent, at, skus)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?, ?)"};
  q.bind_all(conversation, id, std::string_view{turn}, std::string_view{message.role},
             std::string_view{message.text}, std::string_view{message.agent}, message.at,
             std::string_view{skus});
  q.run();
}

void add_turn(sql::connection& db, const stored_turn& turn) {
  const auto fresh = begin(db, turn);
  const auto id = fresh ? *fresh : go_on(db, turn);
  const auto last = fresh ? 0 : last_message(db, id);
  add_message(db, id, last + 1, turn.turn_id, turn.question);
  add_message(db, id, last + 2, turn.turn_id, turn.answer);
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
  for (const auto& turn : turns)
    add_turn(db, *turn);
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
