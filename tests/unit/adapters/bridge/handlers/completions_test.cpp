#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::string asking(const std::string& model, const std::string& more = {}) {
  return R"({"model":")" + model + R"(","messages":[{"role":"user","content":"hello"}])" + more
         + '}';
}

raw_response complete(const door& d, const std::string& body) {
  return d.connect().request("POST", "/v1/chat/completions", body,
                             "Content-Type: application/json\r\n");
}

/// What the door answers when the model's call fails with this error.
raw_response failing(const error& why) {
  door d;
  d.runtime->on_submit = [why](const std::shared_ptr<fake_turn>& t) { t->fail(why); };
  return complete(d, asking("one/small"));
}

} // namespace

TEST_CASE("a provider's model is asked straight, with what the caller said") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete("hi"); };
  const auto r = complete(d, asking("one/small", R"(,"temperature":0.5,"seed":7)"));
  CHECK(r.status == 200);
  CHECK(r.header("content-type") == "application/json");
  CHECK_FALSE(r.header("x-request-id").empty());
  CHECK_THAT(r.body, StartsWith(R"({"id":"chatcmpl-turn_1","object":"chat.completion")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("content":"hi")"));
  const auto asked = d.runtime->next_turn()->asked;
  CHECK(asked.model == "one/small");
  CHECK(asked.ask.tuning.temperature == 0.5);
  CHECK(asked.ask.tuning.seed == 7);
  CHECK_FALSE(asked.ask.stream);
  CHECK(asked.request_id == r.header("x-request-id"));
}

TEST_CASE("a completion that names itself is given once, and the same again") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    t->emit(event_type::token, "h");
    t->emit(event_type::token, "i");
    t->complete("hi");
  };
  const auto named = [&](const std::string& body) {
    return d.connect().request("POST", "/v1/chat/completions", body,
                               "Content-Type: application/json\r\nIdempotency-Key: a\r\n");
  };
  SECTION("of a model and of an agent, whole") {
    const auto body = asking(GENERATE("one/small", "flipsync"));
    const auto first = named(body);
    CHECK(first.status == 200);
    CHECK(first.header("idempotency-replayed").empty());
    const auto again = named(body);
    CHECK(again.header("idempotency-replayed") == "true");
    CHECK(again.body == first.body);
    CHECK(d.runtime->submitted() == 1);
  }
  SECTION("streamed") {
    const auto body = asking("one/small", R"(,"stream":true)");
    CHECK_THAT(named(body).body, ContainsSubstring(R"("content":"i")"));
    const auto again = named(body);
    CHECK(again.header("idempotency-replayed") == "true");
    CHECK_THAT(again.body,
               ContainsSubstring(R"("content":"hi")") && ContainsSubstring("data: [DONE]"));
    CHECK(d.runtime->submitted() == 1);
  }
  SECTION("but not for another body, and not as a turn of another route") {
    CHECK(named(asking("one/small")).status == 200);
    const auto other = named(asking("one/large"));
    CHECK(other.status == 409);
    CHECK_THAT(other.body, ContainsSubstring(R"("param":"idempotency-key")"));
    CHECK(other.header("x-should-retry") == "false"); // clients try 409 again by themselves
    const auto turn = d.connect().request("POST", "/api/v1/chat", hello,
                                          std::string{json_type} + "Idempotency-Key: a\r\n");
    CHECK(turn.status == 409);
  }
}

TEST_CASE("a completion joins the one of its name that runs, and is let go by itself") {
  door d;
  d.hold_turns();
  const auto body = asking("one/small");
  auto one = d.connect();
  auto two = d.connect();
  one.send(json_post("/v1/chat/completions", body, "Idempotency-Key: a\r\n"));
  const auto running = d.runtime->next_turn();
  two.send(json_post("/v1/chat/completions", body, "Idempotency-Key: a\r\n"));
  CHECK(d.connect().request("GET", "/livez").status == 200); // the door's thread has both
  one.shutdown_write();
  CHECK(one.read_response().status == 499);
  CHECK_FALSE(running->cancelled());
  running->complete("still here");
  CHECK_THAT(two.read_response().body, ContainsSubstring("still here"));
}

TEST_CASE("a completion that was refused or failed under its name is run again") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->fail(error{errc::overloaded, "full"});
  };
  const auto named = [&](const std::string& body, const std::string& name) {
    return d.connect().request("POST", "/v1/chat/completions", body,
                               "Content-Type: application/json\r\nIdempotency-Key: " + name
                                 + "\r\n");
  };
  CHECK(named(asking("one/small"), "a").status == 503);
  const auto refused = named(asking("flipsync", R"(,"temperature":1)"), "b");
  CHECK(refused.status == 400);
  CHECK_THAT(refused.body, ContainsSubstring(R"("param":"temperature")"));
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete("now"); };
  CHECK(named(asking("one/small"), "a").status == 200);
  const auto wrong = named(asking("one/small"), "a b");
  CHECK(wrong.status == 400);
  CHECK_THAT(wrong.body, ContainsSubstring(R"("param":"idempotency-key")"));
}

TEST_CASE("an answer that could be given again is given where nothing keeps it") {
  const auto good_for_a_minute = [](const std::shared_ptr<fake_turn>& t) {
    turn_reply reply;
    reply.message = "hi";
    part_report part;
    part.name = "response";
    part.provider = "one";
    part.good_for = std::chrono::minutes{1};
    reply.parts.push_back(std::move(part));
    t->finish(event_type::completed, std::move(reply));
  };
  door d;
  REQUIRE(d.runtime->kept_turns() == nullptr);
  SECTION("ended while it was begun, which the I/O thread answers") {
    d.runtime->on_submit = good_for_a_minute;
    CHECK(complete(d, asking("one/small")).status == 200);
  }
  SECTION("ended by another thread") {
    d.hold_turns();
    auto client = d.connect();
    client.send(json_post("/v1/chat/completions", asking("one/small")));
    good_for_a_minute(d.runtime->next_turn());
    CHECK(client.read_response().status == 200);
  }
}

TEST_CASE("flipsync is a routed turn of a conversation that the caller keeps") {
  const door d;
  const auto r = complete(d, R"({"model":"flipsync","messages":[
    {"role":"user","content":"one"},{"role":"assistant","content":"two"},
    {"role":"user","content":"three"}]})");
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("content":"three")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("agent":"executive")"));
  const auto turn = d.runtime->next_turn();
  CHECK_FALSE(turn->request.kept);
  CHECK(turn->request.agent.empty());
  CHECK(turn->request.history == std::vector<earlier_message>{{true, "one"}, {false, "two"}});
}

TEST_CASE("flipsync with a slash asks that agent") {
  const door d;
  CHECK(complete(d, asking("flipsync/pricing")).status == 200);
  CHECK(d.runtime->next_turn()->request.agent == "pricing");
}

TEST_CASE("a wrong request is an error of this protocol that names the field") {
  const door d;
  const auto r = complete(d, asking("one/small", R"(,"logit_bias":{})"));
  CHECK(r.status == 400);
  CHECK(r.header("content-type") == "application/json");
  CHECK_THAT(r.body, ContainsSubstring(R"("type":"invalid_request_error","param":"logit_bias")"));
  CHECK(complete(d, asking("flipsync", R"(,"temperature":1)")).status == 400);
  CHECK(complete(d, asking("flipsync", R"(,"stream":true,"temperature":1)")).status == 400);
  CHECK(complete(d, "{").status == 400);
  CHECK(d.runtime->submitted() == 0);
}

TEST_CASE("every refusal below /v1 has the form of this protocol") {
  const door d;
  const auto no_route = d.connect().request("GET", "/v1/nothing");
  CHECK(no_route.status == 404);
  CHECK_THAT(no_route.body, StartsWith(R"({"error":{"message":)"));
  const auto no_method = d.connect().request("GET", "/v1/chat/completions");
  CHECK(no_method.status == 405);
  CHECK_THAT(no_method.body, StartsWith(R"({"error":{"message":)"));
  const auto no_type = d.connect().request("POST", "/v1/chat/completions", "{}");
  CHECK(no_type.status == 415);
  CHECK_THAT(no_type.body, StartsWith(R"({"error":{"message":)"));
  const auto no_host = d.connect().request("GET", "http://localhost/v1/nothing");
  CHECK(no_host.status == 404);
  CHECK_THAT(no_host.body, StartsWith(R"({"error":{"message":)"));
  for (const auto& [line, status] :
       {std::pair{std::string{"GET /v1/models HTTP/3.0"}, 400},
        {"GET /v1/" + std::string(17 * 1024, 'a') + " HTTP/1.1", 431}}) {
    auto client = d.connect();
    client.send(line + "\r\nHost: localhost\r\n\r\n");
    const auto refused = client.read_response();
    CHECK(refused.status == status);
    CHECK_THAT(refused.body, StartsWith(R"({"error":{"message":)"));
  }
}

TEST_CASE("a body over the limit is refused in the form of this protocol") {
  bridge_settings settings;
  settings.max_body = 64;
  const door d{settings};
  const auto r = complete(d, asking("one/small", R"(,"user":")" + std::string(100, 'u') + '"'));
  CHECK(r.status == 413);
  CHECK_THAT(r.body, StartsWith(R"({"error":{"message":)"));
}

TEST_CASE("failures of a model have the status that clients expect") {
  const auto limited = failing(
    error{errc::rate_limited, "slow down"}.with_retry_after(std::chrono::milliseconds{2500}));
  CHECK(limited.status == 429);
  CHECK(limited.header("retry-after") == "3");
  CHECK(limited.header("x-should-retry").empty());
  const auto unknown = failing(error{errc::not_found, "no such model"}.with("field", "model"));
  CHECK(unknown.status == 404);
  CHECK_THAT(unknown.body, ContainsSubstring(R"("code":"model_not_found")"));
  const auto budget = failing(error{errc::over_budget, "too dear"});
  CHECK(budget.status == 429);
  CHECK(budget.header("x-should-retry") == "false");
  CHECK(budget.header("retry-after").empty());
  const auto today =
    failing(error{errc::over_budget, "too dear"}.with_retry_after(std::chrono::hours{2}));
  CHECK(today.header("x-should-retry") == "false");
  CHECK(today.header("retry-after") == "7200");
}

TEST_CASE("the models are the agents and what the providers offer") {
  const door d;
  agent_status pricing;
  pricing.name = "pricing";
  d.runtime->roster = std::vector{pricing};
  d.runtime->offers = {{"one", "meta/small"}};
  const auto all = d.connect().request("GET", "/v1/models");
  CHECK(all.status == 200);
  for (const auto* id : {"flipsync", "flipsync/pricing", "one/meta/small"}) {
    CHECK_THAT(all.body, ContainsSubstring(std::string{"\"id\":\""} + id + '"'));
    const auto one = d.connect().request("GET", std::string{"/v1/models/"} + id);
    CHECK(one.status == 200);
    CHECK_THAT(one.body, StartsWith(std::string{"{\"id\":\""} + id + '"'));
  }
  CHECK(d.connect().request("GET", "/v1/models/one%2Fmeta%2Fsmall").status == 200);
  const auto unknown = d.connect().request("GET", "/v1/models/other");
  CHECK(unknown.status == 404);
  CHECK_THAT(unknown.body, ContainsSubstring(R"("code":"model_not_found")"));
}

TEST_CASE("a client that leaves cancels the model's call, whole or streamed") {
  for (const auto* more : {"", R"(,"stream":true)"}) {
    door d;
    d.hold_turns();
    auto client = d.connect();
    client.send(json_post("/v1/chat/completions", asking("one/small", more)));
    const auto turn = d.runtime->next_turn();
    client.close();
    CHECK(turn->wait_cancelled() == "the client disconnected");
  }
}

TEST_CASE("a draining door refuses in the form of this protocol") {
  const door d;
  auto client = d.connect();
  client.request("GET", "/livez");
  d.listener->begin_drain();
  client.send(json_post("/v1/chat/completions", asking("one/small")));
  const auto r = client.read_response();
  CHECK(r.status == 503);
  CHECK_THAT(r.body, StartsWith(R"({"error":{"message":)"));
}
