#include "runtime/core/session/session_machine.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/runtime/core/session/session_fixture.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE(
  "a frame with a message and without a type is a turn, with tokens unless it says otherwise") {
  const auto runtime = holding_facade();
  client c{*runtime};
  c.say(R"({"message":"hello","audience":"seller","id":"a"})");
  const auto turn = runtime->next_turn();
  CHECK(turn->request.message == "hello");
  CHECK(turn->request.who == audience::seller);
  CHECK(turn->request.stream);
  c.say(R"({"type":"message","message":"quiet","stream":false})");
  CHECK_FALSE(runtime->next_turn()->request.stream);
  turn->complete();
  CHECK_THAT(c.last(),
             ContainsSubstring(R"("type":"completed")") && ContainsSubstring(R"("id":"a"})"));
}

TEST_CASE("what the door knows of a session goes into every turn") {
  const auto runtime = holding_facade();
  session_options options;
  options.tenant = "acme";
  options.who = audience::shopper;
  options.request_id = "r1";
  client c{*runtime, options};
  c.say(R"({"message":"x"})");
  const auto turn = runtime->next_turn();
  CHECK(turn->request.tenant == "acme");
  CHECK(turn->request.who == audience::shopper);
  CHECK(turn->request.request_id == "r1");
  c.say(R"({"message":"x","audience":"seller","id":9})");
  CHECK_THAT(c.last(), ContainsSubstring("forbidden") && ContainsSubstring(R"("id":9)"));
  CHECK(runtime->submitted() == 1);
}

TEST_CASE("a socket of one conversation goes on with it") {
  const auto runtime = holding_facade();
  session_options options;
  options.one_conversation = true;
  client c{*runtime, options};
  c.say(R"({"message":"x"})");
  CHECK(runtime->next_turn()->request.conversation_id == "conv_minted");
  c.say(R"({"message":"x","conversation_id":"mine"})");
  CHECK(runtime->next_turn()->request.conversation_id == "mine");
  c.say(R"({"message":"x"})");
  CHECK(runtime->next_turn()->request.conversation_id == "mine");
  client any{*runtime};
  any.say(R"({"message":"x"})");
  CHECK(runtime->next_turn()->request.conversation_id.empty());
}

TEST_CASE("a refused message leaves a socket in its conversation") {
  const auto runtime = holding_facade();
  session_options options;
  options.one_conversation = true;
  client c{*runtime, options};
  const auto next_goes_to = [&] {
    c.say(R"({"message":"x"})");
    return runtime->next_turn()->request.conversation_id;
  };
  SECTION("because the conversation's name is none") {
    c.say(R"({"message":"x","conversation_id":"mine"})");
    runtime->next_turn()->complete();
    c.say(R"({"message":"x","conversation_id":"no good","id":2})");
    CHECK_THAT(c.last(), ContainsSubstring(R"("type":"failed")") && ContainsSubstring(R"("id":2)"));
    CHECK(next_goes_to() == "mine");
  }
  SECTION("because the message is too long, and it was the first") {
    c.say(R"({"conversation_id":"other","message":")" + std::string(8'001, 'x') + R"("})");
    CHECK(next_goes_to() == "conv_minted");
  }
  SECTION("because no agent has it, which is known later") {
    c.say(R"({"message":"x","conversation_id":"mine"})");
    runtime->next_turn()->complete();
    c.say(R"({"message":"x","agent":"nobody","conversation_id":"other"})");
    const auto refused = runtime->next_turn();
    // As long as it is not known, what follows belongs to it.
    CHECK(next_goes_to() == "other");
    refused->fail(error{errc::not_found, "there is no agent of that name"});
    CHECK(next_goes_to() == "mine");
  }
}

TEST_CASE("a message that failed while it was answered has moved its socket") {
  const auto runtime = holding_facade();
  session_options options;
  options.one_conversation = true;
  client c{*runtime, options};
  c.say(R"({"message":"x"})");
  runtime->next_turn()->complete();
  c.say(R"({"message":"x","conversation_id":"other"})");
  const auto turn = runtime->next_turn();
  turn->emit(event_type::part_started, "response");
  turn->fail(error{errc::provider_unavailable, "gone"});
  c.say(R"({"message":"x"})");
  CHECK(runtime->next_turn()->request.conversation_id == "other");
}

TEST_CASE("a cancel frame ends one turn, or all of the session") {
  const auto runtime = holding_facade();
  client c{*runtime};
  for (int i = 0; i < 3; ++i)
    c.say(R"({"message":"x"})");
  const auto one = runtime->next_turn();
  const auto two = runtime->next_turn();
  const auto three = runtime->next_turn();
  c.say(R"({"type":"cancel","turn":")" + two->id() + R"("})");
  CHECK(two->cancelled());
  CHECK_FALSE(one->cancelled());
  c.say(R"({"type":"cancel"})");
  CHECK(one->cancelled());
  CHECK(three->cancelled());
  c.say(R"({"type":"cancel","turn":"turn_x","id":"k"})");
  CHECK_THAT(c.last(), ContainsSubstring("not_found") && ContainsSubstring(R"("field":"turn")")
                         && ContainsSubstring(R"("id":"k")"));
}

TEST_CASE("too many turns at once are refused, and one that ends makes room") {
  const auto runtime = holding_facade();
  runtime->sessions.settings.max_turns = 1;
  client c{*runtime};
  c.say(R"({"message":"x"})");
  const auto first = runtime->next_turn();
  c.say(R"({"message":"y","id":"late"})");
  CHECK_THAT(c.last(), ContainsSubstring("overloaded") && ContainsSubstring("retry_after_ms"));
  first->complete();
  c.say(R"({"message":"z"})");
  CHECK(runtime->next_turn()->request.message == "z");
}

TEST_CASE("a rate limit closes the session with 1008 after saying why") {
  const auto runtime = holding_facade();
  session_options options;
  options.admit_message = [left = 1](turn_request&) mutable -> result<std::shared_ptr<void>> {
    if (left-- > 0)
      return std::shared_ptr<void>{};
    return error{errc::rate_limited, "30 messages a minute"};
  };
  client c{*runtime, options};
  c.say(R"({"message":"x"})");
  c.say(R"({"message":"y","id":2})");
  CHECK_THAT(c.last(), ContainsSubstring("rate_limited") && ContainsSubstring(R"("id":2)"));
  CHECK(c.port->closed == close_code::policy);
  CHECK(runtime->submitted() == 1);
}

TEST_CASE("what lets a message in is held until its turn has ended") {
  const auto runtime = holding_facade();
  const auto place = std::make_shared<int>(0);
  session_options options;
  options.admit_message = [weak = std::weak_ptr{place}](turn_request& request) {
    request.locale = "de";
    return result<std::shared_ptr<void>>{weak.lock()};
  };
  client c{*runtime, options};
  c.say(R"({"message":"x"})");
  const auto turn = runtime->next_turn();
  CHECK(turn->request.locale == "de");
  CHECK(place.use_count() == 2);
  turn->complete();
  CHECK(place.use_count() == 1);
}

TEST_CASE("a held turn is resumed by the same tenant only") {
  const auto runtime = holding_facade();
  auto options = resumable();
  options.tenant = "acme";
  std::string id;
  std::shared_ptr<fake_turn> turn;
  {
    client before{*runtime, options};
    before.say(R"({"message":"x"})");
    turn = runtime->next_turn();
    id = turn->id();
    before.live->closed(session_end::dropped);
  }
  CHECK_FALSE(turn->cancelled());
  const auto resume = R"({"type":"resume","after_seq":0,"turn":")" + id + R"("})";
  client other{*runtime};
  other.say(resume);
  CHECK_THAT(other.last(), ContainsSubstring("not_found"));
  client same{*runtime, options};
  same.say(resume);
  CHECK(same.count(R"("type":"resumed")") == 1);
  turn->complete();
  CHECK(same.count(R"("turn":")" + id + R"(","seq":)") == 2);
  CHECK(same.count(R"("type":"completed")") == 1);
}

TEST_CASE("a turn that was resumed belongs to the new session") {
  const auto runtime = holding_facade();
  client before{*runtime, resumable()};
  before.say(R"({"message":"x"})");
  const auto turn = runtime->next_turn();
  client after{*runtime};
  after.say(R"({"type":"resume","after_seq":0,"turn":")" + turn->id() + R"("})");
  before.live->closed(session_end::left);
  CHECK_FALSE(turn->cancelled());
  after.live->closed(session_end::left);
  CHECK(turn->cancelled());
}

TEST_CASE("a shopper subscribes to shoppers' agents and to no decisions") {
  const auto runtime = holding_facade();
  agent_status seller;
  seller.name = "pricing";
  seller.who = audience::seller;
  agent_status shopper;
  shopper.name = "concierge";
  shopper.who = audience::shopper;
  runtime->roster = std::vector<agent_status>{seller, shopper};
  session_options options;
  options.who = audience::shopper;
  client c{*runtime, options};
  c.say(R"({"type":"subscribe","topics":["decisions"]})");
  CHECK_THAT(c.last(), ContainsSubstring("forbidden"));
  c.say(R"({"type":"subscribe","topics":["agents"]})");
  CHECK_THAT(c.last(), ContainsSubstring("concierge"));
  CHECK(c.count("pricing") == 0);
}
