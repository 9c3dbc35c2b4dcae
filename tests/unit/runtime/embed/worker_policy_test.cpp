#include "runtime/embed/worker_policy.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <vector>

using namespace flipsync;

namespace {

std::unique_ptr<caf::actor_system_config> with_workers(std::size_t count) {
  static const bool ready = [] {
    caf::core::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(ready);
  auto config = std::make_unique<caf::actor_system_config>();
  config->set("caf.scheduler.max-threads", count);
  config->set("caf.scheduler.max-throughput", std::size_t{50});
  use_worker_policy(*config);
  return config;
}

/// Sends itself the number less one until it is 0, then tells whom it was asked to.
caf::behavior countdown(caf::event_based_actor* self) {
  return {[self](std::int32_t left, const caf::actor& whom) {
    if (left == 0)
      self->send(whom, std::int32_t{0});
    else
      self->send(caf::actor{self}, left - 1, whom);
  }};
}

} // namespace

TEST_CASE("An actor that never rests leaves a single worker's other actors their turn") {
  const auto config = with_workers(1);
  caf::actor_system system{*config};
  {
    const caf::scoped_actor me{system};
    auto restless = me->spawn([](caf::event_based_actor* self) -> caf::behavior {
      return {[self](const caf::actor& peer) { self->send(peer, caf::actor{self}); }};
    });
    auto other = me->spawn([](caf::event_based_actor* self) -> caf::behavior {
      return {[self](const caf::actor& peer) { self->send(peer, caf::actor{self}); }};
    });
    // The two send each other one message for ever.
    me->send(restless, other);
    auto counting = me->spawn(countdown);
    me->send(counting, std::int32_t{200}, caf::actor_cast<caf::actor>(me));
    bool arrived = false;
    me->receive([&](std::int32_t) { arrived = true; });
    CHECK(arrived);
    me->send_exit(restless, caf::exit_reason::user_shutdown);
    me->send_exit(other, caf::exit_reason::user_shutdown);
    me->send_exit(counting, caf::exit_reason::user_shutdown);
  }
  system.await_all_actors_done();
}

TEST_CASE("What many actors do at once is all done, with several workers") {
  const auto config = with_workers(3);
  caf::actor_system system{*config};
  {
    const caf::scoped_actor me{system};
    constexpr int many = 100;
    std::vector<caf::actor> counting;
    for (int i = 0; i < many; ++i) {
      counting.push_back(me->spawn(countdown));
      me->send(counting.back(), std::int32_t{50}, caf::actor_cast<caf::actor>(me));
    }
    int arrived = 0;
    for (int i = 0; i < many; ++i)
      me->receive([&](std::int32_t) { ++arrived; });
    CHECK(arrived == many);
    for (const auto& each : counting)
      me->send_exit(each, caf::exit_reason::user_shutdown);
  }
  system.await_all_actors_done();
}
