#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {} // namespace

TEST_CASE("the tutor's history goes along, and nothing of it is kept") {
  const door d;
  const auto r = d.connect().request(
    "POST", "/api/v1/ai/chat",
    R"({"message":"hallo","context":"A1","scenario":"bakery","conversation_history":[)"
    R"({"role":"user","content":"hi"},{"role":"assistant","content":"guten Tag"}]})",
    json_type);
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"({"response":"hallo","context":"A1","timestamp":"20)"));
  CHECK_THAT(r.body, ContainsSubstring(R"(,"id":"turn_1")"));
  const auto turn = d.runtime->next_turn();
  CHECK_FALSE(turn->request.kept);
  CHECK(turn->request.history.size() == 2);
  CHECK_FALSE(turn->request.history.at(1).from_user);
  CHECK(turn->request.context == "A1\nScenario: bakery");
}

TEST_CASE("a history of another shape is refused by its place") {
  const door d;
  const auto r = d.connect().request(
    "POST", "/api/v1/ai/chat",
    R"({"message":"x","conversation_history":[{"role":"system","content":"y"}]})", json_type);
  CHECK(r.status == 400);
  CHECK_THAT(r.body, ContainsSubstring(R"("field":"conversation_history[0].role")"));
}
