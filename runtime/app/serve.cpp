#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <thread>

#include "adapters/bridge/bridge.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "config/assemble.hpp"
#include "runtime/app/access.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/door_settings.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/question_warming.hpp"
#include "runtime/app/reloading.hpp"
#include "runtime/app/warming.hpp"
#include "runtime/core/log.hpp"
#include "runtime/core/ports/shared_loop.hpp"

namespace flipsync::app {
namespace {

/// Everything that runs, in the order in which it was started; the members' destructors end it in
/// reverse.
struct service {
  data_dir_lock lock;
  std::shared_ptr<reload_desk> desk = std::make_shared<reload_desk>();
  /// By which the HTTP client runs on the door's thread.
  std::shared_ptr<shared_loop> loops = std::make_shared<shared_loop>();
  std::shared_ptr<running_runtime> runtime;
  std::unique_ptr<bridge> door;
  std::vector<config::warm_up> warm_ups;
};

result<std::shared_ptr<running_runtime>> start_runtime_in(const context& ctx,
                                                          const std::string& folder, service& out) {
  const auto& values = ctx.config.values;
  auto parts = config::assemble(values, out.loops);
  if (!parts)
    return parts.error();
  auto store = config::open_shop(values, parts->rules, folder);
  if (!store)
    return store.error();
  parts->store = *std::move(store);
  parts->importer = config::open_importer(values, parts->rules, folder);
  parts->reloader = out.desk;
  out.warm_ups = config::warm_ups(values, parts->providers);
  return start_runtime(*std::move(parts));
}

result<service> start(const context& ctx) {
  service out;
  auto settings = door_settings(ctx);
  if (!settings)
    return settings.error();
  const auto folder = config::data_folder(ctx.config.values, ctx.env);
  if (!folder)
    return folder.error();
  auto lock = lock_data_dir(*folder);
  if (!lock)
    return lock.error();
  out.lock = *std::move(lock);
  auto runtime = start_runtime_in(ctx, *folder, out);
  if (!runtime)
    return runtime.error();
  out.runtime = *std::move(runtime);
  settings->guests = out.loops;
  auto door = bridge::start(*settings, out.runtime);
  if (!door)
    return door.error();
  out.door = *std::move(door);
  return out;
}

/// Drains beside the main thread, which goes on listening for the second signal.
class drainer {
public:
  drainer(service& s, std::chrono::milliseconds grace)
    : done_{eventfd(0, EFD_CLOEXEC)},
      thread_{[&s, grace, done = done_] {
        const auto end = std::chrono::steady_clock::now() + grace;
        s.door->begin_drain();
        s.runtime->drain(grace);
        // What is answered has still to be sent.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
        s.door->wait_idle(std::max(left, std::chrono::milliseconds{100}));
        s.door->stop();
        s.runtime->stop();
        eventfd_write(done, 1);
      }} {}
  ~drainer() {
    thread_.join();
    close(done_);
  }
  drainer(const drainer&) = delete;
  drainer& operator=(const drainer&) = delete;
  [[nodiscard]] int fd() const noexcept { return done_; }

private:
  int done_;
  std::thread thread_;
};

/// Waits for the signal to end; meanwhile reads the configuration anew where it is told to.
void wait_for_end(signal_watch& signals, reload_desk& desk, reloading& configuration) {
  pollfd waits[2] = {{signals.fd(), POLLIN, 0}, {desk.fd(), POLLIN, 0}};
  for (;;) {
    if (const auto asked = desk.take(); !asked.empty()) {
      const auto outcome = configuration.run();
      for (const auto& done : asked)
        done(outcome);
      continue;
    }
    const int number = signals.take();
    if (number == SIGHUP)
      static_cast<void>(configuration.run());
    else if (number != 0)
      return;
    else
      poll(waits, 2, -1);
  }
}

void drain(service& s, signal_watch& signals, std::chrono::milliseconds grace) {
  const drainer work{s, grace};
  pollfd waits[2] = {{signals.fd(), POLLIN, 0}, {work.fd(), POLLIN, 0}};
  for (;;) {
    poll(waits, 2, -1);
    if (waits[1].revents != 0)
      return;
    if (const int number = signals.take(); number != 0 && number != SIGHUP) {
      // Nothing that runs is waited for. What was committed is safe: the store survives kill -9.
      std::cerr << "flipsync: ended at once by a second signal\n";
      std::_Exit(exit_failed);
    }
  }
}

} // namespace

int serve(const surroundings& here) {
  here.signals.watch_hangup();
  auto started = start(here.ctx);
  if (!started)
    return report(started.error());
  auto& s = *started;
  here.out.write("flipsync ready at " + s.door->url() + " (pid " + std::to_string(getpid())
                 + ")\n");
  if (!here.out.ok())
    log::warn("ready_line_lost", {{"reason", here.out.why()}});
  log::info("ready", {{"url", s.door->url()},
                      {"provider", here.ctx.config.values.models.provider},
                      {"profile", here.ctx.config.values.profile}});
  std::optional<warming> models{s.warm_ups};
  std::optional<question_warming> questions;
  questions.emplace(*s.runtime, here.ctx.config.values.cache.warm);
  {
    reloading configuration{here.ctx, *s.runtime, *s.door, s.loops};
    wait_for_end(here.signals, *s.desk, configuration);
    s.desk->close();
  }
  questions.reset();
  models.reset();
  log::info("draining", {{"turns", std::to_string(s.runtime->health().turns_in_flight)}});
  drain(s, here.signals, here.ctx.config.values.server.drain_grace);
  log::info("stopped");
  return exit_done;
}

} // namespace flipsync::app
