#pragma once
/// What travels between conversation, agent, gather, part and gateway: plain values behind shared
/// pointers, immutable once sent.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"
#include "runtime/core/model/model_request.hpp"
#include "runtime/core/model/token_gate.hpp"
#include "runtime/core/turn/cancel_scope.hpp"
#include "runtime/core/turn/turn_context.hpp"

namespace flipsync {

/// One turn's work for an agent.
struct agent_task {
  turn_ptr turn;
  route_choice route;
  std::shared_ptr<const message_reading> reading; ///< never null
  std::shared_ptr<const vocabulary> words;
  /// Earlier messages of the conversation that this agent may see, oldest first.
  std::vector<chat_message> history;
  mono_time began{}; ///< when the conversation took the turn up
  wall_time at{};    ///< the same moment by the wall, as the whole turn reckons it
  std::chrono::microseconds routing{0};
};

/// The rows that a turn's skills asked for, read in one batch; each query once, whoever asked for
/// it.
struct fetched_rows {
  /// What one skill asked for, as places in `queries`.
  struct need {
    std::string skill;
    std::vector<std::size_t> queries;
  };
  std::vector<store_query> queries;
  std::vector<std::shared_ptr<const store_rows>>
    rows; ///< rows[i] answers queries[i]; null if unread
  std::vector<need> needs;

  /// Adds what a skill needs, unless it was added before.
  void ask(std::string_view skill, std::vector<store_query> wanted);
  /// What that skill asked for; null if it was not asked.
  [[nodiscard]] const need* find(std::string_view skill) const noexcept;
};

/// What the skills of one turn computed, so that parts that share a skill run it once.
class skill_memo {
public:
  [[nodiscard]] std::shared_ptr<const skill_output> find(std::string_view skill) const;
  void keep(std::string_view skill, std::shared_ptr<const skill_output> output);

private:
  std::vector<std::pair<std::string, std::shared_ptr<const skill_output>>> outputs_;
};

/// One part's work. What it points to is its turn's gather actor's.
struct part_task {
  std::shared_ptr<const agent_task> task;
  std::shared_ptr<const agent_spec> spec;
  const part_contract* contract = nullptr; ///< never null
  const fetched_rows* rows = nullptr;      ///< null only where the part reads nothing
  skill_memo* memo = nullptr;              ///< never null
  std::shared_ptr<cancel_scope> scope;     ///< of a part that a model answers
};

/// What became of one part.
struct part_outcome {
  part_report report;
  std::string text;          ///< a model's answer, or the facts composed
  std::string finish_reason; ///< why the model stopped; empty where none was asked
  /// What its skills found. Shared with the other parts that asked the same; null if it has none.
  std::shared_ptr<const skill_output> output;
};

/// All parts of a turn, in plan order; none is null.
struct gathered {
  std::vector<std::shared_ptr<const part_outcome>> parts;
};

class attempt_cost;
struct model_outcome;
class call_audience;

/// Waits for the end of a model call where no actor does. `on_outcome` is called at most once, on
/// whatever thread, and must not block; a call that is dropped without it went down with its actor.
class outcome_listener {
public:
  virtual ~outcome_listener() = default;
  virtual void on_outcome(const model_outcome& outcome) = 0;
};

/// One model call: of a part, or of a caller who goes straight to a model.
struct model_call {
  turn_ptr turn;
  std::shared_ptr<cancel_scope> scope; ///< ends the call; never null
  std::string part;
  std::string provider; ///< empty: as routed
  std::string tier;
  model_request request;
  bool stream_to_caller = false; ///< tokens go straight to the turn's guard
  /// Set where a caller asks the model itself: told of the end beside the sender, and the agents'
  /// tuning is not laid under the request.
  std::shared_ptr<outcome_listener> direct;
};

using model_call_ptr = std::shared_ptr<const model_call>;

/// One attempt of a call at one provider, as the gateway orders it.
struct attempt_order {
  model_call_ptr call;
  std::uint64_t number = 0;            ///< of the attempt, from 1; what it claims the gate with
  std::string model;                   ///< never empty
  std::shared_ptr<cancel_scope> scope; ///< ends the attempt; never null
  std::shared_ptr<token_gate> gate;    ///< null: no other attempt may speak
  /// Those who listen, where equal calls share the attempt; null: `call` alone.
  std::shared_ptr<call_audience> audience;
  /// The route's tier is the fast one; where its own limit of the answer is in force, that.
  bool fast = false;
  std::optional<std::uint32_t> fast_limit;
  std::uint32_t key_number = 0; ///< as attempt::key
  bool elsewhere = false; ///< another provider could answer now, so that this one need not queue
  std::shared_ptr<attempt_cost> cost; ///< null where the model costs nothing
};

/// How a model call ended, all attempts included; `why.code` is errc::none if it was answered.
struct model_outcome {
  model_reply reply;
  std::string provider;
  std::vector<attempt> attempts; ///< in the order in which they ended; the last one answered
  std::string why_model;         ///< why this provider and model, and who was passed over
  usd cost;
  usd wasted; ///< as part_report has it
  usd saved;
  token_usage saved_tokens;
  error why;
  /// Set where the answer was kept, or is an equal call's: who gave it then. Nothing was spent.
  std::string kept_of_model;
  bool cached = false;
  std::chrono::milliseconds good_for{0}; ///< as of part_report
};

/// How one attempt at one provider ended.
struct flight_outcome {
  model_reply reply;
  attempt tried;
  bool tokens_sent = false;
  usd cost; ///< what it has cost, answered or not
  error why;
};

using agent_task_ptr = std::shared_ptr<const agent_task>;
using part_outcome_ptr = std::shared_ptr<const part_outcome>;
using gathered_ptr = std::shared_ptr<const gathered>;
using attempt_order_ptr = std::shared_ptr<const attempt_order>;
using model_outcome_ptr = std::shared_ptr<const model_outcome>;
using flight_outcome_ptr = std::shared_ptr<const flight_outcome>;
using read_batch_ptr = std::shared_ptr<const read_batch>;
using read_result_ptr = std::shared_ptr<const read_result>;
using stored_turn_ptr = std::shared_ptr<const stored_turn>;
/// Called on the store's thread once a turn is durable; must not block.
using durable_call = std::shared_ptr<const std::function<void()>>;
/// Runs on the store's thread.
using store_work_ptr = std::shared_ptr<const std::function<void(store_port&)>>;
using history_ptr = std::shared_ptr<const conversation_history>;

/// A turn has left its conversation.
struct departed_turn {
  std::string key; ///< the conversation's, as the supervisor knows it
  std::uint64_t number = 0;
  /// What the conversation remembers, packed (packed_history.hpp), where it has nothing else to do;
  /// empty where that is for the store to tell.
  std::string memory;
};
using vocabulary_ptr = std::shared_ptr<const vocabulary>;
using error_ptr = std::shared_ptr<const error>;

} // namespace flipsync
