#pragma once
/// Gemini's protocol as pure functions.

#include <memory>
#include <string_view>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/gemini/gemini_provider.hpp"

namespace flipsync {

/// True for models from version 3 on: they take a level of thinking, which counts against the
/// limit of the answer, and want a signature with each first call in a conversation. An alias
/// without a version ("gemini-flash-latest") is one. Pure.
bool gemini_thinks(std::string_view model);

std::unique_ptr<providers::provider_codec> make_gemini_codec(gemini_settings settings);

} // namespace flipsync
