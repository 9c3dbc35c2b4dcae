// Restart is a policy.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

void crash_seller(virtual_runtime& rt) {
  rt.kill(rt.runtime->at_hand()->agents[1]);
  rt.run();
}

std::string seller_state(const virtual_runtime& rt) {
  std::string state;
  rt.runtime->agents([&](result<std::vector<agent_status>> all) { state = (*all)[1].state; });
  return state;
}

} // namespace

TEST_CASE("a crashed agent fails the turns it held, is restarted, and answers the next") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t call) {
    return call == 0 ? script{.hang = true} : script{};
  };
  const auto held = rt.ask("one");
  const auto other = rt.submit([] {
    turn_request request;
    request.message = "two";
    request.agent = "shopper";
    return request;
  }());
  crash_seller(rt);
  CHECK(held->reply().why.code == errc::agent_down);
  CHECK(held->reply().why.detail("agent") == "seller");
  rt.advance(1ms);
  CHECK(other->reply().status == turn_status::ok); // nobody else's turn is touched
  const auto next = rt.ask("three");
  rt.advance(1ms);
  CHECK(next->reply().status == turn_status::ok);
  CHECK(rt.runtime->env().counters[1]->restarts == 1);
  CHECK(rt.provider->running() == 0); // what the crashed one had asked for is cancelled
}

TEST_CASE("an agent that crashes too often is given up, and its turns are refused clearly") {
  virtual_runtime rt; // 3 in 30 s
  for (int i = 0; i < 3; ++i)
    crash_seller(rt);
  CHECK(seller_state(rt) == "up");
  crash_seller(rt);
  CHECK(seller_state(rt) == "down");
  const auto log = rt.ask("hello");
  CHECK(log->reply().why.code == errc::agent_down);
  CHECK(rt.runtime->health().status == "degraded");
  const auto other = rt.submit([] {
    turn_request request;
    request.message = "hello";
    request.agent = "shopper";
    return request;
  }());
  rt.advance(1ms);
  CHECK(other->reply().status == turn_status::ok);
}

TEST_CASE("crashes that are far apart do not add up") {
  virtual_runtime rt;
  for (int i = 0; i < 6; ++i) {
    crash_seller(rt);
    rt.advance(11s);
  }
  CHECK(seller_state(rt) == "up");
}

TEST_CASE("a message that crashes an agent twice is refused the third time") {
  virtual_runtime rt{[](assembly&, agent_library& library) {
    library.add("seller",
                std::make_shared<test_plan>([](const agent_spec&, const skill_input& input) {
                  if (input.message.text == "poison")
                    throw std::runtime_error{"boom"};
                  return part_plan{part("response", part_source::model, true, 0.97)};
                }));
  }};
  for (int i = 0; i < 2; ++i) {
    const auto log = rt.ask("poison");
    CHECK(log->reply().why.code == errc::agent_down);
  }
  CHECK(rt.runtime->env().counters[1]->restarts == 2);
  const auto third = rt.ask("poison");
  CHECK(third->reply().why.code == errc::agent_down);
  CHECK(third->reply().why.message.find("not tried again") != std::string::npos);
  CHECK(rt.runtime->env().counters[1]->restarts == 2);
  const auto fine = rt.ask("hello");
  rt.advance(1ms);
  CHECK(fine->reply().status == turn_status::ok);
}

TEST_CASE("a crashed gateway, provider, store or survey is restarted, and the next turn answered") {
  virtual_runtime rt;
  const auto check_next = [&](const char* what) {
    rt.run();
    const auto log = rt.ask("hello");
    rt.advance(1ms);
    INFO(what);
    CHECK(log->reply().status == turn_status::ok);
  };
  rt.kill(rt.runtime->at_hand()->gateway);
  check_next("gateway");
  rt.kill(rt.runtime->at_hand()->providers[0]);
  check_next("provider");
  rt.kill(rt.runtime->at_hand()->store);
  check_next("store");
  rt.kill(rt.runtime->at_hand()->survey);
  check_next("survey");
}

TEST_CASE("when the store is given up, no turn is called complete") {
  virtual_runtime rt;
  for (int i = 0; i < 4; ++i) {
    rt.kill(rt.runtime->at_hand()->store);
    rt.run();
  }
  const auto log = rt.ask("hello");
  rt.advance(10ms);
  CHECK(log->reply().why.code == errc::store_failed);
}

TEST_CASE("when the survey is given up, turns that need new words fail, and health tells") {
  virtual_runtime rt;
  for (int i = 0; i < 4; ++i) {
    rt.kill(rt.runtime->at_hand()->survey);
    rt.run();
  }
  const auto before = rt.ask("hello");
  rt.advance(10ms);
  CHECK(before->reply().status == turn_status::ok);
  rt.store->version = 2;
  const auto after = rt.ask("hello");
  rt.advance(10ms);
  CHECK(after->reply().why.code == errc::store_failed);
  CHECK(after->reply().why.message == "the catalogue's reader is down");
  CHECK(rt.runtime->health().status == "degraded");
}

TEST_CASE("while the store cannot commit, health tells why, and until a commit succeeds") {
  virtual_runtime rt;
  const auto store = [&rt] {
    const auto health = rt.runtime->health();
    return health.components.front().name + ' ' + health.components.front().status + ' '
           + health.components.front().detail;
  };
  CHECK(store() == "store up ");
  for (const bool at_once : {false, true}) {
    rt.store->at_once = at_once;
    rt.store->broken = true;
    const auto lost = rt.ask("hello");
    rt.advance(10ms);
    CHECK(lost->reply().why.code == errc::store_failed);
    CHECK(rt.runtime->health().status == "degraded");
    CHECK(rt.runtime->health().ready);
    rt.store->broken = false;
    CHECK(store() == "store degraded the test broke the store");
    const auto kept = rt.ask("hello");
    rt.advance(10ms);
    CHECK(kept->reply().status == turn_status::ok);
    CHECK(store() == "store up ");
  }
}

TEST_CASE("an agent refuses turns beyond its limit") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.agents[1].max_in_flight = 1; }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 50ms}; };
  const auto one = rt.ask("one");
  const auto two = rt.ask("two");
  CHECK(two->reply().why.code == errc::overloaded);
  CHECK(two->reply().why.detail("agent") == "seller");
  rt.advance(60ms);
  CHECK(one->reply().status == turn_status::ok);
}
