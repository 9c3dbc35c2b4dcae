#pragma once
/// Ollama's chat protocol as pure functions.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/ollama/ollama_provider.hpp"

namespace flipsync {

/// The URL that OLLAMA_HOST (or a base URL) stands for, without a slash at its end. Pure.
std::string ollama_url(std::string_view host);

std::unique_ptr<providers::provider_codec> make_ollama_codec(ollama_settings settings);

} // namespace flipsync
