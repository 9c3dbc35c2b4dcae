#include "runtime/core/model/price_list.hpp"

#include <catch2/catch_test_macros.hpp>

namespace flipsync {

namespace {

price_list some_prices() {
  return price_list{{
    {"openai", "gpt-4o", {2'500'000, 1'250'000, 10'000'000}, 0, {}, "2026-11-25"},
    {"openai", "gpt-4", {30'000'000, 30'000'000, 60'000'000}, 0, {}, "2026-11-25"},
    {"openai", "gpt-4-0314", {1'000'000, 1'000'000, 2'000'000}, 0, {}, "2026-11-25"},
    {"gemini", "flash", {75'000, 18'750, 300'000}, 1000, {150'000, 37'500, 600'000}, "2026-11-25"},
  }};
}

std::string found(std::string_view provider, std::string_view model) {
  const auto list = some_prices();
  const auto* price = list.find(provider, model);
  return price == nullptr ? "none" : price->model;
}

} // namespace

TEST_CASE("a call costs its tokens at their prices, to the nearest billionth of a dollar") {
  const auto list = some_prices();
  CHECK(cost_of(*list.find("openai", "gpt-4o"), {1'000'000, 0}) == usd{2'500'000'000});
  CHECK(cost_of(*list.find("openai", "gpt-4o"), {100, 10}) == usd{250'000 + 100'000});
  CHECK(cost_of(*list.find("gemini", "flash"), {1, 0}) == usd{75});
  CHECK(cost_of(*list.find("gemini", "flash"), {2, 0, 2}) == usd{38}); // 37.5 billionths
  CHECK(cost_of(*list.find("openai", "gpt-4o"), {}) == usd{0});
}

TEST_CASE("what the provider had in its own cache has its own price") {
  const auto list = some_prices();
  CHECK(cost_of(*list.find("openai", "gpt-4o"), {100, 0, 60}) == usd{40 * 2500 + 60 * 1250});
  // More than there was is a slip of the provider's.
  CHECK(cost_of(*list.find("openai", "gpt-4o"), {100, 0, 160}) == usd{100 * 1250});
}

TEST_CASE("a long prompt makes the whole call dearer") {
  const auto list = some_prices();
  const auto& flash = *list.find("gemini", "flash");
  CHECK(cost_of(flash, {1000, 10}) == usd{1000 * 75 + 10 * 300});
  CHECK(cost_of(flash, {1001, 10}) == usd{1001 * 150 + 10 * 600});
}

TEST_CASE("the largest counts at the highest price do not overflow") {
  const model_price price{"openai", "x", {max_token_price, max_token_price, max_token_price},
                          0,        {},  "2026-11-25"};
  CHECK(cost_of(price, {UINT32_MAX, UINT32_MAX}).nanos == 2LL * UINT32_MAX * 1'000'000);
}

TEST_CASE("a build of a model has the model's price unless it has its own") {
  CHECK(found("openai", "gpt-4o") == "gpt-4o");
  CHECK(found("openai", "gpt-4o-2024-08-06") == "gpt-4o");
  CHECK(found("openai", "gpt-4o-20240806") == "gpt-4o");
  CHECK(found("openai", "gpt-4o-latest") == "gpt-4o");
  CHECK(found("openai", "gpt-4-0613") == "gpt-4");
  CHECK(found("openai", "gpt-4-0314") == "gpt-4-0314");
  CHECK(found("gemini", "models/flash-001") == "flash");
}

TEST_CASE("another model of the family has no price") {
  CHECK(found("openai", "gpt-4o-mini") == "none");
  CHECK(found("openai", "gpt-4-5") == "none"); // a version, not a build
  CHECK(found("openai", "gpt") == "none");
  CHECK(found("gemini", "gpt-4o") == "none");
  CHECK(found("openai", "") == "none");
  CHECK(found("openai", "-2024") == "none");
}

TEST_CASE("a model without a price is charged as the setting says") {
  const auto list = some_prices();
  CHECK(charge_for(list, unknown_price::free, "openai", "new").price == nullptr);
  CHECK_FALSE(charge_for(list, unknown_price::free, "openai", "new").refused);
  CHECK(charge_for(list, unknown_price::dearest, "openai", "new").price->model == "gpt-4");
  CHECK(charge_for(list, unknown_price::dearest, "nobody", "new").price == nullptr);
  CHECK(charge_for(list, unknown_price::refuse, "openai", "new").refused);
  CHECK_FALSE(charge_for(list, unknown_price::refuse, "openai", "gpt-4o").refused);
}

} // namespace flipsync
