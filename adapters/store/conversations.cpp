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

/// The last turn of a conversation that is stored; nothing if it is new.
struct last_turn {
  std::int64_t conversation = 0; ///< its row
  std::int64_t number = 0;
};
std::optional<last_turn> find_last(sql::connection& db, const stored_turn& turn) {
  sql::query q{db, "SELECT conversation, number FROM turns WHERE tenant = ? AND name = ?"
                   " ORDER BY number DESC LIMIT 1"};
  q.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id});
  if (!q.step())
    return std::nullopt;
  return last_turn{q.integer(0), q.integer(1)};
}

last_turn begin(sql::connection& db, const stored_turn& turn) {
  sql::query q{
    db, "INSERT INTO conversations(tenant, name, customer, audience, agent, begun_at, last_at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?)"};
  q.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id},
             std::string_view{turn.customer_id}, static_cast<std::int64_t>(turn.who),
             std::string_view{turn.agent}, turn.question.at, turn.answer.at);
  q.run();
  return {db.last_rowid(), 0};
}

void go_on(sql::connection& db, const stored_turn& turn, std::int64_t conversation) {
  sql::query q{db, "UPDATE conversations SET customer = iif(?1 = '', customer, ?1), agent = ?2,"
                   " last_at = max(last_at, ?3) WHERE id = ?4"};
  q.bind_all(std::string_view{turn.customer_id}, std::string_view{turn.agent}, turn.answer.at,
             conversation);
  q.run();
}

void add_turn(sql::connection& db, const stored_turn& turn) {
  auto last = turn.begins ? std::nullopt : find_last(db, turn);
  if (last)
    go_on(db, turn, last->conversation);
  else
    last = begin(db, turn);
  const auto skus = lines_of(turn.answer.skus);
  sql::query q{db, "INSERT INTO turns(tenant, name, number, conversation, turn, question, asked_at,"
                   " answer, agent, answered_at, skus) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  q.bind_all(std::string_view{turn.tenant}, std::string_view{turn.conversation_id},
             last->number + 1, last->conversation, std::string_view{turn.turn_id},
             std::string_view{turn.question.text}, turn.question.at,
             std::string_view{turn.answer.text}, std::string_view{turn.answer.agent},
             turn.answer.at, std::string_view{skus});
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
  for (const auto& turn : turns)
    add_turn(db, *turn);
}

conversation_history history(sql::connection& db, const std::string& tenant,
                             const std::string& name, std::uint32_t limit) {
  conversation_history out;
  sql::transaction tx{db, sql::transaction_kind::read};
  sql::query head{db, "SELECT agent FROM conversations WHERE id ="
                      " (SELECT conversation FROM turns WHERE tenant = ? AND name = ? LIMIT 1)"};
  head.bind_all(std::string_view{tenant}, std::string_view{name});
  if (!head.step())
    return out;
  out.exists = true;
  out.agent = head.text(0);
  sql::query q{db, "SELECT question, asked_at, answer, agent, answered_at, skus FROM turns"
                   " WHERE tenant = ? AND name = ? AND number > 0 ORDER BY number DESC LIMIT ?"};
  q.bind_all(std::string_view{tenant}, std::string_view{name}, std::int64_t{limit} / 2 + limit % 2);
  while (q.step()) {
    out.messages.push_back({"assistant", q.text(2), q.text(3), q.time(4), skus_of(q.view(5))});
    out.messages.push_back({"user", q.text(0), {}, q.time(1), {}});
  }
  if (out.messages.size() > limit)
    out.messages.pop_back();
  std::reverse(out.messages.begin(), out.messages.end());
  return out;
}

} // namespace flipsync::conversations
