#pragma once
/// A model's answer as it is kept, and its form outside the process.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

struct kept_answer {
  std::string text;
  std::string model; ///< that answered
  std::string finish_reason;
  token_usage tokens;                ///< that it took to get it
  usd cost;                          ///< likewise
  std::chrono::microseconds took{0}; ///< likewise
  wall_time made{};                  ///< when it was kept first, wherever that was
};

/// What it weighs in memory, roughly.
[[nodiscard]] std::size_t weight_of(const kept_answer& answer) noexcept;

/// Bytes for a cache outside of the process. They begin with the form's version and end with a
/// check of all before it.
std::string encode(const kept_answer& answer);
/// The same of bytes that are a body already: with the check behind them.
std::string sealed(std::string_view body);
/// Nothing where they are not exactly what `encode` gives: another version, cut, damaged.
std::optional<kept_answer> decode_answer(std::string_view bytes);

} // namespace flipsync
