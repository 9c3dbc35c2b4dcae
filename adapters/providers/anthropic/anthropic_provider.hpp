#pragma once
/// Anthropic's models: POST /v1/messages, whole or as server-sent events.

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/providers/common/provider_settings.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

struct anthropic_settings : provider_settings {
  anthropic_settings() {
    name = "anthropic";
    base_url = "https://api.anthropic.com";
    default_model = "claude-haiku-5-5";
  }
  std::string version = "2023-06-01"; ///< of the protocol: anthropic-version header
  /// Longest answer where the request sets no limit: the protocol wants one.
  std::uint32_t default_max_tokens = 4096;
  /// How much models think that do so by themselves: "low", "medium", "high" …; empty: as they do.
  std::string effort = "low";
  /// Added to the limit of such models, whose thinking counts against it.
  std::uint32_t thinking_tokens = 1024;
};

/// `base_url` may end in a slash, in /v1, or in neither (then /v1 is added); one with another path
/// is taken as it is.
std::shared_ptr<model_provider> make_anthropic_provider(anthropic_settings settings,
                                                        std::shared_ptr<byte_exchange> http);

} // namespace flipsync
