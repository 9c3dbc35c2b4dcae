#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

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
  view.breaker = "half_open";
  view.models_out = {"small"};
  view.key_refused = true;
  view.checked = error{errc::provider_unavailable, "connection refused"};
  d.runtime->back.views = {view};
  auto client = d.connect();
  const auto r = client.request("GET", "/api/v1/providers?check=true&models");
  CHECK(d.runtime->back.asked == "check models");
  CHECK_THAT(r.body, ContainsSubstring(R"("last_outcome":"none")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("check":"provider_unavailable")"));
  CHECK_THAT(r.body, ContainsSubstring(
                       R"("breaker":"half_open","models_out":["small"],"key_refused":true)"));
  client.request("GET", "/api/v1/providers");
  CHECK(d.runtime->back.asked.empty());
}

TEST_CASE("several keys of a provider are shown by their numbers") {
  const door d;
  provider_view view;
  view.name = "first";
  view.keys = {{1, "refused", 0ms, 4, {}}, {2, "resting", 1500ms, 7, {"small"}}};
  d.runtime->back.views = {view};
  auto client = d.connect();
  CHECK_THAT(
    client.request("GET", "/api/v1/providers").body,
    ContainsSubstring(R"("keys":[{"key":"key 1","state":"refused","attempts":4,"models_out":[]},)"
                      R"({"key":"key 2","state":"resting","resting_ms":1500,"attempts":7,)"
                      R"("models_out":["small"]}])"));
}

TEST_CASE("an operator sees what all have spent, and what is left") {
  const door d;
  auto client = d.connect();
  const auto r = client.request("GET", "/api/v1/budget");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("per_request_usd":0.1,"per_conversation_usd":null)"));
  CHECK_THAT(r.body,
             ContainsSubstring(R"({"limit":"day","tenant":"","limit_usd":10,"spent_usd":2.5,)"
                               R"("reserved_usd":0.5,"left_usd":7})"));
  CHECK_THAT(r.body, ContainsSubstring(R"("limit_usd":null,"spent_usd":0.000000001)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("model":"gpt-4o","answers":2,"failures":1,"tokens":)"
                                       R"({"in":30,"out":20},"cost_usd":0.000001,)"
                                       R"("wasted_usd":0.0000005})"));
}

TEST_CASE("the configuration is read anew, and what is wrong with it is a problem") {
  const door d;
  auto client = d.connect();
  const auto r = client.request("POST", "/api/v1/config/reload");
  CHECK(r.status == 200);
  CHECK(r.body
        == R"({"changed":["costs.per_day"],"needs_restart":["server.listen"],)"
           R"("read":["a.toml"]})");
  d.runtime->back.reloaded = error{errc::invalid_request, "a.toml:3: costs.per_day: allowed: …"};
  const auto wrong = client.request("POST", "/api/v1/config/reload");
  CHECK(wrong.status == 400);
  CHECK_THAT(wrong.body, ContainsSubstring("a.toml:3: costs.per_day"));
  CHECK(client.request("GET", "/api/v1/config/reload").status == 405);
}
