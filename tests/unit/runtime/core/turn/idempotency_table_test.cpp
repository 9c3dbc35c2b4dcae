#include "runtime/core/turn/idempotency_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/event_record.hpp"
#include "tests/support/fake_facade.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

/// A table in a time of its own.
struct fixture {
  explicit fixture(idempotency_limits limits = {}) : table{limits, [this] { return now; }} {}

  idempotency_table::entry begin(const std::string& name, const std::string& content = "body",
                                 const std::string& scope = "acme") {
    return table.begin(scope, name, content).value();
  }

  /// Begins and runs a turn.
  std::shared_ptr<fake_turn> run(const std::string& name, const std::string& content = "body") {
    const auto entry = begin(name, content);
    REQUIRE(entry.fresh);
    auto running = std::make_shared<fake_turn>("turn_" + name, turn_request{}, entry.turn);
    entry.turn->runs(turn{running});
    return running;
  }

  mono_time now{1000h};
  idempotency_table table;
};

std::string reply_to(const idempotency_table::entry& entry) {
  const auto sink = std::make_shared<event_record>();
  entry.turn->join(sink);
  return sink->ended() ? sink->events.back().reply->message : "";
}

} // namespace

TEST_CASE("the same name and content gets the reply that there was") {
  fixture f;
  f.run("a")->complete("first");
  const auto again = f.begin("a");
  CHECK_FALSE(again.fresh);
  CHECK(reply_to(again) == "first");
}

TEST_CASE("a second request while the first runs joins it") {
  fixture f;
  const auto running = f.run("a");
  const auto second = f.begin("a");
  CHECK_FALSE(second.fresh);
  const auto sink = std::make_shared<event_record>();
  second.turn->join(sink);
  CHECK_FALSE(sink->ended());
  running->complete("one answer");
  CHECK(sink->events.back().reply->message == "one answer");
}

TEST_CASE("the same name with another content is a conflict, running and done") {
  fixture f;
  const auto running = f.run("a");
  CHECK(f.table.begin("acme", "a", "other").error().code == errc::conflict);
  running->complete();
  const auto refused = f.table.begin("acme", "a", "other");
  CHECK(refused.error().code == errc::conflict);
  CHECK(refused.error().detail("field") == "idempotency-key");
}

TEST_CASE("names of different owners are different names") {
  fixture f;
  f.run("a")->complete("secret");
  CHECK(f.begin("a", "body", "other").fresh);
  CHECK(f.begin("ea", "body", "acm").fresh);
  CHECK(f.begin("", "body", "acmea").fresh);
}

TEST_CASE("a reply is kept for its time from its end on, and then forgotten") {
  fixture f;
  const auto running = f.run("a");
  f.now += 5min;
  running->complete("first");
  f.now += 24h - 1ms;
  CHECK_FALSE(f.begin("a").fresh);
  f.now += 1ms;
  CHECK(f.begin("a").fresh);
}

TEST_CASE("what failed is not kept, so that it can be tried again") {
  fixture f;
  f.run("a")->fail(error{errc::provider_unavailable, "down"});
  CHECK(f.table.entries() == 0);
  f.run("a")->complete("now it works");
  CHECK(reply_to(f.begin("a")) == "now it works");
}

TEST_CASE("who hears that a turn failed can try it again at once") {
  /// Asks again as soon as it hears the end.
  struct impatient final : event_sink {
    explicit impatient(fixture& of) : f{of} {}
    void on_event(const turn_event& event) override {
      if (is_terminal(event.type))
        fresh_again = f.begin("a").fresh;
    }
    fixture& f;
    bool fresh_again = false;
  };
  fixture f;
  const auto running = f.run("a");
  const auto sink = std::make_shared<impatient>(f);
  f.begin("a").turn->join(sink);
  running->fail(error{errc::provider_unavailable, "down"});
  CHECK(sink->fresh_again);
}

TEST_CASE("what was refused or cancelled is not kept") {
  fixture f;
  f.begin("a").turn->refuse(error{errc::overloaded, "full"});
  CHECK(f.table.entries() == 0);
  const auto running = f.run("b");
  running->cancel("gone");
  CHECK(f.table.entries() == 0);
  CHECK(f.begin("b").fresh);
}

TEST_CASE("the oldest reply makes room for a new name, a running one never") {
  fixture f{{24h, 3, 1'000'000}};
  const auto first = f.run("first");
  f.run("second")->complete("2");
  first->complete("1");
  const auto third = f.run("third");
  const auto fourth = f.run("fourth");
  CHECK(f.table.entries() == 3);
  CHECK(reply_to(f.begin("first")) == "1");
  const auto fifth = f.run("fifth");
  const auto refused = f.table.begin("acme", "sixth", "body");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::overloaded);
  CHECK(refused.error().retry_after.has_value());
  third->complete("3");
  CHECK(f.begin("sixth").fresh);
  // A turn and what waits for it hold each other until it ends, as every one does.
  fourth->complete();
  fifth->complete();
}

TEST_CASE("kept replies stay within their memory") {
  fixture f{{24h, 1000, 100'000}};
  for (int i = 0; i < 100; ++i) {
    f.run("name " + std::to_string(i))->complete(std::string(3000, 'x'));
    CHECK(f.table.bytes() <= 100'000);
  }
  CHECK(f.table.entries() > 3);
  CHECK_FALSE(f.begin("name 99").fresh);
  CHECK(f.begin("name 0").fresh);
}

TEST_CASE("a reply larger than all the memory is given and not kept") {
  fixture f{{24h, 1000, 10'000}};
  const auto running = f.run("a");
  const auto sink = std::make_shared<event_record>();
  f.begin("a").turn->join(sink);
  running->complete(std::string(50'000, 'x'));
  CHECK(sink->ended());
  CHECK(f.table.entries() == 0);
  CHECK(f.table.bytes() == 0);
}

TEST_CASE("a turn may end after its table is gone") {
  auto f = std::make_unique<fixture>();
  const auto running = f->run("a");
  f.reset();
  running->complete("late");
  CHECK(running->id() == "turn_a");
}
