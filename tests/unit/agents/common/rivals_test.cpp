#include "agents/common/rivals.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

TEST_CASE("rivals' prices are summed up to lowest, average, highest and names") {
  const auto sum = summarize(
    {make_rival("Acme", 4200, 3h), make_rival("Bolt", 4501, 1h), make_rival("Acme", 4800, 2h)});
  REQUIRE(sum);
  CHECK(sum->lowest == money{4200});
  CHECK(sum->average == money{4500}); // 13501 / 3 = 4500.33
  CHECK(sum->highest == money{4800});
  CHECK(sum->cheapest == "Acme");
  CHECK(sum->competitors == 2);
  CHECK(sum->offers == 3);
  CHECK(sum->newest == noon() - 1h);
  CHECK(sum->oldest == noon() - 3h);
}

TEST_CASE("the average is rounded half up to the cent") {
  CHECK(summarize({make_rival("A", 1), make_rival("B", 2)})->average == money{2});
  CHECK(summarize({make_rival("A", 1), make_rival("B", 1), make_rival("C", 2)})->average
        == money{1});
  CHECK(summarize({make_rival("A", 1), make_rival("B", 2), make_rival("C", 2)})->average
        == money{2});
}

TEST_CASE("prices that are not above zero count as none") {
  CHECK_FALSE(summarize({}));
  CHECK_FALSE(summarize({make_rival("A", 0), make_rival("B", -5)}));
  CHECK(summarize({make_rival("A", 0), make_rival("B", 100)})->lowest == money{100});
}

TEST_CASE("the average of huge prices does not overflow") {
  std::vector<rival_price> prices(3000, make_rival("A", 9'000'000'000'000'000));
  CHECK(summarize(prices)->average == money{9'000'000'000'000'000});
}

TEST_CASE("data is as old as its newest price, and never younger than now") {
  const auto sum = summarize({make_rival("A", 1, 5h), make_rival("B", 1, 90min)});
  CHECK(data_age(*sum, noon()) == 90min);
  CHECK(data_age(*sum, noon() - 3h) == 0ms);
}
