#include "runtime/core/session/turn_shelf.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/session/session_fixture.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

struct shelf_scene {
  explicit shelf_scene(session_settings settings = {})
    : shelf{std::make_shared<turn_shelf>(settings, clock, alarms)} {}
  /// As a runtime does at its end: no turn outlives it, and nothing is kept or waited for.
  ~shelf_scene() {
    for (const auto& running : begun)
      running->complete();
    shelf->clear();
    alarms->close();
  }
  shelf_scene(const shelf_scene&) = delete;
  shelf_scene& operator=(const shelf_scene&) = delete;

  /// A turn that has begun, of a session.
  std::shared_ptr<fake_turn> begin(std::uint64_t session, bool detach = false,
                                   const std::string& tenant = "default",
                                   audience who = audience::any) {
    turn_relay::options options;
    options.tenant = tenant;
    options.who = who;
    options.keep = true;
    options.detach = detach;
    auto relay = std::make_shared<turn_relay>(options, shelf, nullptr);
    auto running = std::make_shared<fake_turn>("turn_" + std::to_string(begun.size() + 1),
                                               turn_request{}, relay);
    begun.push_back(running);
    running->emit(event_type::turn_started, "c");
    relay->started(turn{running});
    shelf->put(relay, session);
    return running;
  }
  bool has(const std::shared_ptr<fake_turn>& t) const {
    return shelf->find("default", audience::any, t->id()) != nullptr;
  }

  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<alarm_queue> alarms = std::make_shared<alarm_queue>(clock);
  std::shared_ptr<turn_shelf> shelf;
  std::vector<std::shared_ptr<fake_turn>> begun;
};

} // namespace

TEST_CASE("a dropped session's turns are held for a while, and then cancelled") {
  shelf_scene s;
  const auto running = s.begin(7);
  CHECK(s.shelf->held_sessions() == 0);
  s.shelf->left(7, true);
  CHECK(s.shelf->held_sessions() == 1);
  s.clock->advance(59s);
  CHECK(s.has(running));
  CHECK_FALSE(running->cancelled());
  s.clock->advance(2s);
  CHECK_FALSE(s.has(running));
  CHECK(running->cancelled());
  CHECK(s.shelf->held_sessions() == 0);
}

TEST_CASE("a turn that was resumed is held no more") {
  shelf_scene s;
  const auto running = s.begin(7);
  s.shelf->left(7, true);
  s.shelf->resumed(running->id(), 8);
  s.clock->advance(10min);
  CHECK(s.has(running));
  CHECK_FALSE(running->cancelled());
  s.shelf->left(7, false); // the session before has no say any more
  CHECK(s.has(running));
  s.shelf->left(8, false);
  CHECK_FALSE(s.has(running));
}

TEST_CASE("an ended turn is kept for a while after its end") {
  shelf_scene s;
  const auto running = s.begin(7);
  s.clock->advance(10min);
  running->complete();
  s.clock->advance(59s);
  CHECK(s.has(running));
  s.clock->advance(2s);
  CHECK(s.shelf->size() == 0);
}

TEST_CASE("a detached turn outlives its session and is kept after its end") {
  shelf_scene s;
  const auto running = s.begin(7, true);
  s.shelf->left(7, false);
  s.clock->advance(10min);
  CHECK(s.has(running));
  CHECK_FALSE(running->cancelled());
  running->complete();
  s.clock->advance(61s);
  CHECK_FALSE(s.has(running));
}

TEST_CASE("only the same tenant finds a turn, and a shopper only a shopper's") {
  shelf_scene s;
  const auto sellers = s.begin(1, false, "acme", audience::seller);
  const auto shoppers = s.begin(1, false, "acme", audience::shopper);
  CHECK(s.shelf->find("acme", audience::seller, sellers->id()));
  CHECK_FALSE(s.shelf->find("other", audience::seller, sellers->id()));
  CHECK_FALSE(s.shelf->find("acme", audience::shopper, sellers->id()));
  CHECK(s.shelf->find("acme", audience::shopper, shoppers->id()));
}

TEST_CASE("beyond the limit the turn that would be forgotten first makes room") {
  session_settings settings;
  settings.max_kept_turns = 2;
  shelf_scene s{settings};
  const auto held = s.begin(1);
  s.shelf->left(1, true);
  const auto second = s.begin(2);
  const auto third = s.begin(3);
  CHECK_FALSE(s.has(held));
  CHECK(held->cancelled()); // nobody can come back for it
  CHECK(s.has(second));
  CHECK(s.has(third));
  CHECK_FALSE(second->cancelled());
}

TEST_CASE("a turn that was refused is not kept") {
  shelf_scene s;
  turn_relay::options options;
  options.detach = true;
  auto relay = std::make_shared<turn_relay>(options, s.shelf, nullptr);
  auto refused = std::make_shared<fake_turn>("turn_r", turn_request{}, relay);
  refused->fail(error{errc::overloaded, "full"});
  relay->started(turn{refused});
  s.shelf->put(relay, 0);
  CHECK(s.shelf->size() == 0);
}
