#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("products are searched by what the query says") {
  const door d;
  product_hit hit;
  hit.item.sku = "A-1";
  hit.item.cost = money{500};
  d.runtime->back.found = product_search_rows{{hit}, 9};
  const auto r = d.connect().request(
    "GET", "/api/v1/products?q=red+shoes&min_price=12.5&audience=seller&limit=5&offset=10");
  CHECK(r.status == 200);
  CHECK(d.runtime->back.asked == "red shoes for seller from 1250 offset 10 limit 5");
  CHECK_THAT(r.body, ContainsSubstring(R"("cost":5)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("total":9,"offset":10)"));
}

TEST_CASE("a product without a cost shows none") {
  const door d;
  const auto r = d.connect().request("GET", "/api/v1/products/A%2F1");
  CHECK(r.status == 200);
  CHECK(d.runtime->back.asked == "A/1");
  CHECK(r.body.find("cost") == std::string::npos);
  d.runtime->back.item = error{errc::not_found, "there is no such product"};
  CHECK(d.connect().request("GET", "/api/v1/products/x").status == 404);
}

TEST_CASE("a parameter that products do not have is refused by name") {
  const door d;
  const auto r = d.connect().request("GET", "/api/v1/products?colour=red");
  CHECK(r.status == 400);
  CHECK_THAT(r.body, ContainsSubstring(R"("field":"colour")"));
}

TEST_CASE("a shopper says that the age is confirmed, for the list and for one product") {
  const door d;
  const auto asked = [&](const char* target) {
    CHECK(d.connect().request("GET", target).status == 200);
    return d.runtime->back.asked;
  };
  CHECK(asked("/api/v1/products?q=wine&audience=shopper&age_confirmed=true")
        == "wine for shopper of age from 0 offset 0 limit 20");
  CHECK(asked("/api/v1/products?q=wine&audience=shopper")
        == "wine for shopper from 0 offset 0 limit 20");
  CHECK(asked("/api/v1/products/W-1?age_confirmed") == "W-1 of age");
  CHECK(asked("/api/v1/products/W-1?age_confirmed=false") == "W-1");
}

TEST_CASE("a part of a cent in a price narrows the search") {
  const door d;
  CHECK(d.connect().request("GET", "/api/v1/products?min_price=7.495&max_price=9.999").status
        == 200);
  CHECK(d.runtime->back.asked == " for any from 750 to 999 offset 0 limit 20");
}
