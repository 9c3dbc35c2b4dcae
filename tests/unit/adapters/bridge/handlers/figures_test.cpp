#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the figures are JSON, at their own route and for who asks /metrics for JSON") {
  const door d;
  auto client = d.connect();
  client.request("GET", "/livez");
  for (const auto& r :
       {client.request("GET", "/api/v1/metrics"),
        client.request("GET", "/metrics", {}, "Accept: application/json, text/plain\r\n")}) {
    CHECK(r.status == 200);
    CHECK(r.header("content-type") == "application/json");
    CHECK_THAT(r.body, ContainsSubstring(R"("active_users":7)"));
    CHECK_THAT(r.body, ContainsSubstring(R"("route":"/livez","method":"GET","requests":1)"));
    CHECK_THAT(r.body, ContainsSubstring(R"("memory_bytes":)"));
  }
  CHECK_THAT(
    client.request("GET", "/metrics", {}, "Accept: text/plain, */*\r\n").header("content-type"),
    ContainsSubstring("text/plain"));
}
