#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a ticket is given with the time it is good for") {
  bridge_settings settings;
  settings.access.ticket_lifetime = std::chrono::seconds{45};
  settings.access.max_tickets = 1;
  const door d{settings};
  auto client = d.connect();
  const auto given = client.request("POST", "/api/v1/ws/ticket");
  CHECK(given.status == 200);
  CHECK_THAT(given.body, ContainsSubstring(R"({"ticket":"fst_)"));
  CHECK_THAT(given.body, ContainsSubstring(R"("expires_in":45})"));
  const auto refused = client.request("POST", "/api/v1/ws/ticket");
  CHECK(refused.status == 429);
  CHECK_FALSE(refused.header("retry-after").empty());
}
