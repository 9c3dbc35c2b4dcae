#include "runtime/core/wire/json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

namespace dom = simdjson::dom;

/// Keeps the parser alive as long as the document is looked at.
struct document {
  explicit document(const std::string& json) {
    INFO(json);
    REQUIRE(parser.parse(json).get(root) == simdjson::SUCCESS);
  }
  dom::element operator[](const char* pointer) const { return root.at_pointer(pointer); }
  [[nodiscard]] std::string text(const char* pointer) const {
    return std::string{std::string_view{root.at_pointer(pointer)}};
  }
  [[nodiscard]] bool has(const char* pointer) const {
    return root.at_pointer(pointer).error() == simdjson::SUCCESS;
  }
  dom::parser parser;
  dom::element root;
};

turn_reply full_reply() {
  turn_reply reply;
  reply.id = "turn_1";
  reply.conversation_id = "conv_1";
  reply.status = turn_status::partial;
  reply.agent = "market";
  reply.route = {"market", 0.75, "matched", {"price of"}, {{"inventory", 0.2}}};
  reply.message = "Say \"yes\"\n";
  reply.products = {{"SKU-1", "Tea", money{1250}, "Leaf", "drinks", true, "12 left"}};
  reply.quick_replies = {"More", "Less"};
  reply.facts = {"margin 20 %"};
  part_report part;
  part.name = "response";
  part.required = true;
  part.status = part_status::timed_out;
  part.provider = "first";
  part.model = "m1";
  part.attempts = {{"first", "m1", 1500us, errc::provider_unavailable, "503"},
                   {"second", "m2", 20ms, errc::none, "", 2}};
  part.took = 21'500us;
  part.tokens = {10, 20};
  part.cost = usd{1'200'000};
  part.why = error{errc::deadline_exceeded, "too late"};
  reply.parts = {part};
  reply.usage = {30, 40};
  reply.cost = usd{2'400'000};
  reply.timings = {100us, 250us, 0us, 22ms};
  return reply;
}

} // namespace

TEST_CASE("a reply has every member of the documented shape") {
  const document d{wire::to_json(full_reply())};
  CHECK(d.text("/id") == "turn_1");
  CHECK(d.text("/conversation_id") == "conv_1");
  CHECK(d.text("/status") == "partial");
  CHECK(d.text("/agent") == "market");
  CHECK(double(d["/route/score"]) == 0.75);
  CHECK(d.text("/route/matched/0") == "price of");
  CHECK(d.text("/route/runners_up/0/agent") == "inventory");
  CHECK(d.text("/route/reason") == "matched");
  CHECK(d.text("/message") == "Say \"yes\"\n");
  CHECK(double(d["/products/0/price"]) == 12.5);
  CHECK(bool(d["/products/0/in_stock"]));
  CHECK(d.text("/quick_replies/1") == "Less");
  CHECK(d.has("/decisions"));
  CHECK(d.text("/facts/0") == "margin 20 %");
  CHECK(d.text("/parts/0/name") == "response");
  CHECK(bool(d["/parts/0/required"]));
  CHECK(d.text("/parts/0/status") == "timed_out");
  CHECK(double(d["/parts/0/ms"]) == 21.5);
  CHECK(std::int64_t(d["/parts/0/tokens/out"]) == 20);
  CHECK(double(d["/parts/0/cost_usd"]) == 0.0012);
  CHECK_FALSE(bool(d["/parts/0/cached"]));
  CHECK(d.text("/parts/0/attempts/0/outcome") == "provider_unavailable");
  CHECK(d.text("/parts/0/attempts/0/reason") == "503");
  CHECK(d.text("/parts/0/attempts/1/outcome") == "ok");
  CHECK_FALSE(d.has("/parts/0/attempts/1/reason"));
  CHECK_FALSE(d.has("/parts/0/attempts/0/key"));
  CHECK(d.text("/parts/0/attempts/1/key") == "key 2");
  CHECK(d.text("/parts/0/error/code") == "deadline_exceeded");
  CHECK(std::int64_t(d["/usage/in"]) == 30);
  CHECK(double(d["/usage/cost_usd"]) == 0.0024);
  CHECK(double(d["/timings/queue"]) == 0.1);
  CHECK(double(d["/timings/route"]) == 0.25);
  CHECK(double(d["/timings/total"]) == 22);
  CHECK_FALSE(bool(d["/cached"]));
  CHECK_FALSE(d.has("/error"));
}

TEST_CASE("a reply says why its model stopped, whole and in an event, where one was asked") {
  auto reply = full_reply();
  CHECK_FALSE(document{wire::to_json(reply)}.has("/finish_reason"));
  reply.finish_reason = "length";
  CHECK(document{wire::to_json(reply)}.text("/finish_reason") == "length");
  turn_event event;
  event.type = event_type::completed;
  event.reply = std::make_shared<const turn_reply>(std::move(reply));
  CHECK(document{wire::to_json(event)}.text("/reply/finish_reason") == "length");
}

TEST_CASE("an empty reply is still whole JSON") {
  const document d{wire::to_json(turn_reply{})};
  CHECK(d.text("/status") == "ok");
  CHECK(d.has("/parts"));
}

TEST_CASE("every event type has its own members beside the common ones") {
  turn_event event;
  event.turn = "turn_9";
  event.seq = 4;
  event.at = wall_time{1'700'000'000'123ms};
  const auto show = [&](event_type type, std::string text) {
    event.type = type;
    event.text = std::move(text);
    return wire::to_json(event);
  };
  {
    const document d{show(event_type::turn_started, "conv_2")};
    CHECK(d.text("/type") == "turn_started");
    CHECK(d.text("/turn") == "turn_9");
    CHECK(std::int64_t(d["/seq"]) == 4);
    CHECK(d.text("/at") == "2023-11-14T22:13:20.123Z");
    CHECK(d.text("/conversation_id") == "conv_2");
  }
  CHECK(document{show(event_type::part_started, "response")}.text("/part/name") == "response");
  CHECK(document{show(event_type::token, " a\nb")}.text("/text") == " a\nb");
  CHECK(document{show(event_type::restarted, "cut")}.text("/reason") == "cut");
  {
    event.call = std::make_shared<const tool_call_delta>(tool_call_delta{1, "c1", "weather", "{}"});
    const document d{show(event_type::tool_call, {})};
    CHECK(std::int64_t(d["/call/index"]) == 1);
    CHECK(d.text("/call/id") == "c1");
    CHECK(d.text("/call/name") == "weather");
    CHECK(d.text("/call/arguments") == "{}");
  }
  event.elapsed = 1500ms;
  event.typical = 900ms;
  {
    const document d{show(event_type::progress, "first")};
    CHECK(d.text("/waiting_for") == "first");
    CHECK(std::int64_t(d["/elapsed_ms"]) == 1500);
    CHECK(std::int64_t(d["/typical_ms"]) == 900);
  }
  event.route = std::make_shared<route_choice>(full_reply().route);
  CHECK(document{show(event_type::routed, "")}.text("/agent") == "market");
  event.part = std::make_shared<part_report>(full_reply().parts[0]);
  CHECK(document{show(event_type::part_finished, "")}.text("/part/provider") == "first");
  event.reply = std::make_shared<turn_reply>(full_reply());
  CHECK(document{show(event_type::completed, "")}.text("/reply/id") == "turn_1");
}

TEST_CASE("an event has no line break, so that it fits one line of a stream") {
  turn_event event;
  event.type = event_type::token;
  event.text = "a\r\nb\n";
  CHECK(wire::to_json(event).find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("a problem has the standard's members, the code and every detail") {
  const auto why = error{errc::rate_limited, "slow \"down\""}
                     .with("provider", "first")
                     .with("status", "429")
                     .with("a\"b", "odd")
                     .with_retry_after(1500ms);
  const document d{wire::problem_json(why, 429, "req-1")};
  CHECK(d.text("/type") == "about:blank");
  CHECK(d.text("/title") == "Too many requests");
  CHECK(std::int64_t(d["/status"]) == 429);
  CHECK(d.text("/detail") == "slow \"down\"");
  CHECK(d.text("/code") == "rate_limited");
  CHECK(d.text("/provider") == "first");
  CHECK(d.text("/detail_status") == "429");
  CHECK(d.text("/a\"b") == "odd");
  CHECK(std::int64_t(d["/retry_after_ms"]) == 1500);
  CHECK(d.text("/request_id") == "req-1");
}

TEST_CASE("a problem without status and request id leaves both out") {
  const document d{wire::problem_json(error{errc::internal, "x"}, 0, "")};
  CHECK_FALSE(d.has("/status"));
  CHECK_FALSE(d.has("/request_id"));
  CHECK_FALSE(d.has("/turn"));
}

TEST_CASE("a failed turn's problem shows the turn and what became of its parts") {
  const auto reply = full_reply();
  std::string out;
  wire::append_problem(out, error{errc::provider_unavailable, "none answered"}, 502, "r", &reply);
  const document d{out};
  CHECK(d.text("/turn") == "turn_1");
  CHECK(d.text("/conversation_id") == "conv_1");
  CHECK(d.text("/agent") == "market");
  CHECK(d.text("/parts/0/attempts/0/provider") == "first");
}

TEST_CASE("costs that are withheld are left out, wherever they stand") {
  const auto reply = full_reply();
  std::string whole;
  wire::append_json(whole, reply, wire::costs::withheld);
  std::string problem;
  wire::append_problem(problem, error{errc::internal, "x"}, 500, "r", &reply,
                       wire::costs::withheld);
  turn_event event;
  event.type = event_type::completed;
  event.reply = std::make_shared<turn_reply>(reply);
  const auto ended = wire::to_json(event, wire::costs::withheld);
  event.type = event_type::part_finished;
  event.part = std::make_shared<part_report>(reply.parts[0]);
  const auto part = wire::to_json(event, wire::costs::withheld);
  for (const auto& text : {whole, problem, ended, part}) {
    INFO(text);
    CHECK(text.find("_usd") == std::string::npos);
    CHECK(text.find(R"("tokens":{"in")") != std::string::npos);
  }
  const document d{whole};
  CHECK(std::int64_t(d["/parts/0/tokens/out"]) == 20);
  CHECK_FALSE(bool(d["/parts/0/cached"]));
  CHECK(std::int64_t(d["/usage/in"]) == 30);
  CHECK(double(d["/timings/total"]) == 22);
}

TEST_CASE("a failed reply carries its error") {
  auto reply = full_reply();
  reply.status = turn_status::failed;
  reply.why = error{errc::agent_down, "gone"};
  const document d{wire::to_json(reply)};
  CHECK(d.text("/status") == "failed");
  CHECK(d.text("/error/code") == "agent_down");
  CHECK(d.text("/error/message") == "gone");
}

TEST_CASE("an agent's state and a health report have their members") {
  agent_status agent;
  agent.name = "market";
  agent.aliases = {"pricing"};
  agent.title = "prices";
  agent.state = "up";
  agent.skills = {"reprice"};
  agent.turns = 7;
  agent.median = 1250us;
  const document a{wire::to_json(agent)};
  CHECK(a.text("/audience") == "seller");
  CHECK(a.text("/aliases/0") == "pricing");
  CHECK(std::int64_t(a["/turns"]) == 7);
  CHECK(double(a["/median_ms"]) == 1.25);

  health_report report;
  report.status = "degraded";
  report.ready = true;
  report.uptime = 61s;
  report.version = "1.2.3";
  report.features = {"bridge"};
  report.components = {{"store", "up", "fine"}};
  const document h{wire::to_json(report)};
  CHECK(h.text("/status") == "degraded");
  CHECK(bool(h["/ready"]));
  CHECK(std::int64_t(h["/uptime_seconds"]) == 61);
  CHECK(h.text("/services/0/name") == "store");
  CHECK(h.text("/features/0") == "bridge");
}
