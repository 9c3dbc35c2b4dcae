// What follows a lone turn's commit runs on the store's thread (docs/adr/0019).
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

#include "runtime/core/store/store_actor.hpp"
#include "runtime/embed/worker_policy.hpp"
#include "tests/support/core/memory_store.hpp"

using namespace flipsync;

namespace {

struct sighting {
  std::atomic<std::thread::id> thread;
  std::atomic<int> times = 0;
};

/// Has the store keep a turn at each message, and notes where it hears that this was done.
caf::behavior keeper(caf::event_based_actor* self, const store_actor& store, sighting* seen) {
  return {[self, store, seen](std::int32_t) {
    self
      ->request(store, caf::infinite, append_atom_v,
                stored_turn_ptr{std::make_shared<const stored_turn>()},
                durable_call{std::make_shared<const std::function<void()>>([] {})})
      .then([seen] {
        seen->thread = std::this_thread::get_id();
        ++seen->times;
      });
  }};
}

} // namespace

TEST_CASE("What follows a lone commit runs on the store's thread once the workers sleep") {
  caf::init_global_meta_objects<caf::id_block::flipsync_core>();
  caf::core::init_global_meta_objects();
  caf::actor_system_config config;
  config.set("caf.scheduler.max-threads", std::size_t{1});
  use_worker_policy(config);
  caf::actor_system system{config};
  const auto memory = std::make_shared<test::memory_store>();
  std::atomic<std::thread::id> committed_on;
  memory->on_append = [&] { committed_on = std::this_thread::get_id(); };
  auto store = system.spawn<store_actor::stateful_impl<store_actor_state>, caf::detached>(
    store_actor_config{memory, 20});
  sighting seen;
  auto keeps = system.spawn(keeper, store, &seen);
  // Until the worker has gone to sleep, what follows is the worker's.
  int tries = 0;
  do {
    for (int i = 0; i < tries; ++i)
      std::this_thread::yield();
    caf::anon_send(keeps, std::int32_t{1});
    for (++tries; seen.times < tries;)
      std::this_thread::yield();
  } while (seen.thread.load() != committed_on.load());
  CHECK(memory->commits() == static_cast<std::size_t>(tries));
  caf::anon_send_exit(keeps, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
  keeps = nullptr;
  store = nullptr;
  system.await_all_actors_done();
}
