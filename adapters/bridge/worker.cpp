#include "adapters/bridge/worker.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <system_error>

#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

namespace asio = boost::asio;

/// Fine enough for the shortest limit, and four wakes a second at the usual ones.
std::chrono::milliseconds tick_for(const bridge_settings& s) {
  using namespace std::chrono_literals;
  const auto shortest =
    std::min({s.request_timeout, s.idle_timeout, s.write_timeout, s.heartbeat, s.close_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 8, 5ms, 250ms);
}

/// There may be many WebSockets, and nearly all are idle.
std::chrono::milliseconds websocket_tick(const bridge_settings& s) {
  return std::min(s.close_timeout, s.write_timeout) / 4;
}

/// Signals are the business of the program's own threads; a new thread inherits the mask.
class signals_blocked {
public:
  signals_blocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

private:
  sigset_t before_{};
};

} // namespace

worker::worker(const bridge_settings& settings, facade& runtime, access_gate& gate,
               idempotency_table& named_turns, const tls_slot& tls,
               const std::atomic<bool>& draining, const std::atomic<std::size_t>& in_flight,
               std::uint64_t id_seed, std::function<void(std::string&)> door_metrics,
               std::function<void(std::string&)> door_figures,
               std::function<void(bool)> busy_changed, std::function<void()> websocket_gone,
               std::shared_ptr<shared_loop> guests)
  : keep_running_{asio::make_work_guard(io_)},
    tick_{io_},
    tick_length_{tick_for(settings)},
    services_{settings,
              runtime,
              gate,
              named_turns,
              tls,
              draining,
              in_flight,
              std::make_shared<inbox>([this] { asio::post(io_, [this] { drain_inbox(); }); }),
              metrics_,
              [this, told = std::move(door_metrics)](std::string& out) {
                settle();
                told(out);
              },
              [this, told = std::move(door_figures)](std::string& out) {
                settle();
                told(out);
              },
              id_seed},
    busy_changed_{std::move(busy_changed)},
    websocket_gone_{std::move(websocket_gone)},
    wakes_{std::make_shared<handover<websocket_connection>>(
      [this] { asio::post(io_, [this] { drain_wakes(); }); })},
    guests_{std::move(guests)} {}

worker::~worker() {
  stop();
  services_.completions->close();
  wakes_->close();
}

result<void> worker::start() {
  const auto& settings = services_.settings;
  if (settings.keep_cores_awake.count() > 0) {
    auto awake = awake_cores::open(io_, settings.wake_latency_device, settings.keep_cores_awake);
    if (!awake)
      return awake.error();
    awake_ = *std::move(awake);
  }
  const signals_blocked while_starting;
  // Before the thread runs, so that who starts first when this has returned finds its host.
  if (guests_)
    guests_->open([this](std::shared_ptr<loop_guest> guest) {
      asio::post(io_, [this, taken = std::move(guest)] { side_->take_in(taken); });
    });
  try {
    thread_ = std::thread{[this] { run(); }};
  } catch (const std::system_error& e) {
    if (guests_)
      guests_->close();
    return error{errc::internal, std::string{"no thread for the listener: "} + e.what()};
  }
  return {};
}

void worker::run() {
  side_work side{io_};
  side_ = &side;
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& e) {
      // A fault in one handler must not end the thread that serves all the others.
      log::error("http_io_failed", {{"reason", e.what()}});
    }
  }
}

void worker::stop() {
  if (!thread_.joinable())
    return;
  if (guests_)
    guests_->close();
  asio::post(io_, [this] { close_all(); });
  keep_running_.reset();
  thread_.join();
}

void worker::close_all() {
  stopping_ = true;
  services_.completions->close();
  wakes_->close();
  tick_.cancel();
  if (awake_)
    awake_->end();
  connections_.each([](connection& each) { each.close("the service is stopping"); });
  websockets_.each([](websocket_connection& each) { each.abort(); });
  side_->move_out();
}

void worker::drain() {
  asio::post(io_, [this] { websockets_.each([](websocket_connection& each) { each.drain(); }); });
}

void worker::drain_wakes() {
  wakes_->drain(woken_);
  for (const auto& each : woken_)
    each->pump();
  woken_.clear();
}

void worker::add_websocket(taken_socket socket, websocket_upgrade upgrade) {
  auto fresh = websocket_connection::make(*this, std::move(socket), std::move(upgrade));
  websockets_.add(fresh);
  metrics_.open.add();
  metrics_.ws_connections.add();
  metrics_.ws_open.add();
  fresh->start();
}

void worker::remove(websocket_connection& gone) {
  metrics_.open.remove();
  metrics_.ws_open.remove();
  websockets_.remove(gone);
  websocket_gone_();
}

void worker::adopt(asio::ip::tcp::socket socket, bool refused) {
  asio::dispatch(
    io_, [this, refused, taken = std::move(socket)]() mutable { add(std::move(taken), refused); });
}

void worker::add(asio::ip::tcp::socket socket, bool refused) {
  if (stopping_)
    return;
  auto fresh = std::make_shared<connection>(*this, std::move(socket));
  connections_.add(fresh);
  metrics_.connections.add();
  metrics_.open.add();
  if (!ticking_)
    arm_tick();
  if (refused)
    fresh->start_refused();
  else
    fresh->start();
}

void worker::remove(connection& gone) {
  metrics_.open.remove();
  connections_.remove(gone);
}

void worker::settle() {
  connections_.each([](connection& each) { each.settle(); });
}

void worker::drain_inbox() {
  services_.completions->drain(drained_);
  for (const auto& work : drained_)
    if (work->owner != nullptr)
      work->owner->on_completion(*work);
  drained_.clear();
}

void worker::arm_tick() {
  ticking_ = true;
  tick_.expires_after(tick_length_);
  tick_.async_wait([this](const boost::system::error_code& why) {
    if (!why)
      on_tick();
  });
}

void worker::on_tick() {
  const auto now = connection::clock::now();
  connections_.each([now](connection& each) { each.on_tick(now); });
  if (now - websockets_looked_at_ >= websocket_tick(services_.settings)) {
    websockets_looked_at_ = now;
    websockets_.each([now](websocket_connection& each) { each.on_tick(now); });
  }
  ticking_ = !(connections_.empty() && websockets_.empty()) && !stopping_;
  if (ticking_)
    arm_tick();
}

} // namespace flipsync
