#include "runtime/embed/lent_unit.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/ref_counted.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/embed/worker_policy.hpp"

using namespace flipsync;

namespace {

std::unique_ptr<caf::actor_system_config> with_one_worker() {
  static const bool ready = [] {
    caf::core::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(ready);
  auto config = std::make_unique<caf::actor_system_config>();
  config->set("caf.scheduler.max-threads", std::size_t{1});
  config->set("caf.scheduler.max-throughput", std::size_t{50});
  use_worker_policy(*config);
  return config;
}

/// A job that writes its name down and makes others ready.
class job final : public caf::resumable, public caf::ref_counted {
public:
  job(std::string& log, std::string name, std::vector<job*> makes_ready = {})
    : log_{log},
      name_{std::move(name)},
      makes_ready_{std::move(makes_ready)} {
    ref(); // the queue's; the test keeps the first
  }
  resume_result resume(caf::execution_unit* unit, std::size_t) override {
    log_ += name_;
    for (auto* each : makes_ready_)
      unit->exec_later(each);
    return awaiting_message;
  }
  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }

private:
  std::string& log_;
  std::string name_;
  std::vector<job*> makes_ready_;
};

/// Makes the next one ready each time, for ever.
class restless final : public caf::resumable, public caf::ref_counted {
public:
  resume_result resume(caf::execution_unit*, std::size_t) override {
    ++times;
    return resume_later;
  }
  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }
  unsigned times = 0;
};

/// A loop of the calling thread's, as an adapter has one.
struct lent_loop {
  bool wanted = false;
  thread_loan loan{[this] { wanted = true; }};

  bool run() {
    if (!std::exchange(wanted, false))
      return false;
    loan.run();
    return true;
  }
};

/// Where, and how often, an actor handled a message.
struct sighting {
  std::atomic<std::thread::id> thread;
  std::atomic<int> times = 0;
};

/// Notes each message that it handles, after passing it on if it was told to whom.
caf::behavior witness(caf::event_based_actor* self, sighting* seen, const caf::actor& next) {
  return {[self, seen, next](std::int32_t value) {
    if (next)
      self->send(next, value);
    seen->thread = std::this_thread::get_id();
    ++seen->times;
  }};
}

/// More time for the worker to fall asleep with each try.
void give_time(int tries) {
  for (int i = 0; i < tries; ++i)
    std::this_thread::yield();
}

} // namespace

TEST_CASE("A lent thread runs what a job makes ready, in the order in which it became ready") {
  const auto config = with_one_worker();
  caf::actor_system system{*config};
  job_queue shared;
  std::string log;
  job d{log, "d"};
  job c{log, "c"};
  job b{log, "b", {&d}};
  job a{log, "a", {&b, &c}};
  lent_unit{system, shared}.run(&a, 50);
  CHECK(log == "abcd");
  CHECK(shared.try_take() == nullptr);
}

TEST_CASE("A lent thread keeps a few jobs before it and hands further ones to the workers") {
  const auto config = with_one_worker();
  caf::actor_system system{*config};
  job_queue shared;
  std::string log;
  static_assert(lent_unit::ahead == 3);
  job e{log, "e"};
  job d{log, "d"};
  job c{log, "c"};
  job b{log, "b"};
  job a{log, "a", {&b, &c, &d, &e}};
  lent_unit{system, shared}.run(&a, 50);
  CHECK(log == "abcd");
  CHECK(shared.try_take() == &e);
  CHECK(shared.try_take() == nullptr);
  e.deref(); // the reference of the queue, whose job was not run
}

TEST_CASE("A lent thread hands over to the workers what does not come to rest") {
  const auto config = with_one_worker();
  caf::actor_system system{*config};
  job_queue shared;
  restless endless;
  lent_unit{system, shared}.run(&endless, 50);
  CHECK(endless.times >= 1);
  CHECK(endless.times <= lent_unit::most);
  CHECK(shared.try_take() == &endless);
}

TEST_CASE(
  "What a lent thread makes ready runs there once the workers sleep, with all that follows") {
  const auto config = with_one_worker();
  caf::actor_system system{*config};
  sighting first;
  sighting second;
  auto after = system.spawn(witness, &second, caf::actor{});
  auto before = system.spawn(witness, &first, after);
  lent_loop mine;
  // Until the worker has gone to sleep, the job is the worker's.
  for (int tries = 1; second.thread.load() != std::this_thread::get_id(); ++tries) {
    give_time(tries);
    caf::anon_send(before, std::int32_t{1});
    while (second.times < tries)
      if (!mine.run())
        std::this_thread::yield();
  }
  CHECK(first.thread.load() == std::this_thread::get_id());
  caf::anon_send_exit(before, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(after, caf::exit_reason::user_shutdown);
  mine.run();
  system.await_all_actors_done();
}

TEST_CASE("A loan that ends before its job has run leaves it to the workers") {
  const auto config = with_one_worker();
  caf::actor_system system{*config};
  {
    const caf::scoped_actor me{system};
    auto echo = me->spawn([](caf::event_based_actor*) -> caf::behavior {
      return {[](std::int32_t value) { return value; }};
    });
    bool taken = false;
    for (int tries = 1; !taken; ++tries) {
      give_time(tries);
      {
        const lent_loop mine;
        me->send(echo, std::int32_t{7});
        taken = mine.wanted;
      }
      std::int32_t answer = 0;
      me->receive([&](std::int32_t value) { answer = value; });
      CHECK(answer == 7);
    }
    me->send_exit(echo, caf::exit_reason::user_shutdown);
  }
  system.await_all_actors_done();
}
