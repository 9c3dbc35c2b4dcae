#pragma once
/// Anthropic's messages protocol as pure functions.

#include <memory>
#include <string_view>

#include "adapters/providers/anthropic/anthropic_provider.hpp"
#include "adapters/providers/common/codec.hpp"

namespace flipsync {

/// True for models that think by themselves (Claude from Opus 4.7 on): they refuse sampling
/// parameters and a forced tool choice, take an effort, and their thinking counts against
/// max_tokens. Names that are not Claude's are those of compatible servers, and false. Pure.
bool claude_thinks(std::string_view model);

std::unique_ptr<providers::provider_codec> make_anthropic_codec(anthropic_settings settings);

} // namespace flipsync
