#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr const char* warming_target = "/api/v1/cache/warm";

} // namespace

TEST_CASE("warming asks each message as a turn that is not kept, and counts those that failed") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    if (t->request.message == "two")
      t->fail(error{errc::provider_unavailable, "down"});
    else
      t->complete();
  };
  auto client = d.connect();
  const auto r =
    client.request("POST", warming_target,
                   R"({"messages":["one","two","three"],"audience":"shopper"})", json_type);
  CHECK(r.status == 200);
  CHECK_THAT(r.body,
             StartsWith(R"({"ran":3,"failed":1,"reasons":{"provider_unavailable":1},"ms":)"));
  for (const auto* message : {"one", "two", "three"}) {
    const auto turn = d.runtime->next_turn();
    CHECK(turn->request.message == message);
    CHECK(turn->request.who == audience::shopper);
    CHECK_FALSE(turn->request.kept);
  }
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("warming begins nothing more once its client has left") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post(warming_target, R"({"messages":["one","two"]})"));
  const auto first = d.runtime->next_turn();
  client.close();
  first->wait_cancelled();
  CHECK(d.connect().request("GET", "/livez").status == 200);
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("warming stops where its tenant has no more room, and says so") {
  bridge_settings settings;
  REQUIRE(settings.keys.add({{"acme", role::operator_, "boss", std::nullopt},
                             digest_of("operator-key-of-at-least-32-letters")}));
  settings.access.tenant_requests_per_minute = 2;
  const door d{settings};
  const auto r = d.connect().request(
    "POST", warming_target, R"({"messages":["one","two","three"]})",
    "Content-Type: application/json\r\nX-Api-Key: operator-key-of-at-least-32-letters\r\n");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, StartsWith(R"({"ran":2,"failed":0,)"));
  CHECK_THAT(r.body, ContainsSubstring(R"("stopped":{"code":"rate_limited","detail":")"));
}

TEST_CASE("how many messages one warming takes is a setting") {
  bridge_settings settings;
  settings.max_warming = 1;
  const door d{settings};
  const auto r =
    d.connect().request("POST", warming_target, R"({"messages":["one","two"]})", json_type);
  CHECK(r.status == 400);
  CHECK_THAT(r.body, ContainsSubstring("1 to 1 texts (server.max_warming)"));
}

TEST_CASE("a list for warming that is none is refused by its place") {
  const door d;
  auto client = d.connect();
  const auto field = [&](const std::string& body) {
    const auto r = client.request("POST", warming_target, body, json_type);
    CHECK(r.status == 400);
    return r.body;
  };
  CHECK_THAT(field("{}"), ContainsSubstring(R"("field":"messages")"));
  CHECK_THAT(field(R"({"messages":["x",""]})"), ContainsSubstring(R"("field":"messages[1]")"));
  CHECK_THAT(field(R"({"messages":["x"],"audience":"all"})"),
             ContainsSubstring(R"("field":"audience")"));
  std::string many = R"({"messages":["x")";
  for (int i = 0; i < 100; ++i)
    many += R"(,"x")";
  CHECK_THAT(field(many + "]}"), ContainsSubstring(R"("field":"messages")"));
  CHECK(d.runtime->submitted() == 0);
}
