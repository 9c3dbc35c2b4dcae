#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("alive is alive, ready depends on the runtime") {
  const door d;
  auto client = d.connect();
  CHECK(client.request("GET", "/livez").status == 200);
  CHECK(client.request("GET", "/readyz").status == 200);
  health_report report;
  report.status = "down";
  d.runtime->set_health(report);
  const auto starting = client.request("GET", "/readyz");
  CHECK(starting.status == 503);
  CHECK_FALSE(starting.header("retry-after").empty());
  CHECK_THAT(starting.body, ContainsSubstring("starting"));
  CHECK(client.request("GET", "/health").status == 503);
  CHECK(client.request("GET", "/livez").status == 200);
  report.ready = true;
  report.status = "degraded";
  report.draining = true;
  d.runtime->set_health(report);
  CHECK_THAT(client.request("GET", "/readyz").body, ContainsSubstring("draining"));
  CHECK(client.request("GET", "/health").status == 200);
}

TEST_CASE("health shows every component") {
  const door d;
  const auto r = d.connect().request("GET", "/health");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("services":[{"name":"agents","status":"up")"));
}

TEST_CASE("metrics are the runtime's and the door's") {
  const door d;
  auto client = d.connect();
  client.request("GET", "/livez");
  const auto r = client.request("GET", "/metrics");
  CHECK(r.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK_THAT(r.body, ContainsSubstring("fake_up 1\n"));
  CHECK_THAT(
    r.body, ContainsSubstring("flipsync_http_requests_total{route=\"/livez\",status=\"200\"} 1\n"));
  CHECK_THAT(r.body, ContainsSubstring("flipsync_http_open_sockets 1\n"));
}

TEST_CASE("the index names every route") {
  const door d;
  const auto r = d.connect().request("GET", "/");
  CHECK(r.status == 200);
  for (const auto* path : {"/livez", "/metrics", "/api/v1/agents/{name}", "/api/v1/chat/stream"})
    CHECK_THAT(r.body, ContainsSubstring(path));
}
