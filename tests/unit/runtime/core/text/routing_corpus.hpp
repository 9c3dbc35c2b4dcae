#pragma once
/// The labelled messages beside this file, the shipped roster and a small catalogue to route them
/// with.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/text/intent_router.hpp"

namespace flipsync::test {

struct labelled_message {
  std::string label; ///< the agent that should answer
  audience who = audience::seller;
  std::string text;
};

/// Reads routing_corpus/<name>.tsv; throws std::runtime_error for a line that is not label,
/// audience, message.
std::vector<labelled_message> read_corpus(std::string_view name);

/// The router over the shipped config/agents.toml.
intent_router shipped_router();

/// The words of a shop that sells coffee gear, lamps, headphones, backpacks and yoga mats.
vocabulary sample_catalogue();

} // namespace flipsync::test
