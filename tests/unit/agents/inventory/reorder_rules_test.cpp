#include "agents/inventory/reorder_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cmath>
#include <limits>

using namespace flipsync;
using namespace flipsync::inventory;
using Catch::Approx;

namespace {

/// Sells 2 a day with a lead time of 10 days: demand 20, safety 10, reorder point 30.
stock_facts usual(std::int64_t stock) {
  stock_facts facts;
  facts.price = money{5000};
  facts.cost = money{4000};
  facts.stock = stock;
  facts.max_stock = 100;
  facts.per_day = 2;
  facts.lead_time_days = 10;
  return facts;
}

} // namespace

TEST_CASE("a reorder is due at or below lead-time demand plus safety stock") {
  CHECK(advise_reorder(usual(30)).reorder);
  CHECK_FALSE(advise_reorder(usual(31)).reorder);
  CHECK(advise_reorder(usual(0)).reorder);
}

TEST_CASE("safety stock is half the lead-time demand unless it is set") {
  auto facts = usual(30);
  CHECK(advise_reorder(facts).safety_stock == Approx(10));
  facts.safety_stock = 9;
  CHECK_FALSE(advise_reorder(facts).reorder);
  facts.safety_stock = 0;
  facts.stock = 20;
  CHECK(advise_reorder(facts).reorder);
  facts.stock = 21;
  CHECK_FALSE(advise_reorder(facts).reorder);
}

TEST_CASE("the quantity is the larger of the free room and 2.5 times the lead-time demand") {
  CHECK(advise_reorder(usual(30)).quantity == 70);
  auto facts = usual(30);
  facts.max_stock = 60;
  CHECK(advise_reorder(facts).quantity == 50);
  facts.max_stock = 80;
  CHECK(advise_reorder(facts).quantity == 50);
  facts.max_stock.reset();
  const auto advice = advise_reorder(facts);
  CHECK(advice.quantity == 50);
  CHECK(advice.missing == std::vector<std::string>{"maximum stock"});
}

TEST_CASE("quantities are rounded up to whole units, and a rounding error adds none") {
  auto facts = usual(0);
  facts.max_stock.reset();
  facts.per_day = 0.1;
  facts.lead_time_days = 3; // 0.3 × 2.5 = 0.75
  CHECK(advise_reorder(facts).quantity == 1);
  facts.per_day = 0.1;
  facts.lead_time_days = 12; // 1.2000000000000002 × 2.5
  CHECK(advise_reorder(facts).quantity == 3);
}

TEST_CASE("the urgency is high at zero stock or with cover below the lead time") {
  CHECK(advise_reorder(usual(0)).how_urgent == urgency::high);
  CHECK(advise_reorder(usual(19)).how_urgent == urgency::high);
  CHECK(advise_reorder(usual(20)).how_urgent == urgency::normal);
  CHECK(advise_reorder(usual(30)).how_urgent == urgency::normal);
  CHECK(advise_reorder(usual(20)).confidence == Approx(0.8));
}

TEST_CASE("overstock is more than 180 days of cover and is tested before the reorder") {
  auto facts = usual(360);
  CHECK_FALSE(overstocked(facts));
  facts.stock = 361;
  CHECK(overstocked(facts));
  // Where safety stock would ask for a reorder all the same, overstock wins.
  facts.safety_stock = 1000;
  const auto advice = advise_reorder(facts);
  CHECK(advice.overstock);
  CHECK_FALSE(advice.reorder);
  CHECK(advice.quantity == 0);
}

TEST_CASE("stock that does not sell lasts for ever and is overstock") {
  auto facts = usual(5);
  facts.per_day = 0;
  CHECK(std::isinf(cover_days(facts).value()));
  CHECK(overstocked(facts));
  facts.stock = 0;
  CHECK(cover_days(facts) == Approx(0));
  CHECK_FALSE(overstocked(facts));
  CHECK(advise_reorder(facts).reorder);
  CHECK(advise_reorder(facts).quantity == 100);
  facts.max_stock.reset();
  CHECK(advise_reorder(facts).quantity == 0);
}

TEST_CASE("an unknown velocity asks for a reorder only at zero stock") {
  auto facts = usual(1);
  facts.per_day.reset();
  CHECK_FALSE(cover_days(facts));
  CHECK_FALSE(advise_reorder(facts).reorder);
  facts.stock = 0;
  const auto advice = advise_reorder(facts);
  CHECK(advice.reorder);
  CHECK(advice.quantity == 100);
  CHECK(advice.missing == std::vector<std::string>{"sales velocity"});
}

TEST_CASE("an unknown stock gives no advice and is named as missing") {
  auto facts = usual(0);
  facts.stock.reset();
  const auto advice = advise_reorder(facts);
  CHECK_FALSE(advice.reorder);
  CHECK(advice.missing == std::vector<std::string>{"stock"});
}

TEST_CASE("absurd velocities end at a bound instead of overflowing") {
  auto facts = usual(0);
  facts.per_day = 1e300;
  CHECK(advise_reorder(facts).quantity == 1'000'000'000'000);
  facts.per_day = std::numeric_limits<double>::max();
  CHECK(advise_reorder(facts).quantity == 1'000'000'000'000);
}

TEST_CASE("return and payback follow their formulas") {
  auto facts = usual(30);
  CHECK(roi(facts).value() == Approx(0.25));
  CHECK(payback_days(facts, 70).value() == Approx(70 * 4000.0 / (2 * 5000)));
  facts.cost = money{0};
  CHECK_FALSE(roi(facts));
  facts.cost.reset();
  CHECK_FALSE(roi(facts));
  CHECK_FALSE(payback_days(facts, 1));
  facts = usual(30);
  facts.per_day = 0;
  CHECK(std::isinf(payback_days(facts, 1).value()));
  facts.price = money{0};
  CHECK_FALSE(payback_days(facts, 1));
}

TEST_CASE("a buying opportunity needs return, payback and margin, at their boundaries") {
  struct row {
    const char* what;
    std::int64_t price, cost, max_stock;
    double per_day;
    bool expected;
  };
  const auto c =
    GENERATE(row{"all fine", 5000, 4000, 100, 2, true},
             row{"return of exactly 20 %", 4800, 4000, 100, 2, true},
             row{"return a cent below 20 %", 4799, 4000, 100, 2, false},
             // ROI 20 % is a margin of 16.7 %, so the margin alone never decides above it.
             row{"no profit", 4000, 4000, 100, 2, false},
             // 225 × 40 / (2 × 50) = 90 days exactly
             row{"payback of exactly 90 days", 5000, 4000, 255, 2, true},
             row{"payback of 90.4 days", 5000, 4000, 256, 2, false},
             row{"does not sell", 5000, 4000, 100, 0, false});
  INFO(c.what);
  auto facts = usual(30);
  facts.price = money{c.price};
  facts.cost = money{c.cost};
  facts.max_stock = c.max_stock;
  facts.per_day = c.per_day;
  const auto advice = advise_buying(facts);
  CHECK(advice.opportunity == c.expected);
  CHECK(advice.against.empty() == c.expected);
  CHECK(advice.confidence == Approx(0.7));
}

TEST_CASE("nothing to fill up is no opportunity") {
  auto facts = usual(100);
  facts.lead_time_days = 0;
  CHECK_FALSE(advise_buying(facts).opportunity);
}

TEST_CASE("a buying advice names what it misses") {
  stock_facts facts;
  const auto advice = advise_buying(facts);
  CHECK_FALSE(advice.opportunity);
  CHECK(advice.missing == std::vector<std::string>{"cost", "sales velocity", "price"});
}
