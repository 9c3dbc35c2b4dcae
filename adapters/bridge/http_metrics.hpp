#pragma once
/// The door's own numbers. Each I/O thread writes its own set, any thread reads them all.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "adapters/bridge/routes.hpp"

namespace flipsync {

/// A number that one thread writes and any thread reads.
class lone_counter {
public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void remove() noexcept {
    value_.store(value_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  }
  void remove_all() noexcept { value_.store(0, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> value_{0};
};

struct second_counts {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0; ///< statuses from 500 on
};

/// Written by one I/O thread only.
class http_metrics {
public:
  http_metrics() : routes(all_routes().size() + 1) {}

  /// The statuses that are counted by themselves; another one counts as 500.
  static constexpr std::array<int, 25> statuses{101, 200, 201, 204, 304, 400, 401, 403, 404,
                                                405, 408, 409, 413, 415, 417, 422, 426, 429,
                                                431, 499, 500, 502, 503, 504, 0};
  /// Upper bounds of the latency buckets, microseconds; one more bucket takes the rest.
  static constexpr std::array<std::int64_t, 16> bounds{
    50,     100,    250,     500,     1'000,   2'500,     5'000,     10'000,
    25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 5'000'000, 30'000'000};

  /// A response went out. `status` 0: the connection ended without one.
  void record(route_number route, int status, std::chrono::nanoseconds took) noexcept;

  lone_counter connections;  ///< accepted
  lone_counter refused;      ///< turned away at the limit of sockets
  lone_counter open;         ///< open now
  lone_counter disconnects;  ///< turns cancelled because their client left
  lone_counter slow_readers; ///< streams cut off because their client did not read

  lone_counter ws_connections; ///< sessions opened on a WebSocket
  lone_counter ws_refused;     ///< WebSockets closed at the limit of sessions or while draining
  lone_counter ws_open;        ///< open now
  lone_counter ws_frames_in;   ///< data frames, whole messages
  lone_counter ws_frames_out;
  lone_counter ws_cut_off; ///< clients cut off because they did not read, or were gone

  struct per_route {
    std::array<lone_counter, statuses.size()> by_status;
    std::array<lone_counter, bounds.size() + 1> by_latency;
    lone_counter microseconds;
  };
  /// By route_number; the last is for requests without a route.
  std::vector<per_route> routes;

  /// Of the last 60 seconds that are over.
  [[nodiscard]] second_counts last_minute() const noexcept;

private:
  static constexpr std::size_t kept_seconds = 64;
  struct second_slot {
    std::atomic<std::int64_t> second{-1};
    lone_counter requests;
    lone_counter errors;
  };
  void count_second(int status) noexcept;

  std::array<second_slot, kept_seconds> seconds_;
};

/// The sums of all sets as Prometheus text; `in_flight`: connections with a request in work now.
std::string render(std::span<const http_metrics* const> sets, std::uint64_t in_flight);

} // namespace flipsync
