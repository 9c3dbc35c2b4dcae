#pragma once
/// OpenAI and servers that speak its chat completions protocol (set `base_url`, `name`, `key`).

#include <memory>
#include <string>

#include "adapters/providers/common/provider_settings.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

struct openai_settings : provider_settings {
  openai_settings() {
    name = "openai";
    base_url = "https://api.openai.com/v1";
    default_model = "gpt-4-turbo";
  }
  std::string organization; ///< OpenAI-Organization header; empty: none
  std::string project;      ///< OpenAI-Project header; empty: none
};

/// `base_url` may end in a slash, in /v1, or in neither (then /v1 is added); one with another path
/// is taken as it is, since compatible servers differ there.
std::shared_ptr<model_provider> make_openai_provider(openai_settings settings,
                                                     std::shared_ptr<byte_exchange> http);

} // namespace flipsync
