#pragma once
/// What every HTTP model provider is configured with.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace flipsync {

/// Limits of one attempt; the attempt's own time (`model_request::timeout`) bounds them all.
struct provider_timeouts {
  std::chrono::milliseconds connect{5000};
  /// From the request sent until the response begins. A model that answers in one piece is silent
  /// until it is done, so 0 (as long as the attempt may take) is right for those that are slow.
  std::chrono::milliseconds first_byte{0};
  /// Longest silence once the response has begun.
  std::chrono::milliseconds idle{30000};
};

struct provider_settings {
  /// How replies, errors and metrics name it.
  std::string name;
  /// With or without trailing slash; each codec says which forms it takes.
  std::string base_url;
  /// Secret; empty: none is sent. Never logged, never part of an error.
  std::string key;
  /// The others, where there are several; likewise.
  std::vector<std::string> further_keys;
  /// Used where a request names no model.
  std::string default_model;
  /// Context window of the default model, prompt and answer together; 0: not known.
  std::uint32_t context_tokens = 0;
  /// Sent with every request; may hold secrets.
  std::vector<std::pair<std::string, std::string>> extra_headers;
  provider_timeouts timeouts;
  /// Longest answer, text and tool calls together; beyond it the attempt fails with
  /// malformed_reply.
  std::size_t max_reply_bytes = 1024 * 1024;
  /// Longest response in bytes as received, framing included.
  std::size_t max_response_bytes = 8 * 1024 * 1024;

  /// `index` counts from 0 and is below `keys`.
  [[nodiscard]] const std::string& key_at(std::uint32_t index) const noexcept {
    return index == 0 ? key : further_keys[index - 1];
  }
  [[nodiscard]] std::uint32_t keys() const noexcept {
    return static_cast<std::uint32_t>(further_keys.size()) + 1;
  }
};

} // namespace flipsync
