#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("agents are listed in roster order and found by name or alias") {
  door d;
  agent_status first;
  first.name = "market";
  first.aliases = {"pricing"};
  agent_status second;
  second.name = "inventory";
  d.runtime->roster = std::vector<agent_status>{first, second};
  auto client = d.connect();
  const auto all = client.request("GET", "/api/v1/agents");
  CHECK(all.status == 200);
  CHECK_THAT(all.body, StartsWith(R"({"agents":[{"name":"market")"));
  CHECK(all.body.find("market") < all.body.find("inventory"));
  CHECK_THAT(client.request("GET", "/api/v1/agents/inventory").body,
             StartsWith(R"({"name":"inventory")"));
  CHECK_THAT(client.request("GET", "/api/v1/agents/pricing").body,
             StartsWith(R"({"name":"market")"));
  const auto unknown = client.request("GET", "/api/v1/agents/nobody");
  CHECK(unknown.status == 404);
  CHECK_THAT(unknown.body, ContainsSubstring(R"("code":"not_found")"));
}

TEST_CASE("agents that do not answer in time are a gateway timeout") {
  door d;
  d.runtime->roster = error{errc::deadline_exceeded, "no answer within 1 s"};
  CHECK(d.connect().request("GET", "/api/v1/agents").status == 504);
}

TEST_CASE("an agent is paused and resumed, one that is not there is not") {
  const door d;
  auto client = d.connect();
  CHECK_THAT(client.request("POST", "/api/v1/agents/market/pause").body,
             ContainsSubstring(R"("state":"paused")"));
  CHECK(d.runtime->back.paused["market"]);
  CHECK_THAT(client.request("POST", "/api/v1/agents/market/resume").body,
             ContainsSubstring(R"("state":"up")"));
  CHECK(client.request("POST", "/api/v1/agents/nobody/pause").status == 404);
}
