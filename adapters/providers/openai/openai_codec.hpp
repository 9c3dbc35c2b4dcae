#pragma once
/// OpenAI's chat completions protocol as pure functions.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/openai/openai_provider.hpp"

namespace flipsync {

/// The base URL with /v1 where the user left it out, without a slash at its end. Pure.
std::string openai_url(std::string_view base);

/// True for models that reason before they answer (o1, o3-mini, gpt-5 …): they take
/// `max_completion_tokens` in place of `max_tokens`, and no temperature. A vendor's prefix
/// ("openai/o3") does not matter. Pure.
bool openai_reasons(std::string_view model);

std::unique_ptr<providers::provider_codec> make_openai_codec(openai_settings settings);

} // namespace flipsync
