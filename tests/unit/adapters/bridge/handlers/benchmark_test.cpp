#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using std::chrono::milliseconds;

namespace {

constexpr const char* target = "/api/v1/benchmark";

bridge_settings allowed(std::size_t most = 1000) {
  bridge_settings settings;
  settings.benchmark = true;
  settings.max_benchmark = most;
  return settings;
}

/// Turns that took 1, 2, 3 … ms.
void answer_ever_slower(door& d) {
  d.runtime->on_submit = [count = 0](const std::shared_ptr<fake_turn>& t) mutable {
    turn_reply reply;
    reply.id = t->id();
    reply.timings.total = milliseconds{++count};
    t->finish(event_type::completed, std::move(reply));
  };
}

} // namespace

TEST_CASE("the benchmark runs that many turns that are not kept, and tells their latencies") {
  door d{allowed()};
  answer_ever_slower(d);
  auto client = d.connect();
  const auto r = client.request("POST", std::string{target} + "?iterations=100&message=hi");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, StartsWith(R"({"ran":100,"failed":0,"ms":)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("latency_ms":{"p50":50,"p95":95,"p99":99,"max":100})"));
  CHECK_THAT(r.body, ContainsSubstring(R"("turns_per_second":)"));
  CHECK(d.runtime->submitted() == 100);
  const auto first = d.runtime->next_turn();
  CHECK(first->request.message == "hi");
  CHECK_FALSE(first->request.kept);
}

TEST_CASE("failed turns of the benchmark are counted and have no latency") {
  door d{allowed()};
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->fail(error{errc::provider_unavailable, "down"});
  };
  const auto r = d.connect().request("POST", std::string{target} + "?iterations=3");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, StartsWith(R"({"ran":3,"failed":3,"reasons":{"provider_unavailable":3},)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("latency_ms":{"p50":0,"p95":0,"p99":0,"max":0})"));
}

TEST_CASE("the benchmark is off unless the settings turn it on") {
  const door d;
  const auto r = d.connect().request("POST", target);
  CHECK(r.status == 403);
  CHECK_THAT(r.body, ContainsSubstring("server.benchmark"));
  CHECK(d.runtime->submitted() == 0);
}

TEST_CASE("the benchmark's turns are bounded") {
  const door d{allowed(5)};
  auto client = d.connect();
  for (const auto* wrong : {"?iterations=6", "?iterations=0", "?iterations=many"}) {
    const auto r = client.request("POST", std::string{target} + wrong);
    CHECK(r.status == 400);
    CHECK_THAT(r.body, ContainsSubstring(R"("field":"iterations")"));
  }
  CHECK(client.request("POST", std::string{target} + "?iterations=5").status == 200);
}

TEST_CASE("the benchmark ends where its client leaves") {
  door d{allowed()};
  d.hold_turns();
  auto client = d.connect();
  client.send("POST /api/v1/benchmark?iterations=9 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto first = d.runtime->next_turn();
  client.close();
  first->wait_cancelled();
  CHECK(d.connect().request("GET", "/livez").status == 200);
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("the benchmark is for operators and stops at its tenant's limits") {
  bridge_settings settings = allowed();
  const auto add = [&](const char* name, role who, const char* key) {
    REQUIRE(settings.keys.add({{"acme", who, name, std::nullopt}, digest_of(key)}));
  };
  add("boss", role::operator_, "operator-key-of-at-least-32-letters");
  add("guest", role::shopper, "shopper-key-of-at-least-32-letters!");
  settings.access.tenant_requests_per_minute = 4;
  door d{settings};
  auto client = d.connect();
  CHECK(
    client
      .request("POST", target, {}, "Authorization: Bearer shopper-key-of-at-least-32-letters!\r\n")
      .status
    == 403);
  const auto r = client.request("POST", std::string{target} + "?iterations=9", {},
                                "Authorization: Bearer operator-key-of-at-least-32-letters\r\n");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, StartsWith(R"({"ran":4,"failed":0,)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("stopped":{"code":"rate_limited","detail":")"));
}
