#include "runtime/app/turn_loop.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "runtime/app/event_queue.hpp"

namespace flipsync::app {
namespace {

void take_signal(signal_watch& signals, const turn& running, turn_outcome& outcome) {
  const int signal = signals.take();
  if (signal == 0)
    return;
  outcome.leave = outcome.leave || outcome.interrupted || signal == SIGTERM;
  outcome.interrupted = true;
  running.cancel("cancelled by the user");
}

} // namespace

turn_outcome run_turn(facade& runtime, turn_request request, turn_view& view, signal_watch& signals,
                      output& out) {
  turn_outcome outcome;
  const auto events = std::make_shared<event_queue>();
  const auto running = runtime.submit(std::move(request), events);
  // Standard output is watched for its reader's end (POLLERR needs no asking): a turn that nobody
  // reads spends nothing more.
  pollfd waits[3] = {{events->fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
  while (!outcome.reply) {
    poll(waits, 3, -1);
    if (waits[2].revents != 0 || !out.ok()) {
      running.cancel("nobody reads the answer");
      waits[2].fd = -1; // the turn's end is still waited for
    }
    take_signal(signals, running, outcome);
    for (const auto& event : events->take()) {
      view.on_event(event);
      if (is_terminal(event.type))
        outcome.reply = event.reply;
    }
  }
  return outcome;
}

} // namespace flipsync::app
