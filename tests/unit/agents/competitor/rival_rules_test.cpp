#include "agents/competitor/rival_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::competitor;
using namespace std::chrono_literals;
using Catch::Approx;

TEST_CASE("a lower price undercuts, the same price does not") {
  CHECK_FALSE(find_undercut(money{5000}, {make_rival("A", 5000), make_rival("B", 5100)}));
  const auto cut = find_undercut(money{5000}, {make_rival("A", 4999), make_rival("B", 4800),
                                               make_rival("B", 4900), make_rival("C", 6000)});
  REQUIRE(cut);
  CHECK(cut->by == "B");
  CHECK(cut->price == money{4800});
  CHECK(cut->share == Approx(0.04));
  CHECK(cut->undercutters == 2);
  CHECK_FALSE(cut->severe);
}

TEST_CASE("more than ten percent is severe, exactly ten is not") {
  CHECK_FALSE(find_undercut(money{5000}, {make_rival("A", 4500)})->severe);
  CHECK(find_undercut(money{5000}, {make_rival("A", 4499)})->severe);
}

TEST_CASE("nothing undercuts where there is no price") {
  CHECK_FALSE(find_undercut(money{5000}, {}));
  CHECK_FALSE(find_undercut(money{0}, {make_rival("A", 100)}));
  CHECK_FALSE(find_undercut(money{5000}, {make_rival("A", 0)}));
}

TEST_CASE("data is stale from six hours on") {
  const auto sum_at = [](std::chrono::milliseconds age) {
    return *summarize({make_rival("A", 1, age)});
  };
  CHECK_FALSE(is_stale(sum_at(6h - 1ms), noon()));
  CHECK(is_stale(sum_at(6h), noon()));
}

TEST_CASE("moves are consecutive prices of one competitor on one marketplace that differ") {
  auto row = make_dossier(make_product("A-1", "Mug", 1000));
  row.rivals = {make_rival("Acme", 900, 1h), make_rival("Bolt", 950, 2h)};
  row.rival_history = {make_rival("Bolt", 950, 3h), make_rival("Acme", 990, 5h),
                       make_rival("Acme", 990, 9h), make_rival("Acme", 940, 10h)};
  const auto moves = moves_of(row);
  REQUIRE(moves.size() == 2);
  CHECK(moves[0].competitor == "Acme");
  CHECK(moves[0].before == money{990});
  CHECK(moves[0].after == money{900});
  CHECK(moves[1].before == money{940});
  CHECK(moves[1].after == money{990});
  CHECK(moves_of(product_dossier_row{}).empty());
}

TEST_CASE("one competitor's two marketplaces are no move") {
  auto row = make_dossier(make_product("A-1", "Mug", 1000));
  row.rivals = {make_rival("Acme", 900, 1h), make_rival("Acme", 950, 2h)};
  row.rivals[0].marketplace = "ebay";
  row.rivals[1].marketplace = "amazon";
  CHECK(moves_of(row).empty());
}
