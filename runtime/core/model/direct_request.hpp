#pragma once
/// What a caller asks of a model itself, past agents and conversations.

#include <chrono>
#include <optional>
#include <string>

#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

struct direct_request {
  /// "<provider>/<model>", or the name of a model that one configured provider is known to serve.
  std::string model;
  /// Messages, tools, format, tuning and `stream` as the caller wants them; `model`, `facts` and
  /// `timeout` are set by the runtime.
  model_request ask;
  /// Unset: the configured turn deadline. 1 ms to 10 min.
  std::optional<std::chrono::milliseconds> timeout;
  cache_use cache = cache_use::by_rule;
  /// Set by the door, as in turn_request.
  std::string tenant = "default";
  std::string request_id;
  std::string traceparent;
};

/// A model that can be asked for as "<provider>/<model>".
struct model_offer {
  std::string provider;
  std::string model;
  friend bool operator==(const model_offer&, const model_offer&) = default;
};

/// Longest name of a model, bytes.
inline constexpr std::size_t max_model_name = 256;

/// Errors: invalid_request with `field` (model, messages, timeout_ms): a name that is empty or too
/// long, no message, text that is not UTF-8.
result<void> validate(const direct_request& request);

} // namespace flipsync
