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

TEST_CASE("what the headers say of kept answers goes along, and wrong words are refused") {
  const door d;
  const auto say = [&](const std::string& wish) {
    return d.connect()
      .request("POST", "/api/v1/ai/chat", R"({"message":"hallo"})",
               json_type + ("X-FlipSync-Cache: " + wish + "\r\n"))
      .status;
  };
  CHECK(say("no") == 200);
  CHECK(d.runtime->next_turn()->request.cache == cache_use::refused);
  CHECK(say("banana") == 400);
  CHECK(d.runtime->submitted() == 1);
}
