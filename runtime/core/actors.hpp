#pragma once
/// Every actor interface of the core, each signature with what it promises. An actor's state class
/// and configuration stand in a header of its name; this file says how they talk.
///
/// Nobody keeps a handle to a restartable peer beyond one turn: handles come from the turn's
/// `services`.

#include <caf/result.hpp>
#include <caf/typed_actor.hpp>

#include "runtime/core/type_ids.hpp"

namespace flipsync {

/// Runs the store's blocking calls, on a thread of its own where the runtime is not virtual. Reads
/// are answered in order; appends that arrive together are committed together.
using store_actor = caf::typed_actor<
  // Answers all queries from one snapshot. Errors: store_failed.
  caf::result<read_result_ptr>(read_atom, read_batch_ptr),
  // Answers once the turn is durable, after the call: who waits for the turn hears of it from the
  // store's own thread, one wake earlier. Errors: store_failed (the turn is not kept, nothing is
  // called).
  caf::result<void>(append_atom, stored_turn_ptr, durable_call),
  // The last messages of a conversation: tenant, conversation id. Errors: store_failed.
  caf::result<history_ptr>(recall_atom, std::string, std::string),
  // Anything else that is asked of the store, after all that came before it is committed.
  caf::result<void>(run_atom, store_work_ptr),
  // To itself: commit what has been collected.
  caf::result<void>(commit_atom)>;

/// Runs those of the store's calls that look at a whole shop, on a second thread likewise.
using survey_actor = caf::typed_actor<
  // As the store's, for a batch that has such a query.
  caf::result<read_result_ptr>(read_atom, read_batch_ptr),
  // The catalogue's words as of now. Errors: store_failed.
  caf::result<vocabulary_ptr>(learn_atom)>;

/// Wraps one model provider: at most so many attempts at once, the others wait in a bounded queue
/// that knows deadlines.
using provider_actor = caf::typed_actor<
  // One attempt; always a value, failed or not, so that what happened is on record. Never retried
  // here.
  caf::result<flight_outcome_ptr>(generate_atom, attempt_order_ptr),
  // From an attempt's observer, on whatever thread: attempt `number` is over.
  caf::result<void>(done_atom, std::uint64_t, flight_outcome_ptr),
  // From a turn's end: attempt `number` is not wanted any more.
  caf::result<void>(ended_atom, std::uint64_t),
  // From another actor of the same provider, from before or after a new configuration: a place may
  // be free.
  caf::result<void>(go_on_atom)>;

/// Between agents and providers: picks the provider, retries, falls over. Knows no vendor.
using gateway_actor = caf::typed_actor<
  // One model call with all its attempts; always a value.
  caf::result<model_outcome_ptr>(generate_atom, model_call_ptr),
  // To itself: the pause of call `number` is over.
  caf::result<void>(retry_atom, std::uint64_t),
  // To itself: call `number` has waited long enough to ask a second provider beside the first.
  caf::result<void>(hedge_atom, std::uint64_t),
  // From a turn's end: call `number` is not wanted any more.
  caf::result<void>(ended_atom, std::uint64_t)>;

/// One turn's parts: reads what they need in one batch, starts them, collects what arrives in time;
/// quits when it has answered.
using gather_actor = caf::typed_actor<
  // Runs the plan. Always a value: a part that failed is in it as failed.
  caf::result<gathered_ptr>(run_atom),
  // From the thread that is lent to it: the calls of its models have gone out, rules may run.
  caf::result<void>(go_on_atom),
  // From the alarm queue: the slice of a part may be over.
  caf::result<void>(expire_atom),
  // From the turn's end: nobody waits any more.
  caf::result<void>(ended_atom, std::uint64_t)>;

/// One business agent.
using agent_actor = caf::typed_actor<
  // One turn's work: plans its parts and has them gathered. Errors: overloaded (too many turns at
  // once).
  caf::result<gathered_ptr>(run_atom, agent_task_ptr)>;

/// One conversation with turns under way: its history and their order.
using conversation_actor = caf::typed_actor<
  // Queues a turn; the turn's guard hears of the end, the sender of nothing.
  caf::result<void>(run_atom, turn_ptr),
  // From a turn's end: turn `number` is over, whoever ended it.
  caf::result<void>(ended_atom, std::uint64_t)>;

/// One client's session on one socket: what the client says, in order. What goes out, and what must
/// not wait (the client's leaving, tokens, heartbeats), passes it by: session/live_session.hpp.
using session_actor = caf::typed_actor<
  // A text frame has come in.
  caf::result<void>(frame_atom, std::string),
  // Agents' states have changed since the session last heard of them, or it has just subscribed.
  caf::result<void>(changed_atom),
  // The agents as they are now.
  caf::result<void>(roster_atom, roster_ptr),
  // The connection is gone: quits.
  caf::result<void>(stop_atom)>;

/// Owns and watches every long-lived actor; hands turns to their conversations.
using supervisor_actor = caf::typed_actor<
  // A new turn.
  caf::result<void>(submit_atom, turn_ptr),
  // From a conversation: a turn has left it.
  caf::result<void>(done_atom, departed_turn),
  // Ends a conversation's turns and forgets it; calls back once nothing of it is at work any more.
  caf::result<void>(forget_atom, std::string, durable_call),
  // The environment on the board has changed: starts providers, gateway and agents anew with it,
  // for turns that begin after the call; those that run keep the actors that they have.
  caf::result<void>(changed_atom, durable_call),
  // From the alarm queue: look after idle conversations.
  caf::result<void>(tick_atom),
  // Stops everything it owns, in order, then quits.
  caf::result<void>(stop_atom)>;

} // namespace flipsync
