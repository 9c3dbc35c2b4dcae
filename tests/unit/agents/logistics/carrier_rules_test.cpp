#include "agents/logistics/carrier_rules.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "runtime/core/text/vocabulary.hpp"

using namespace flipsync;
using namespace flipsync::logistics;

namespace {

shipping_rate rate(std::string carrier, std::string zone, std::int64_t max_g, std::int64_t cents,
                   std::optional<std::int64_t> days) {
  return {std::move(carrier), "Std", std::move(zone), max_g, money{cents}, days};
}

const std::vector<shipping_rate> table{
  rate("Post", "local", 500, 300, 4), rate("Post", "local", 2000, 500, 4),
  rate("Swift", "local", 2000, 900, 1), rate("Swift", "far", 2000, 2000, 3),
  rate("Slow", "local", 5000, 500, {})};

} // namespace

TEST_CASE("each service offers its cheapest rate that carries the weight, cheapest first") {
  const auto found = options(table, 400, "local", {});
  REQUIRE(found.size() == 3);
  CHECK(found[0] == table[0]);
  CHECK(found[1] == table[4]);
  CHECK(found[2] == table[2]);
  CHECK(options(table, 500, "local", {})[0].price == money{300});
  CHECK(options(table, 501, "local", {})[0]
        == table[1]); // the promise of 4 days wins over none at the same price
  CHECK(options(table, 5000, "local", {}).size() == 1);
  CHECK(options(table, 5001, "local", {}).empty());
}

TEST_CASE("zones and promises filter, the promise at its boundary") {
  CHECK(options(table, 100, "", {}).size() == 4);
  CHECK(options(table, 100, "FAR", {}).size() == 1);
  CHECK(options(table, 100, "nowhere", {}).empty());
  CHECK(options(table, 100, "local", 4).size() == 2);
  CHECK(options(table, 100, "local", 3).size() == 1);
  CHECK(options(table, 100, "far", 2).empty());
}

TEST_CASE("the fastest has the fewest days, and one without a promise is never it") {
  CHECK(fastest(table)->carrier == "Swift");
  CHECK(fastest(table)->price == money{900});
  CHECK_FALSE(fastest({table[4]}));
  CHECK_FALSE(fastest({}));
}

TEST_CASE("a load is split into as few units a parcel as the cheapest service carries") {
  // 5 of 900 g: Post takes 2 a parcel: 5 + 5 + 5 (the last, 900 g, also at 500). Slow takes 5 at
  // once for 500.
  const auto made = cheapest_split(table, 5, 900, "local");
  REQUIRE(made);
  CHECK(made->full.carrier == "Slow");
  CHECK(made->parcels == 1);
  CHECK(made->total == money{500});
}

TEST_CASE("the last parcel goes at its own rate") {
  const std::vector<shipping_rate> post{table[0], table[1]};
  const auto made =
    cheapest_split(post, 9, 400, "local"); // 5 a parcel: 2000 g at 5.00, then 4: 1600 g at 5.00
  REQUIRE(made);
  CHECK(made->parcels == 2);
  CHECK(made->units_per_parcel == 5);
  CHECK(made->total == money{1000});
  CHECK(cheapest_split(post, 6, 400, "local")->total == money{800}); // the rest of 400 g at 3.00
  CHECK(cheapest_split(post, 10, 400, "local")->parcels == 2);
}

TEST_CASE("a unit is never divided") {
  CHECK_FALSE(cheapest_split(table, 1, 5001, "local"));
  CHECK(cheapest_split(table, 1, 5000, "local")->parcels == 1);
  CHECK_FALSE(cheapest_split(table, 0, 100, "local"));
  CHECK_FALSE(cheapest_split(table, 3, 0, "local"));
  CHECK_FALSE(cheapest_split({}, 3, 100, "local"));
}

TEST_CASE("huge loads do not overflow") {
  const auto made = cheapest_split(table, 9'000'000'000'000'000, 5000, "local");
  REQUIRE(made);
  CHECK(made->parcels == 9'000'000'000'000'000);
  CHECK(made->total.cents > 0);
}

TEST_CASE("a promise is read from days, overnight and next day") {
  struct row {
    const char* text;
    std::optional<std::int64_t> expected;
  };
  const auto c = GENERATE(
    row{"within 3 days", 3}, row{"in 2 business days", 2}, row{"2-day shipping", 2},
    row{"within two days", 2}, row{"in one day", 1}, row{"in 48 hours", 2}, row{"in 36 hours", 1},
    row{"overnight", 1}, row{"next day please", 1}, row{"0 days", std::nullopt},
    row{"some days", std::nullopt}, row{"days", std::nullopt}, row{"business days", std::nullopt},
    row{"3 weeks", std::nullopt}, row{"99999999999999999999 days", std::nullopt});
  INFO(c.text);
  CHECK(promised_days(words_of(c.text)) == c.expected);
}

TEST_CASE("the zone is named by its field or by the table's names") {
  message_reading message;
  message.words = words_of("ship 2 of them to the far zone");
  CHECK(zone_of(message, {"local", "far"}) == "far");
  CHECK(zone_of(message, {"2"}).empty());
  message.words = words_of("to zone 2");
  CHECK(zone_of(message, {"1", "2"}) == "2");
  message.zone = "EU";
  CHECK(zone_of(message, {"1", "2"}) == "EU");
}
