#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {} // namespace

TEST_CASE("conversations come in pages that a cursor goes on with") {
  door d;
  auto& back = d.runtime->back;
  conversation_summary one;
  one.id = "conv_1";
  back.page = conversation_page{{one}, 77};
  auto client = d.connect();
  const auto first = client.request("GET", "/api/v1/chat/conversations?limit=1");
  CHECK(first.status == 200);
  CHECK(back.asked == "default before 0 limit 1");
  CHECK_THAT(first.body, ContainsSubstring(R"({"conversations":[{"id":"conv_1")"));
  const auto at = first.body.find("next_cursor\":\"") + 14;
  const auto cursor = first.body.substr(at, first.body.find('"', at) - at);
  back.page = conversation_page{};
  const auto second = client.request("GET", "/api/v1/chat/conversations?cursor=" + cursor);
  CHECK(back.asked == "default before 77 limit 50");
  CHECK(second.body == R"({"conversations":[],"next_cursor":null})");
}

TEST_CASE("a cursor that is not ours and a limit out of range are refused") {
  const door d;
  auto client = d.connect();
  for (const auto* query : {"cursor=7", "cursor=c1_", "cursor=c1_!", "cursor=c1_0"}) {
    const auto r = client.request("GET", std::string{"/api/v1/chat/conversations?"} + query);
    CHECK(r.status == 400);
    CHECK_THAT(r.body, ContainsSubstring(R"("field":"cursor")"));
  }
  CHECK(client.request("GET", "/api/v1/chat/conversations?limit=201").status == 400);
}

TEST_CASE("a conversation is begun, with or without a body's members") {
  const door d;
  auto client = d.connect();
  const auto r = client.request("POST", "/api/v1/chat/conversations",
                                R"({"customer_id":"c7","audience":"shopper"})", json_type);
  CHECK(r.status == 201);
  CHECK(r.header("location") == "/api/v1/chat/conversations/conv_fresh");
  CHECK_THAT(r.body, ContainsSubstring(R"("customer_id":"c7","audience":"shopper")"));
  CHECK(client.request("POST", "/api/v1/chat/conversations", "{}", json_type).status == 201);
  const auto bad =
    client.request("POST", "/api/v1/chat/conversations", R"({"colour":1})", json_type);
  CHECK(bad.status == 400);
  CHECK_THAT(bad.body, ContainsSubstring(R"("field":"colour")"));
}

TEST_CASE("a conversation's messages are shown to who may see them") {
  const door d;
  auto client = d.connect();
  const auto r =
    client.request("GET", "/api/v1/chat/conversations/a%20b/messages?audience=shopper&limit=3");
  CHECK(r.status == 200);
  CHECK(d.runtime->back.asked == "a b for shopper after 0 limit 3");
  d.runtime->back.thread = error{errc::not_found, "there is no such conversation"};
  CHECK(client.request("GET", "/api/v1/chat/conversations/x").status == 404);
}

TEST_CASE("a deleted conversation leaves nothing to say") {
  const door d;
  auto client = d.connect();
  const auto gone = client.request("DELETE", "/api/v1/chat/conversations/c1");
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  CHECK(client.request("GET", "/livez").status == 200);
  d.runtime->back.removal = error{errc::not_found, "there is no such conversation"};
  CHECK(client.request("DELETE", "/api/v1/chat/conversations/c1").status == 404);
}

TEST_CASE("a message to a conversation is a turn in it") {
  const door d;
  auto client = d.connect();
  const auto r = client.request("POST", "/api/v1/chat/conversations/c9/messages", hello, json_type);
  CHECK(r.status == 200);
  CHECK(d.runtime->next_turn()->request.conversation_id == "c9");
  const auto other = client.request("POST", "/api/v1/chat/conversations/c9/messages",
                                    R"({"message":"x","conversation_id":"c8"})", json_type);
  CHECK(other.status == 400);
}

TEST_CASE("a message to a conversation that is not there begins none") {
  const door d;
  d.runtime->back.thread = error{errc::not_found, "there is no such conversation"};
  const auto r =
    d.connect().request("POST", "/api/v1/chat/conversations/c9/messages", hello, json_type);
  CHECK(r.status == 404);
  CHECK(d.runtime->submitted() == 0);
}
