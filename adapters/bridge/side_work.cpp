#include "adapters/bridge/side_work.hpp"

#include <boost/asio/defer.hpp>

#include <algorithm>
#include <utility>

#include "runtime/core/log.hpp"

namespace flipsync {

namespace asio = boost::asio;

side_work::side_work(asio::io_context& io) : io_{io}, loan_{[this] { ask(); }}, timer_{io} {}

side_work::~side_work() { move_out(); }

void side_work::take_in(const std::shared_ptr<loop_guest>& guest) {
  guest->move_in([this] { ask(); });
  const auto where = std::make_shared<place>(place{guest, asio::posix::stream_descriptor{io_}});
  boost::system::error_code why;
  where->watched.assign(guest->descriptor(), why);
  if (why) {
    log::warn("loop_not_shared", {{"reason", why.message()}});
    guest->move_out();
    return;
  }
  places_.push_back(where);
  watch(where);
  run(where->guest.get());
}

void side_work::move_out() {
  for (const auto& each : std::exchange(places_, {})) {
    each->watched.release();
    each->guest->move_out();
  }
  timer_.cancel();
  armed_ = steady::time_point::max();
}

void side_work::ask() {
  if (running_) {
    wanted_ = true;
    return;
  }
  if (!std::exchange(asked_, true))
    asio::defer(io_, [this] {
      asked_ = false;
      run(nullptr);
    });
}

void side_work::run(loop_guest* ready) {
  struct flag {
    bool& up;
    ~flag() { up = false; }
  };
  {
    const flag until_here{running_ = true};
    if (ready != nullptr)
      ready->ready();
    loan_.run();
    wanted_ = !loan_.free();
    for (const auto& each : places_)
      each->guest->tend();
    loan_.asked_has_begun();
  }
  let_go_of_ended();
  arm();
  // The connections have their turn in between.
  if (std::exchange(wanted_, false))
    ask();
}

void side_work::watch(const std::shared_ptr<place>& where) {
  if (!where->watched.is_open())
    return;
  where->watched.async_wait(asio::posix::stream_descriptor::wait_read,
                            [this, where](const boost::system::error_code& why) {
                              if (why)
                                return;
                              try {
                                run(where->guest.get());
                              } catch (...) {
                                watch(where);
                                throw;
                              }
                              watch(where);
                            });
}

void side_work::arm() {
  auto next = steady::time_point::max();
  for (const auto& each : places_)
    next = std::min(next, each->guest->due().value_or(next));
  // One that comes too early finds nothing to do; that is rarer than a call is.
  if (next >= armed_)
    return;
  armed_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& why) {
    if (why)
      return;
    armed_ = steady::time_point::max();
    run(nullptr);
  });
}

void side_work::let_go_of_ended() {
  const auto ended = std::stable_partition(places_.begin(), places_.end(),
                                           [](const auto& each) { return !each->guest->ended(); });
  for (auto each = ended; each != places_.end(); ++each)
    (*each)->watched.release();
  places_.erase(ended, places_.end());
}

} // namespace flipsync
