#include "agents/market/position_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::market;
using Catch::Approx;

TEST_CASE("the percentile is the share of lower prices, an equal one counting half") {
  const std::vector<rival_price> rivals{make_rival("A", 100), make_rival("B", 200),
                                        make_rival("C", 300), make_rival("D", 400)};
  CHECK(percentile(money{50}, rivals).value() == Approx(0));
  CHECK(percentile(money{250}, rivals).value() == Approx(0.5));
  CHECK(percentile(money{200}, rivals).value() == Approx(0.375));
  CHECK(percentile(money{999}, rivals).value() == Approx(1));
  CHECK_FALSE(percentile(money{100}, {}));
  CHECK_FALSE(percentile(money{100}, {make_rival("A", 0)}));
}

TEST_CASE("the outer quarters are low and high, their bounds are middle") {
  CHECK(position_of(0.24) == position::low);
  CHECK(position_of(0.25) == position::middle);
  CHECK(position_of(0.75) == position::middle);
  CHECK(position_of(0.76) == position::high);
  CHECK(to_string(position::low) == "low");
  CHECK(to_string(position::middle) == "middle");
  CHECK(to_string(position::high) == "high");
}

namespace {

opportunity_facts best() {
  opportunity_facts facts;
  facts.price = money{8000};
  facts.cost = money{4800}; // margin 40 %
  facts.per_day = 2;
  facts.average = money{10000}; // 20 % below
  facts.competitors = 0;
  return facts;
}

} // namespace

TEST_CASE("the opportunity score weighs demand 40, price room 30, margin 20 and competition 10") {
  CHECK(score(best()).score == Approx(100));
  auto facts = best();
  facts.per_day = 0;
  CHECK(score(facts).score == Approx(60));
  facts = best();
  facts.average = money{8000};
  CHECK(score(facts).score == Approx(70));
  facts = best();
  facts.cost = money{8000};
  CHECK(score(facts).score == Approx(80));
  facts = best();
  facts.competitors = 5;
  CHECK(score(facts).score == Approx(90));
  facts.competitors = 50;
  CHECK(score(facts).score == Approx(90));
}

TEST_CASE("shares stay within their bounds") {
  auto facts = best();
  facts.per_day = 1e9;
  facts.average = money{9'000'000'000'000'000};
  CHECK(score(facts).score == Approx(100));
  facts.cost = money{9'000'000'000'000};
  CHECK(score(facts).score == Approx(80));
}

TEST_CASE("what is not known has no weight and is named") {
  auto facts = best();
  facts.cost.reset();
  facts.per_day = 1; // demand a half: (20 + 30 + 10) of 80
  const auto found = score(facts);
  CHECK(found.score == Approx(75));
  CHECK(found.missing == std::vector<std::string>{"margin"});
  const auto nothing = score({});
  CHECK(nothing.score == 0);
  CHECK(nothing.shares.empty());
  CHECK(nothing.missing.size() == 4);
}
