#pragma once
/// A closed-loop HTTP load generator: N keep-alive connections on one thread, each sends its
/// request again as soon as the last one is answered.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flipsync::bench {

struct load_settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  /// Head and body as they go out. Several are sent in turn, each connection beginning with another
  /// one.
  std::vector<std::string> requests;
  std::size_t connections = 1;
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds duration{2000};
};

struct load_result {
  std::uint64_t requests = 0; ///< answered with 2xx after the warm-up
  std::uint64_t errors = 0;   ///< other statuses, and connections that broke
  double seconds = 0;
  /// Latencies of the answered ones, microseconds.
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
  std::vector<float> latencies;     ///< each of them, ascending
  double generator_cpu_seconds = 0; ///< of the calling thread, warm-up excluded
  [[nodiscard]] double per_second() const {
    return seconds > 0 ? static_cast<double>(requests) / seconds : 0;
  }
};

/// Runs the load on the calling thread. Responses are told apart by Content-Length or chunks.
load_result run_load(const load_settings& settings);

/// "p50 71 us  p99 130 us  max 900 us  91000 req/s  0 errors"
std::string show(const load_result& result);

/// A POST with a JSON body, ready for load_settings::requests.
std::string json_request(std::string_view target, std::string_view body);

} // namespace flipsync::bench
