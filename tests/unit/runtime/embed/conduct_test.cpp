// The table "conduct under fault", row by row, in virtual time: what the caller gets, and what the
// providers see.
#include "tests/unit/runtime/embed/conduct_fixture.hpp"

using namespace flipsync;
using namespace flipsync::test;

TEST_CASE("a provider that asks to wait longer than the deadline is left at once") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 60s;
  pair_of rt{always(why)};
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "second"});
}

TEST_CASE("a pause never delays a fallback that could already run") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 2s;
  pair_of rt{always(why)};
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
}

TEST_CASE("while a provider rests, the next call goes elsewhere without asking it") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 2s;
  pair_of rt{always(why)};
  rt.say();
  rt.advance(5ms);
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(tried(*log) == list{"second"});
  CHECK(log->reply().parts[0].why_model.find("scripted is at its limit") != std::string::npos);
  CHECK(rt.provider->requests().size() == 1);
}

TEST_CASE("a rate limit without a time is tried three times at most, with growing pauses") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.core.rate_limit_retry_base = 1s; }};
  rt.play = [](const model_request&, std::size_t) {
    return failing(error{errc::rate_limited, "busy"});
  };
  const auto log = rt.ask("hello");
  rt.advance(5s);
  CHECK(log->reply().why.code == errc::rate_limited);
  CHECK(rt.provider->requests().size() == 3);
}

TEST_CASE("one server error is cured by the same provider") {
  pair_of rt{
    [](const model_request&, std::size_t call) { return call == 0 ? failing(down()) : script{}; }};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().message == "an answer");
  CHECK(tried(*log) == list{"scripted", "scripted"});
  CHECK(rt.second->requests().empty());
}

TEST_CASE("a provider that stays broken is left after its attempts") {
  pair_of rt{always(down())};
  const auto log = rt.say();
  rt.advance(200ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "scripted", "scripted", "second"});
}

TEST_CASE("a refused connection is tried once more, then left") {
  pair_of rt{always(refused())};
  const auto log = rt.say();
  rt.advance(60ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "scripted", "second"});
}

TEST_CASE("a silent route is not tried again in the same turn, by no part of it") {
  pair_of rt{always(late("first_byte")), [](assembly& parts) {
               auto more = part("quick_replies", part_source::model, false, 0.9, "response");
               more.instruction = "Propose replies.";
               parts.agents[1].parts = {more};
             }};
  const auto log = rt.say();
  rt.advance(60ms);
  REQUIRE(log->reply().parts.size() == 2);
  CHECK(rt.provider->requests().size() == 1);
  CHECK(rt.second->requests().size() == 2);
  const auto next = rt.say();
  rt.advance(60ms);
  CHECK(rt.provider->requests().size() == 2); // the next turn is another matter
}

TEST_CASE("a first token that is late ends the attempt and closes its socket") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 10s, .tokens = {"too late"}, .text = "too late"};
             },
             [](assembly& parts) { parts.providers[0].first_token_timeout = 500ms; }};
  const auto log = rt.say(true);
  rt.advance(499ms);
  CHECK(rt.provider->running() == 1);
  rt.advance(10ms);
  CHECK(rt.provider->running() == 0);
  check_second_answered(*log);
  CHECK(log->reply().parts[0].attempts[0].outcome == errc::deadline_exceeded);
  CHECK(log->count(event_type::restarted) == 0); // nothing was shown yet
}

TEST_CASE("a first token that comes in time leaves the stream alone") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 2s, .tokens = {"a", "b", "c", "d"}, .text = "abcd"};
             },
             [](assembly& parts) { parts.providers[0].first_token_timeout = 500ms; }};
  const auto log = rt.say(true);
  rt.advance(3s);
  CHECK(log->reply().message == "abcd");
}

TEST_CASE("a cut or stalled stream is void, and the fallback tells it whole") {
  for (const auto& why : {cut(), late("idle")}) {
    pair_of rt{[&](const model_request&, std::size_t) {
      return script{.after = 50ms, .tokens = {"half"}, .why = why};
    }};
    const auto log = rt.say(true);
    rt.advance(200ms);
    check_second_answered(*log);
    CHECK(log->count(event_type::restarted) == 1);
    CHECK(rt.provider->requests().size() == 1);
  }
}

TEST_CASE("without a fallback a cut stream is told once more by the same provider") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return failing(cut()); };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  CHECK(log->reply().why.code == errc::malformed_reply);
  CHECK(rt.provider->requests().size() == 2);
}

TEST_CASE("held-back tokens are never shown of a stream that is cut early") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 50ms, .tokens = {"half"}, .why = cut()};
             },
             [](assembly& parts) { parts.core.conduct.hold_tokens = 2; }};
  const auto log = rt.say(true);
  rt.advance(200ms);
  check_second_answered(*log);
  CHECK(log->streamed().empty());
  CHECK(log->count(event_type::restarted) == 0);
}

TEST_CASE("held-back tokens are shown once the route has proved itself, or has ended well") {
  for (const std::size_t count : {2, 5}) {
    pair_of rt{[count](const model_request&, std::size_t) {
                 return script{.after = 60ms,
                               .tokens = std::vector<std::string>(count, "x"),
                               .text = std::string(count, 'x')};
               },
               [](assembly& parts) { parts.core.conduct.hold_tokens = 2; }};
    const auto log = rt.say(true);
    rt.advance(100ms);
    CHECK(log->streamed() == std::string(count, 'x'));
    CHECK(log->reply().message == std::string(count, 'x'));
  }
}

TEST_CASE("a prompt that is too long goes to a larger model if there is one") {
  pair_of rt{[](const model_request& request, std::size_t) {
               return request.model == "roomy" ? script{}
                                               : failing(error{errc::context_too_long, "too long"});
             },
             [](assembly& parts) { parts.providers[0].long_model = "roomy"; }};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().message == "an answer");
  CHECK(rt.provider->requests().size() == 2);
  CHECK(rt.second->requests().empty()); // nothing says that it holds more
}

TEST_CASE("a prompt that is too long for all is refused with the provider's reason") {
  pair_of rt{always(error{errc::context_too_long, "too long"}.with("reason", "8193 tokens"))};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().why.code == errc::context_too_long);
  CHECK(log->reply().why.detail("reason") == "8193 tokens");
  CHECK(rt.provider->requests().size() == 1);
  CHECK(rt.second->requests().empty());
}

TEST_CASE("a refused key is ejected and reported, and the fallback answers") {
  pair_of rt{
    always(error{errc::provider_rejected, "no"}.with("status", "401").with("reason", "key"))};
  rt.say();
  rt.advance(5ms);
  CHECK(rt.health_of(0).key_refused);
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
  CHECK(rt.provider->requests().size() == 1);
  CHECK(log->reply().parts[0].why_model.find("scripted has refused the key") != std::string::npos);
}

TEST_CASE("garbage goes to the fallback at once") {
  for (const auto& why : {error{errc::malformed_reply, "HTML"},
                          error{errc::malformed_reply, "endless"}.with("limit", "size")}) {
    pair_of rt{always(why)};
    const auto log = rt.say();
    rt.advance(60ms);
    check_second_answered(*log);
    CHECK(rt.provider->requests().size() == 1);
  }
}
