#pragma once
/// Google's Gemini models: generateContent, whole or as server-sent events.

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/providers/common/provider_settings.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

struct gemini_settings : provider_settings {
  gemini_settings() {
    name = "gemini";
    base_url = "https://generativelanguage.googleapis.com/v1beta";
    default_model = "gemini-3.5-flash-lite";
  }
  /// How much models from version 3 on think: "minimal", "low", "medium", "high"; empty: as they
  /// do.
  std::string thinking_level = "low";
  /// Added to the limit of such models, whose thinking counts against it.
  std::uint32_t thinking_tokens = 1024;
};

/// `base_url` may end in a slash, in /v1beta, or in neither (then /v1beta is added); one with
/// another path is taken as it is. The key goes out in a header, never in the URL.
std::shared_ptr<model_provider> make_gemini_provider(gemini_settings settings,
                                                     std::shared_ptr<byte_exchange> http);

} // namespace flipsync
