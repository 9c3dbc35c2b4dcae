#pragma once
/// How the gateway treats providers that fail: every limit of it. Each one is an option and a row
/// in docs/configuration.md.

#include <chrono>
#include <cstdint>

namespace flipsync {

/// When a provider or a model of it is left alone, and how it comes back.
struct breaker_settings {
  std::uint32_t consecutive = 5;            ///< failures in a row that open it
  std::uint32_t window = 20;                ///< last outcomes that are looked at; at most 64
  std::uint32_t percent = 50;               ///< of a full window, failed, that opens it
  std::chrono::milliseconds open_for{5000}; ///< until one probe is let through
  friend bool operator==(const breaker_settings&, const breaker_settings&) = default;
};

/// The bucket that retries and hedges of one provider draw on, in tenths of a token so that its
/// arithmetic is exact.
struct bucket_settings {
  std::uint32_t max = 100;
  std::uint32_t per_success = 1;
  std::uint32_t per_draw = 10;
  friend bool operator==(const bucket_settings&, const bucket_settings&) = default;
};

/// What a provider allows in a minute.
struct rate_limits {
  std::uint32_t requests_per_minute = 0; ///< 0: no limit
  std::uint32_t tokens_per_minute = 0;   ///< 0: no limit; what a call is expected to use counts
  std::uint32_t max_waiting = 256;       ///< calls that may hold a later place
  friend bool operator==(const rate_limits&, const rate_limits&) = default;
};

struct conduct_settings {
  breaker_settings breaker;
  bucket_settings bucket;
  /// Longest pause that is sat out at a provider while another one could answer already.
  std::chrono::milliseconds patience{100};
  /// How long a refused key is not used, before one call tries it again.
  std::chrono::milliseconds key_ejection{600000};
  /// Tokens of a stream that are held back until the route has proved itself; 0 holds none.
  std::uint32_t hold_tokens = 0;
  /// Silence after which a second provider is asked beside the first; 0: never.
  std::chrono::milliseconds hedge_after{0};
  friend bool operator==(const conduct_settings&, const conduct_settings&) = default;
};

} // namespace flipsync
