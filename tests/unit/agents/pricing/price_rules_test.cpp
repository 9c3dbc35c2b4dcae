#include "agents/pricing/price_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace flipsync;
using namespace flipsync::pricing;
using namespace std::chrono_literals;
using Catch::Approx;

namespace {

rival_summary rivals_at(std::int64_t low, std::int64_t average, std::int64_t high,
                        std::size_t competitors = 3) {
  rival_summary rivals;
  rivals.competitors = competitors;
  rivals.offers = competitors;
  rivals.lowest = money{low};
  rivals.average = money{average};
  rivals.highest = money{high};
  return rivals;
}

/// Price 50.00, cost 40.00, stock 20, one a day, rivals 45 / 50 / 55: the plain dynamic case.
price_facts usual() {
  price_facts facts;
  facts.current = money{5000};
  facts.cost = money{4000};
  facts.stock = 20;
  facts.per_day = 1;
  facts.rivals = rivals_at(4500, 5000, 5500);
  facts.data_age = 30min;
  return facts;
}

} // namespace

TEST_CASE("the first strategy that applies is chosen, at every boundary") {
  struct row {
    const char* what;
    std::int64_t price;
    std::optional<std::int64_t> cost;
    std::optional<std::int64_t> stock;
    bool rivals;
    std::int64_t average;
    std::optional<strategy> expected;
  };
  const auto c = GENERATE(
    row{"no competitor price", 5000, 4000, 100, false, 0, strategy::cost_plus},
    row{"stock of 51", 5000, 4000, 51, true, 5000, strategy::penetration},
    row{"stock of exactly 50", 5000, 4000, 50, true, 5000, strategy::dynamic},
    row{"penetration comes before competitive", 9000, 4000, 51, true, 5000, strategy::penetration},
    row{"stock of 9, margin above 30 %", 5000, 3499, 9, true, 5000, strategy::premium},
    row{"stock of 9, margin of exactly 30 %", 5000, 3500, 9, true, 5000, strategy::dynamic},
    row{"stock of exactly 10, margin above 30 %", 5000, 2000, 10, true, 5000, strategy::dynamic},
    row{"no stock at all is scarce", 5000, 2000, 0, true, 5000, strategy::premium},
    row{"premium comes before competitive", 9000, 2000, 5, true, 5000, strategy::premium},
    row{"price of exactly 1.1 × average", 5500, 4000, 20, true, 5000, strategy::dynamic},
    row{"price a cent above 1.1 × average", 5501, 4000, 20, true, 5000, strategy::competitive},
    row{"stock not known", 5501, 4000, std::nullopt, true, 5000, strategy::competitive},
    row{"no cost and no competitor price", 5000, std::nullopt, 100, false, 0, std::nullopt},
    row{"no cost: penetration needs one", 5000, std::nullopt, 51, true, 5000, strategy::dynamic},
    row{"no cost: premium needs one", 5501, std::nullopt, 5, true, 5000, strategy::competitive},
    row{"price of zero has no margin", 0, 0, 5, true, 5000, strategy::dynamic});
  INFO(c.what);
  price_facts facts;
  facts.current = money{c.price};
  if (c.cost)
    facts.cost = money{*c.cost};
  facts.stock = c.stock;
  if (c.rivals)
    facts.rivals = rivals_at(c.average, c.average, c.average);
  CHECK(choose_strategy(facts) == c.expected);
}

TEST_CASE("each strategy has its price, in cents rounded half away from zero") {
  auto facts = usual();
  SECTION("competitive is the average × 0.98") {
    facts.rivals->average = money{5025}; // 4924.5
    CHECK(strategy_price(strategy::competitive, facts) == money{4925});
  }
  SECTION("premium is the highest × 1.05 where that is lower") {
    facts.rivals->highest = money{5001}; // 5251.05
    CHECK(strategy_price(strategy::premium, facts) == money{5251});
  }
  SECTION("premium is cost × 1.5 where that is lower") {
    facts.cost = money{2001}; // 3001.5
    CHECK(strategy_price(strategy::premium, facts) == money{3002});
  }
  SECTION("penetration is the lowest × 0.95 where that is higher") {
    facts.rivals->lowest = money{4990}; // 4740.5
    CHECK(strategy_price(strategy::penetration, facts) == money{4741});
  }
  SECTION("penetration is cost × 1.1 where that is higher") {
    facts.rivals->lowest = money{3000};
    CHECK(strategy_price(strategy::penetration, facts) == money{4400});
  }
  SECTION("cost_plus is cost × 1.25") {
    facts.cost = money{3999}; // 4998.75
    CHECK(strategy_price(strategy::cost_plus, facts) == money{4999});
  }
}

TEST_CASE("the dynamic price follows the velocity") {
  auto facts = usual();
  SECTION("above 2 a day: current × 1.03, where the average is higher") {
    facts.per_day = 2.01;
    facts.rivals->average = money{6000};
    CHECK(strategy_price(strategy::dynamic, facts) == money{5150});
  }
  SECTION("above 2 a day: the average, where it is lower") {
    facts.per_day = 3;
    CHECK(strategy_price(strategy::dynamic, facts) == money{5000});
  }
  SECTION("exactly 2 a day is not fast") {
    facts.per_day = 2;
    CHECK(strategy_price(strategy::dynamic, facts) == money{4950});
  }
  SECTION("exactly 0.5 a day is not slow") {
    facts.per_day = 0.5;
    CHECK(strategy_price(strategy::dynamic, facts) == money{4950});
  }
  SECTION("below 0.5 a day: current × 0.97, where cost × 1.15 is lower") {
    facts.per_day = 0.49;
    CHECK(strategy_price(strategy::dynamic, facts) == money{4850});
  }
  SECTION("below 0.5 a day: cost × 1.15, where it is higher") {
    facts.per_day = 0;
    facts.cost = money{4500};
    CHECK(strategy_price(strategy::dynamic, facts) == money{5175});
  }
  SECTION("below 0.5 a day without a cost: no price") {
    facts.per_day = 0.1;
    facts.cost.reset();
    CHECK_FALSE(strategy_price(strategy::dynamic, facts));
  }
  SECTION("an unknown velocity takes the middle rule") {
    facts.per_day.reset();
    CHECK(strategy_price(strategy::dynamic, facts) == money{4950});
  }
}

TEST_CASE("a strategy without its figures has no price") {
  price_facts facts;
  facts.current = money{5000};
  for (const auto s : {strategy::cost_plus, strategy::penetration, strategy::premium,
                       strategy::competitive, strategy::dynamic})
    CHECK_FALSE(strategy_price(s, facts));
}

TEST_CASE("confidence adds up competitors, change and age") {
  struct row {
    std::size_t competitors;
    std::int64_t proposed; // of 100.00
    std::optional<std::chrono::milliseconds> age;
    double expected;
  };
  const auto c =
    GENERATE(row{0, 20000, std::nullopt, 0.5}, row{2, 20000, 7h, 0.5}, row{3, 20000, 7h, 0.6},
             row{4, 20000, 7h, 0.6}, row{5, 20000, 7h, 0.7}, row{0, 10499, 7h, 0.7},
             row{0, 10500, 7h, 0.6}, row{0, 9501, 7h, 0.7}, row{0, 9500, 7h, 0.6},
             row{0, 10999, 7h, 0.6}, row{0, 11000, 7h, 0.5}, row{0, 9000, 7h, 0.5},
             row{0, 20000, 1h - 1ms, 0.6}, row{0, 20000, 1h, 0.55}, row{0, 20000, 6h - 1ms, 0.55},
             row{0, 20000, 6h, 0.5}, row{5, 10000, 0ms, 1.0}, row{9, 10100, 5min, 1.0});
  price_facts facts;
  facts.current = money{10000};
  facts.data_age = c.age;
  if (c.competitors > 0)
    facts.rivals = rivals_at(1, 1, 1, c.competitors);
  INFO(c.competitors << " competitors, to " << c.proposed);
  CHECK(confidence(facts, money{c.proposed}) == Approx(c.expected));
}

TEST_CASE("a price of zero has no small change") {
  price_facts facts;
  facts.current = money{0};
  CHECK(confidence(facts, money{0}) == Approx(0.5));
}

TEST_CASE("the advice never goes below cost × 1.1") {
  auto facts = usual();
  facts.cost = money{4900};
  const auto advice = advise(facts);
  CHECK(advice.by == strategy::dynamic);
  CHECK(advice.price == money{5390});
  CHECK(advice.below_floor == money{4950});
  CHECK_FALSE(advice.needs_human);
}

TEST_CASE("the floor is rounded up to the cent") {
  auto facts = usual();
  facts.cost = money{4501}; // × 1.1 = 4951.1; the rule says 4950
  const auto advice = advise(facts);
  CHECK(advice.price == money{4952});
}

TEST_CASE("a price at exactly the floor is not below it") {
  auto facts = usual();
  facts.cost = money{4500};
  const auto advice = advise(facts);
  CHECK(advice.price == money{4950});
  CHECK_FALSE(advice.below_floor);
}

TEST_CASE("without a cost the floor cannot be checked, so a human decides") {
  auto facts = usual();
  facts.cost.reset();
  const auto advice = advise(facts);
  CHECK(advice.price == money{4950});
  CHECK(advice.needs_human);
  CHECK(advice.missing == std::vector<std::string>{"cost"});
}

TEST_CASE("what is missing is named") {
  price_facts facts;
  facts.current = money{5000};
  const auto nothing = advise(facts);
  CHECK_FALSE(nothing.by);
  CHECK_FALSE(nothing.price);
  CHECK(nothing.missing == std::vector<std::string>{"cost", "competitor prices"});
  facts = usual();
  facts.stock.reset();
  facts.per_day.reset();
  CHECK(advise(facts).missing == std::vector<std::string>{"stock", "sales velocity"});
}

TEST_CASE("huge prices stay exact") {
  auto facts = usual();
  constexpr std::int64_t huge = 8'000'000'000'000'000;
  facts.current = money{huge};
  facts.cost = money{huge / 2};
  facts.stock = 51;
  facts.rivals = rivals_at(huge, huge, huge, 5);
  const auto advice = advise(facts);
  CHECK(advice.by == strategy::penetration);
  CHECK(advice.price == money{7'600'000'000'000'000});
}

TEST_CASE("an unchanged huge price is a small change") {
  price_facts facts;
  facts.current = money{8'999'999'999'999'999};
  CHECK(confidence(facts, facts.current) == Approx(0.7));
}
