#pragma once
/// What kind of fault an attempt met, and whose it is: pure. The kinds are the rows of PROVIDERS'
/// table "conduct under fault"; what is done about each stands in `retry_policy`.

#include <cstdint>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync {

enum class fault : std::uint8_t {
  none,
  rate_limited,     ///< 429
  server_error,     ///< 5xx, or a connection lost before the answer began
  unreachable,      ///< refused, no such name, TLS
  silent,           ///< took the request and never answered
  slow_start,       ///< the first token came too late
  stalled,          ///< fell silent within its answer
  cut,              ///< broke off within its answer
  garbled,          ///< answered what its protocol does not allow
  oversized,        ///< answered without end
  context_too_long, ///< the prompt does not fit the model
  filtered,         ///< the content filter refused
  key_refused,      ///< 401, 403
  quota_used_up,    ///< 402, or a 429 or 400 that no waiting cures
  model_refused,    ///< 404: it has no such model
  request_refused,  ///< any other refusal of this request
  no_room,          ///< our own limits of it are reached
  actor_down,       ///< our actor for it is down
  outgrown,         ///< the fast tier's own limit ended the answer: nobody's fault
  wordless,         ///< its length ended the answer before it had text: nobody's fault
  outrun,           ///< another attempt of its call spoke first: nobody's fault
  final_here,       ///< the call's own end: cancelled, over budget, invalid, shutting down
};
inline constexpr std::size_t fault_kinds = static_cast<std::size_t>(fault::final_here) + 1;

/// The stable name ("rate_limited"), as it appears in metrics.
std::string_view to_string(fault f) noexcept;

/// Reads the code and the details `phase`, `cut`, `status`, `reason`, `limit`, `race`.
fault fault_of(const error& why) noexcept;

/// How a call ends that all its callers have left.
error not_wanted();

/// How an attempt ends that another attempt of its call was faster than.
error lost_race();

/// Whose fault it is, for the breakers.
enum class culprit : std::uint8_t {
  nobody,   ///< says nothing about the provider's health
  provider, ///< all its models
  key,      ///< all its models with this key
  model,    ///< this model of it
};
culprit culprit_of(fault f) noexcept;

/// True for what another key of the same provider need not meet: refused, limited, used up.
bool is_of_key(fault f) noexcept;

} // namespace flipsync
