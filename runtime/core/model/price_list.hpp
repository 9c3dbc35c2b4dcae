#pragma once
/// What models cost, as data: pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Of one token, in trillionths of a dollar: a price of $1 per million tokens is 1,000,000.
struct token_price {
  std::int64_t input = 0;
  std::int64_t cached_input = 0; ///< of a prompt that the provider had in its own cache
  std::int64_t output = 0;
  friend bool operator==(const token_price&, const token_price&) = default;
};

/// Highest price that is taken, $1,000 per million tokens; with it no sum of a call overflows.
inline constexpr std::int64_t max_token_price = 1'000'000'000;

struct model_price {
  std::string provider;
  std::string model;
  token_price usual;
  std::uint32_t long_above = 0; ///< prompts of more tokens cost `long_prompt`; 0: none do
  token_price long_prompt;
  std::string date; ///< of the price, "2026-11-25"
};

/// What so many tokens cost, to the nearest billionth of a dollar.
usd cost_of(const model_price& price, const token_usage& tokens) noexcept;

/// Immutable; thread-safe.
class price_list {
public:
  price_list() = default;
  explicit price_list(std::vector<model_price> prices);

  /// The price of a model, null if there is none. A name that ends in a date, a revision or
  /// "latest" ("model-2024-08-06", "model-001") has the price of the name before it,
  /// unless it has its own; what stands before a slash ("models/…") does not count.
  [[nodiscard]] const model_price* find(std::string_view provider,
                                        std::string_view model) const noexcept;
  /// The provider's model whose answers cost most; null if none has a price.
  [[nodiscard]] const model_price* dearest(std::string_view provider) const noexcept;
  [[nodiscard]] const std::vector<model_price>& all() const noexcept { return prices_; }

private:
  [[nodiscard]] const model_price* exact(std::string_view provider,
                                         std::string_view model) const noexcept;
  std::vector<model_price> prices_; ///< by provider and model
};

/// How a model is charged that the list does not have.
enum class unknown_price : std::uint8_t {
  free,    ///< as if it cost nothing
  dearest, ///< as the provider's dearest model
  refuse,  ///< it is not asked
};

/// What a call of one model is charged.
struct charged_price {
  const model_price* price = nullptr; ///< of the list; null: it costs nothing
  bool refused = false;               ///< its price is not known, and it must not be asked
};
charged_price charge_for(const price_list& list, unknown_price otherwise, std::string_view provider,
                         std::string_view model) noexcept;

} // namespace flipsync
