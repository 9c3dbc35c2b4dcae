#pragma once
/// Readers of streams of `stream_provider`, straight or through a service: how long each token was
/// under way.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace flipsync::bench {

struct stream_load_settings {
  std::uint16_t port = 0;
  std::string request;     ///< head and body; its user's message must end it
  std::size_t streams = 1; ///< at once, each on a connection of its own
  int rounds = 1;          ///< answers read on each connection, one after another
  int tokens = 1;          ///< expected of each answer
  /// The streams begin evenly over this time; 0: all at once.
  std::chrono::microseconds spread{0};
  /// Only what is sent in this time counts, from the beginning of the load on; 0: until its end.
  std::chrono::microseconds from{0};
  std::chrono::microseconds until{0};
};

struct stream_load_result {
  std::uint64_t tokens = 0;
  std::uint64_t errors = 0; ///< answers that were not whole
  /// Microseconds from a token's sending to its arrival: of each answer's first token, of its last,
  /// and of all.
  double first_p50 = 0;
  double first_p99 = 0;
  double last_p99 = 0;
  double p50 = 0;
  double p99 = 0;
  double max = 0;
};

/// Runs on the calling thread until every answer is read.
stream_load_result read_streams(const stream_load_settings& settings);

/// "first token p50 80 us p99 …, last p99 …, all p50 … p99 … max …, N tokens, 0 errors"
std::string show(const stream_load_result& result);

} // namespace flipsync::bench
