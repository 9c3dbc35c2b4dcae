#pragma once
/// A runtime in virtual time whose model has a price.

#include <functional>
#include <memory>
#include <string>

#include "tests/support/core/virtual_runtime.hpp"

namespace flipsync::test {

constexpr usd cents(std::int64_t n) { return {n * 10'000'000}; }

/// A token in costs a thousandth of a cent, one out a hundredth. An answer of the scripted provider
/// (10 in, 5 out) costs 0.06 cents; its longest, 100 tokens, costs a cent and its prompt.
inline model_price price_of(std::string provider) {
  return {std::move(provider), "scripted-1", {10'000'000, 1'000'000, 100'000'000}, 0, {},
          "2026-01-01"};
}
inline constexpr usd one_answer{600'000};

struct priced : virtual_runtime {
  explicit priced(std::function<void(assembly&, agent_library&)> change = {},
                  std::shared_ptr<memory_store> kept = nullptr)
    : virtual_runtime{[&](assembly& parts, agent_library& library) {
        parts.prices = price_list{{price_of("scripted")}};
        parts.models.tuning.max_tokens = 100;
        parts.core.costs.limits = {};
        if (kept)
          parts.store = kept;
        if (change)
          change(parts, library);
      }} {}

  [[nodiscard]] budget_line day() const {
    return runtime->env().ledger->show(std::nullopt).lines.front();
  }
};

} // namespace flipsync::test
