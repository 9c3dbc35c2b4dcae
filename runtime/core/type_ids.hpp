#pragma once
/// Every type id of FlipSync in one file, at fixed offsets well above CAF's own, so that a host's
/// ids do not collide with ours. Those of types that cross a link are only ever appended; none does
/// yet.

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/is_error_code_enum.hpp>
#include <caf/type_id.hpp>

#include "runtime/core/turn/turn_work.hpp"
#include "runtime/core/types/agent_status.hpp"

namespace flipsync {

template <class Inspector>
bool inspect(Inspector& f, errc& x) {
  auto get = [&x] { return static_cast<std::uint8_t>(x); };
  auto set = [&x](std::uint8_t value) {
    if (value > static_cast<std::uint8_t>(errc::internal))
      return false;
    x = static_cast<errc>(value);
    return true;
  };
  return f.apply(get, set);
}

} // namespace flipsync

CAF_BEGIN_TYPE_ID_BLOCK(flipsync_core, ::caf::first_custom_type_id + 1000)

CAF_ADD_TYPE_ID(flipsync_core, (flipsync::errc))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::turn_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::agent_task_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::gathered_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::model_call_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::model_outcome_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::flight_outcome_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::read_batch_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::read_result_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::stored_turn_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::history_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::vocabulary_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::error_ptr))
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::durable_call))

// Verbs.
CAF_ADD_ATOM(flipsync_core, flipsync, submit_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, run_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, ended_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, done_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, tick_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, expire_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, generate_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, retry_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, read_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, append_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, recall_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, commit_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, learn_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, stop_atom)

CAF_ADD_TYPE_ID(flipsync_core, (flipsync::attempt_order_ptr))
CAF_ADD_ATOM(flipsync_core, flipsync, hedge_atom)
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::roster_ptr))
CAF_ADD_ATOM(flipsync_core, flipsync, frame_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, changed_atom)
CAF_ADD_ATOM(flipsync_core, flipsync, roster_atom)

CAF_ADD_TYPE_ID(flipsync_core, (flipsync::store_work_ptr))
CAF_ADD_ATOM(flipsync_core, flipsync, forget_atom)
CAF_ADD_TYPE_ID(flipsync_core, (flipsync::departed_turn))
CAF_ADD_ATOM(flipsync_core, flipsync, go_on_atom)

CAF_END_TYPE_ID_BLOCK(flipsync_core)

CAF_ERROR_CODE_ENUM(flipsync::errc)

// Local to their node: they hold the turn's context, never cross a link, and refuse to be
// serialised.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::turn_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::agent_task_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::gathered_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::model_call_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::model_outcome_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::flight_outcome_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::read_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::read_result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::stored_turn_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::history_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::vocabulary_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::error_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::durable_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::attempt_order_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::roster_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::store_work_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flipsync::departed_turn)
