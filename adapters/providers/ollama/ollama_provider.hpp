#pragma once
/// Ollama, a model server on one's own machine: POST /api/chat, whole or as NDJSON.

#include <memory>
#include <string>

#include "adapters/providers/common/provider_settings.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

struct ollama_settings : provider_settings {
  ollama_settings() {
    name = "ollama";
    base_url = "http://127.0.0.1:11434";
    default_model = "gemma3:4b";
  }
  /// How long the server keeps the model loaded after a call ("24h", "-1" for always); used where
  /// the request says nothing. Empty: the server's own.
  std::string keep_alive = "24h";
};

/// `base_url` takes what OLLAMA_HOST takes: a URL, "host", "host:port" or ":port"; without a scheme
/// the port defaults to 11434, and 0.0.0.0 (a listening address) is reached as 127.0.0.1.
std::shared_ptr<model_provider> make_ollama_provider(ollama_settings settings,
                                                     std::shared_ptr<byte_exchange> http);

} // namespace flipsync
