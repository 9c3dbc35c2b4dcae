#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <thread>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

raw_response chat(const door& d, std::string_view body, std::string_view extra = {}) {
  return d.connect().request("POST", "/api/v1/chat", body,
                             std::string{json_type} + std::string{extra});
}

/// What the door answers when the turn fails with this error.
raw_response chat_failing(const error& why) {
  door d;
  d.runtime->on_submit = [why](const std::shared_ptr<fake_turn>& t) { t->fail(why); };
  return chat(d, hello);
}

} // namespace

TEST_CASE("a turn's reply comes back whole") {
  const door d;
  const auto r = chat(d, R"({"message":"hi \"you\"","conversation_id":"c1"})");
  CHECK(r.status == 200);
  CHECK(r.header("content-type") == "application/json");
  CHECK_THAT(r.body, StartsWith(R"({"id":"turn_1","conversation_id":"c1","status":"ok")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("message":"hi \"you\"")"));
}

TEST_CASE("a turn that ends on another thread is answered as well") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  std::thread{[&] {
    const auto t = d.runtime->next_turn();
    t->emit(event_type::turn_started, "c");
    t->emit(event_type::token, "he");
    t->complete("there");
  }}.join();
  const auto r = client.read_response();
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("message":"there")"));
}

TEST_CASE("the door tells the runtime who asks, and whether events are wanted") {
  door d;
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto r = chat(d, R"({"message":"x","stream":true})",
                      "X-Request-Id: req-7\r\nTraceparent: " + trace + "\r\n");
  CHECK(r.header("x-request-id") == "req-7");
  CHECK(r.header("traceparent") == trace);
  const auto whole = d.runtime->next_turn();
  CHECK(whole->request.request_id == "req-7");
  CHECK(whole->request.traceparent == trace);
  CHECK_FALSE(whole->request.stream);
  d.connect().request("POST", "/api/v1/chat/stream", hello, json_type);
  CHECK(d.runtime->next_turn()->request.stream);
}

TEST_CASE("bad JSON is a problem that names the field, and the connection goes on") {
  const door d;
  auto client = d.connect();
  const auto send = [&](std::string_view body) {
    client.send(json_post("/api/v1/chat", body));
    return client.read_response();
  };
  auto r = send(R"({"message":7})");
  CHECK(r.status == 400);
  CHECK(r.header("content-type") == "application/problem+json");
  CHECK_THAT(r.body, ContainsSubstring(R"("code":"invalid_request")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("field":"message")"));
  CHECK_THAT(r.body, ContainsSubstring("\"request_id\":\"" + r.header("x-request-id") + "\""));
  CHECK_THAT(send("{").body, ContainsSubstring(R"("field":"body")"));
  CHECK_THAT(send("{\"message\":\"\xC0\"}").body, ContainsSubstring(R"("field":"message")"));
  CHECK_THAT(send(R"({"message":""})").body, ContainsSubstring(R"("field":"message")"));
  CHECK_THAT(send(R"({"message":"x","colour":1})").body, ContainsSubstring(R"("field":"colour")"));
  CHECK(send(hello).status == 200);
}

TEST_CASE("bad input never reaches the runtime") {
  const door d;
  chat(d, "{");
  chat(d, R"({"message":7})");
  CHECK(d.runtime->submitted() == 0);
}

TEST_CASE("an empty body is bad input") {
  const door d;
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", ""));
  CHECK(client.read_response().status == 400);
}

TEST_CASE("every error of a turn has its status") {
  CHECK(chat_failing(error{errc::not_found, "x"}).status == 404);
  CHECK(chat_failing(error{errc::forbidden, "x"}).status == 403);
  CHECK(chat_failing(error{errc::conflict, "x"}).status == 409);
  CHECK(chat_failing(error{errc::context_too_long, "x"}).status == 422);
  CHECK(chat_failing(error{errc::internal, "x"}).status == 500);
  CHECK(chat_failing(error{errc::deadline_exceeded, "x"}).status == 504);
}

TEST_CASE("a provider's failure names the provider, the reason and the turn") {
  const auto r = chat_failing(error{errc::provider_unavailable, "no provider answered"}
                                .with("provider", "first")
                                .with("reason", "connection refused"));
  CHECK(r.status == 502);
  CHECK(r.header("retry-after").empty());
  CHECK_THAT(r.body, ContainsSubstring(R"("code":"provider_unavailable")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("provider":"first")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("reason":"connection refused")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("turn":"turn_1")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("conversation_id":"conv_new")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("parts":[])"));
}

TEST_CASE("a refusal that may pass says when to come back, in whole seconds") {
  auto r = chat_failing(error{errc::rate_limited, "x"}.with_retry_after(1200ms));
  CHECK(r.status == 429);
  CHECK(r.header("retry-after") == "2");
  CHECK_THAT(r.body, ContainsSubstring(R"("retry_after_ms":1200)"));
  r = chat_failing(error{errc::overloaded, "x"});
  CHECK(r.status == 503);
  CHECK(r.header("retry-after") == "1");
  r = chat_failing(error{errc::overloaded, "x"}.with_retry_after(0ms));
  CHECK(r.header("retry-after") == "1");
}
