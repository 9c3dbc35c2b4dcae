#pragma once
/// What is kept of answers, how much and how long. Rows of docs/configuration.md.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/core/cache/answer_class.hpp"

namespace flipsync {

struct cache_settings {
  bool answers = false; ///< models' answers are kept, and equal calls under way share one
  bool turns = false;   ///< the door answers a request that it has had before
  std::size_t answer_bytes = std::size_t{64} * 1024 * 1024;
  std::size_t turn_bytes = std::size_t{32} * 1024 * 1024;
  answer_lifetimes lifetimes;
  /// What a warmer model says is meant to differ, and is not kept unless the caller asks for it.
  double max_temperature = 0.7;
  /// Words and phrases of a user's messages that make the answer theirs alone.
  std::vector<std::string> personal;
  /// Longest wait for the second cache.
  std::chrono::milliseconds second_timeout{1000};
};

/// What a caller wants of caches.
enum class cache_use : std::uint8_t {
  by_rule,
  asked,   ///< also where the temperature alone speaks against it
  refused, ///< neither answered from one nor kept
};

} // namespace flipsync
