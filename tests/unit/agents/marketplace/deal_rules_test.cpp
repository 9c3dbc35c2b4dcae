#include "agents/marketplace/deal_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::marketplace;
using namespace std::chrono_literals;
using Catch::Approx;

TEST_CASE("a fee is a share of the price plus a fixed part, rounded to the cent") {
  marketplace_rules rules;
  rules.fee_thousandths = 136;
  rules.fixed_fee = money{40};
  CHECK(fee_of(money{1000}, rules) == money{176});
  CHECK(fee_of(money{1001}, rules) == money{176}); // 136.136
  CHECK(fee_of(money{0}, rules) == money{40});
}

TEST_CASE("offers are accepted, countered or declined, at their boundaries") {
  struct row {
    const char* what;
    std::int64_t offer; // for a price of 100.00
    std::optional<std::int64_t> cost;
    offer_answer expected;
    bool human;
    std::optional<std::int64_t> counter;
  };
  const auto c = GENERATE(
    row{"at the price", 10000, 5000, offer_answer::accept, false, {}},
    row{"at the price, cost unknown", 10000, std::nullopt, offer_answer::accept, false, {}},
    row{"at the price, but below the floor", 10000, 9500, offer_answer::decline, true, 10450},
    row{"exactly 10 % below", 9000, 5000, offer_answer::accept, false, {}},
    row{"a cent more than 10 % below", 8999, 5000, offer_answer::counter, false, 9500},
    row{"margin of exactly 15 %", 9200, 7820, offer_answer::accept, false, {}},
    row{"margin below 15 %", 9200, 7821, offer_answer::counter, false, 9600},
    row{"exactly at the floor", 9350, 8500, offer_answer::counter, false, 9675},
    row{"a cent below the floor", 9349, 8500, offer_answer::decline, true, 9350},
    row{"cost unknown", 9500, std::nullopt, offer_answer::decline, true, {}},
    row{"an offer of zero", 0, 5000, offer_answer::decline, false, {}});
  INFO(c.what);
  const auto cost = c.cost ? std::optional{money{*c.cost}} : std::nullopt;
  const auto verdict = evaluate_offer(money{c.offer}, money{10000}, cost, nullptr);
  CHECK(verdict.answer == c.expected);
  CHECK(verdict.needs_human == c.human);
  CHECK(verdict.counter == (c.counter ? std::optional{money{*c.counter}} : std::nullopt));
  CHECK_FALSE(verdict.reason.empty());
}

TEST_CASE("an offer's margin counts the marketplace's fee") {
  marketplace_rules rules;
  rules.fee_thousandths = 150;
  const auto verdict = evaluate_offer(money{9500}, money{10000}, money{7000}, &rules);
  CHECK(verdict.fee == money{1425});
  CHECK(verdict.margin.value() == Approx(1075.0 / 9500));
  CHECK(verdict.answer == offer_answer::counter);
}

namespace {

std::vector<order_line> order(std::chrono::milliseconds age, std::string status = "delivered",
                              order_state state = order_state::sold) {
  return {{"ORD-1", "A-1", 2, money{2000}, "ebay", "Ann", status, noon() - age, state},
          {"ORD-1", "A-2", 1, money{1000}, "ebay", "Ann", status, noon() - age, state}};
}

} // namespace

TEST_CASE("refunds are allowed, a human's, or refused, at their boundaries") {
  struct row {
    const char* what;
    std::chrono::milliseconds age;
    const char* status;
    std::optional<std::int64_t> asked;
    std::int64_t human_above;
    refund_answer expected;
  };
  const auto c =
    GENERATE(row{"the whole order", 24h, "delivered", {}, 10000, refund_answer::allowed},
             row{"exactly 30 days", 720h, "delivered", {}, 10000, refund_answer::allowed},
             row{"a moment more", 720h + 1ms, "delivered", {}, 10000, refund_answer::refused},
             row{"exactly the set amount", 24h, "delivered", {}, 5000, refund_answer::allowed},
             row{"a cent above it", 24h, "delivered", {}, 4999, refund_answer::human},
             row{"as much as was paid", 24h, "delivered", 5000, 10000, refund_answer::allowed},
             row{"more than was paid", 24h, "delivered", 5001, 10000, refund_answer::refused},
             row{"ordered in the future", -24h, "paid", {}, 10000, refund_answer::allowed});
  INFO(c.what);
  shop_rules rules;
  rules.refund_days = 30;
  rules.human_refund_above = money{c.human_above};
  const auto asked = c.asked ? std::optional{money{*c.asked}} : std::nullopt;
  const auto verdict = check_refund(order(c.age, c.status), asked, rules, noon());
  CHECK(verdict.answer == c.expected);
  CHECK(verdict.amount == asked.value_or(money{5000}));
  CHECK_FALSE(verdict.reason.empty());
}

TEST_CASE("an order that is undone, by whatever word, is not refunded") {
  shop_rules rules;
  rules.refund_days = 30;
  rules.human_refund_above = money{10000};
  const auto verdict = check_refund(order(24h, "voided", order_state::undone), {}, rules, noon());
  CHECK(verdict.answer == refund_answer::refused);
  CHECK(verdict.amount == money{5000});
  CHECK(verdict.reason == "the order is voided already");
}

TEST_CASE("only what stands of an order is refunded") {
  shop_rules rules;
  rules.refund_days = 30;
  rules.human_refund_above = money{10000};
  auto lines = order(24h);
  lines[0].state = order_state::undone;
  const auto rest = check_refund(lines, {}, rules, noon());
  CHECK(rest.answer == refund_answer::allowed);
  CHECK(rest.amount == money{1000});
  const auto more = check_refund(lines, money{1001}, rules, noon());
  CHECK(more.answer == refund_answer::refused);
  CHECK(more.reason == "$10.01 is more than the $10.00 of the lines that still stand");
}

TEST_CASE("an order comes to the sum of its lines, and huge ones do not wrap round") {
  CHECK(order_total(order(1h)) == money{5000});
  CHECK(order_total({}) == money{0});
  auto huge = order(1h);
  huge[0].quantity = 9'000'000'000'000'000;
  CHECK(order_total(huge).cents > 0);
}

TEST_CASE("answers have names") {
  CHECK(to_string(offer_answer::accept) == "accept");
  CHECK(to_string(offer_answer::counter) == "counter");
  CHECK(to_string(offer_answer::decline) == "decline");
  CHECK(to_string(refund_answer::allowed) == "allowed");
  CHECK(to_string(refund_answer::human) == "human");
  CHECK(to_string(refund_answer::refused) == "refused");
}
