#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("caches are shown by class and emptied") {
  const door d;
  auto client = d.connect();
  CHECK_THAT(client.request("GET", "/api/v1/cache").body,
             ContainsSubstring(R"("class":"reads","hits":3,"misses":1,"hit_rate":0.75)"));
  CHECK(client.request("DELETE", "/api/v1/cache").body == R"({"cleared":2})");
  CHECK(client.request("DELETE", "/api/v1/cache?class=nothing").status == 404);
}

TEST_CASE("providers are checked only where that is asked for") {
  const door d;
  provider_view view;
  view.name = "first";
  view.checked = error{errc::provider_unavailable, "connection refused"};
  d.runtime->back.views = {view};
  auto client = d.connect();
  const auto r = client.request("GET", "/api/v1/providers?check=true&models");
  CHECK(d.runtime->back.asked == "check models");
  CHECK_THAT(r.body, ContainsSubstring(R"("last_outcome":"none")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("check":"provider_unavailable")"));
  client.request("GET", "/api/v1/providers");
  CHECK(d.runtime->back.asked.empty());
}
