#pragma once
/// The one error vocabulary of FlipSync. Plain code returns `result<T>`;
/// `runtime/core/caf_error.hpp` is the one place that turns it into a caf::error and back, and
/// `adapters/bridge/http_status.cpp` the one that turns it into an HTTP status.

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flipsync {

/// What went wrong, in terms a caller can act on. Values are part of the wire format: only append.
enum class errc : std::uint8_t {
  none = 0,
  invalid_request,   ///< the input is wrong; `details["field"]` names it
  unauthorized,      ///< no or an unknown credential
  forbidden,         ///< the credential (or audience) may not do this
  not_found,         ///< the named thing does not exist
  conflict,          ///< contradicts what is stored (idempotency key reused, file imported twice)
  overloaded,        ///< admission refused it; nothing was started
  rate_limited,      ///< too many requests, ours or a provider's limit
  over_budget,       ///< a cost limit would be exceeded; nothing was spent
  deadline_exceeded, ///< the time given is over
  cancelled,         ///< the caller took it back
  provider_unavailable, ///< a provider cannot be reached, or answers 5xx
  provider_rejected,    ///< a provider refuses this request (4xx, key, model)
  context_too_long,     ///< the prompt does not fit the model
  content_filtered,     ///< a provider's content filter refused
  malformed_reply,      ///< a provider answered what its protocol does not allow
  agent_down,           ///< the agent crashed, is paused, or was given up by the supervisor
  store_failed,         ///< the database could not read or commit
  node_lost,            ///< the node that held the work is gone
  shutting_down,        ///< the runtime drains and takes no new work
  internal,             ///< a bug of ours
};

/// The stable name (`"deadline_exceeded"`), as it appears in JSON, logs and metrics.
std::string_view to_string(errc code) noexcept;
/// The inverse of to_string; nullopt for an unknown name.
std::optional<errc> errc_from_string(std::string_view name) noexcept;

/// An error: a code, a sentence for a human, and facts for a program. Never holds a secret or a
/// message's text.
struct error {
  errc code = errc::none;
  std::string message;
  /// Names and values in insertion order, e.g. {"field","message"}, {"provider","offline"}.
  std::vector<std::pair<std::string, std::string>> details;
  /// How long to wait before trying again, where that is known.
  std::optional<std::chrono::milliseconds> retry_after;

  error() = default;
  explicit error(errc c, std::string msg = {}) : code{c}, message{std::move(msg)} {}

  /// Adds a detail and returns itself, to build an error in one expression.
  error&& with(std::string name, std::string value) && {
    details.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
  error& with(std::string name, std::string value) & {
    details.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  error&& with_retry_after(std::chrono::milliseconds wait) && {
    retry_after = wait;
    return std::move(*this);
  }
  /// The detail of that name, or an empty string.
  [[nodiscard]] std::string_view detail(std::string_view name) const noexcept;

  friend bool operator==(const error&, const error&) = default;
};

/// "code: message", for test output and logs.
template <class Stream>
Stream& operator<<(Stream& out, const error& e) {
  out << to_string(e.code) << ": " << e.message;
  return out;
}

/// True where the same request may succeed later or elsewhere. The one place that says so.
bool retryable(errc code) noexcept;

/// Called by boost::system::result when value() is taken of a failed result: a bug of the caller.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

template <class T>
using result = boost::system::result<T, error>;

} // namespace flipsync
