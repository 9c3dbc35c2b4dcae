#include "adapters/bridge/bridge.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <vector>

#include "adapters/bridge/descriptor_limit.hpp"
#include "adapters/bridge/door_figures.hpp"
#include "adapters/bridge/listen_address.hpp"
#include "adapters/bridge/worker.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// So many clients beyond the limit are told so at once; further ones are only closed.
constexpr std::size_t max_turned_away = 64;
/// How long to wait with the next accept when the machine is out of descriptors.
constexpr std::chrono::milliseconds accept_pause{100};

/// Descriptors that the rest of the process needs.
constexpr std::size_t other_descriptors = 512;

/// Says so at the start where the machine bears fewer sockets than the settings promise.
void check_descriptors(const bridge_settings& settings) {
  const auto wanted = settings.max_sockets + other_descriptors;
  const auto allowed = allow_descriptors(wanted);
  if (allowed < wanted)
    log::warn("http_descriptors_short",
              {{"wanted", std::to_string(wanted)}, {"allowed", std::to_string(allowed)}});
}

std::uint64_t seed_of(const bridge_settings& settings) {
  if (settings.id_seed != 0)
    return settings.id_seed;
  std::random_device machine;
  return (std::uint64_t{machine()} << 32) ^ machine();
}

} // namespace

class bridge::impl {
public:
  impl(bridge_settings settings, std::shared_ptr<facade> runtime, bool loopback,
       std::shared_ptr<const tls_context> encryption)
    : settings_{std::move(settings)},
      runtime_{std::move(runtime)},
      tls_{std::move(encryption)} {
    settings_.access.origins.secure = tls_.encrypted();
    settings_.access.origins.loopback = loopback;
    gate_ = std::make_shared<access_gate>(settings_.access, std::move(settings_.keys));
    named_turns_ = std::make_unique<idempotency_table>(
      settings_.idempotency, [] { return std::chrono::steady_clock::now(); });
    const auto seed = seed_of(settings_);
    for (unsigned i = 0; i < settings_.io_threads; ++i)
      workers_.push_back(std::make_unique<worker>(
        settings_, *runtime_, *gate_, *named_turns_, tls_, draining_, in_flight_,
        seed + (std::uint64_t{i} << 56), [this](std::string& out) { out += metrics_text(); },
        [this](std::string& out) { append_figures(out, metric_sets(), in_flight_.load()); },
        [this](bool busy) { note_busy(busy); }, [this] { notify_waiters(); },
        settings_.io_threads == 1 ? settings_.guests : nullptr));
    acceptor_.emplace(workers_.front()->io());
    pause_.emplace(workers_.front()->io());
  }

  ~impl() { stop(); }

  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  result<void> start(const tcp::endpoint& where) {
    if (auto opened = open_listener(*acceptor_, where); !opened)
      return opened;
    where_ = acceptor_->local_endpoint();
    check_descriptors(settings_);
    accept();
    for (auto& each : workers_)
      if (auto started = each->start(); !started)
        return started;
    log::info("http_listening", {{"url", url()}});
    return {};
  }

  std::uint16_t port() const noexcept { return where_.port(); }

  std::string url() const {
    const auto host = where_.address().to_string();
    return (tls_.encrypted() ? "https://" : "http://")
           + (where_.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port());
  }

  void replace_keys(key_ring keys) {
    const bool none = keys.empty();
    gate_->replace(std::move(keys));
    if (none && !gate_->open())
      log::warn("keys_all_gone", {{"effect", "who needs a key is refused until there is one"}});
  }

  void replace_certificate(std::shared_ptr<const tls_context> fresh) {
    if (tls_.encrypted())
      tls_.set(std::move(fresh));
  }

  void begin_drain() {
    if (draining_.exchange(true))
      return;
    // Said once it is true: who reads it finds the door closed.
    asio::post(workers_.front()->io(), [this] {
      close_listener();
      log::info("http_draining", {{"in_flight", std::to_string(in_flight_.load())}});
    });
    for (auto& each : workers_)
      each->drain();
  }

  bool wait_idle(std::chrono::milliseconds grace) {
    std::unique_lock lock{idle_mutex_};
    waiters_.fetch_add(1);
    const bool idle = idle_changed_.wait_for(lock, grace, [this] {
      return in_flight_.load() == 0 && (!draining_.load() || open_websockets() == 0);
    });
    waiters_.fetch_sub(1);
    return idle;
  }

  void stop() {
    const std::lock_guard lock{stop_mutex_};
    draining_.store(true);
    asio::post(workers_.front()->io(), [this] { close_listener(); });
    for (auto& each : workers_)
      each->stop();
  }

  std::size_t open_sockets() const noexcept {
    std::uint64_t open = 0;
    for (const auto& each : workers_)
      open += each->metrics().open.get();
    return open;
  }

  std::size_t open_websockets() const noexcept {
    std::uint64_t open = 0;
    for (const auto& each : workers_)
      open += each->metrics().ws_open.get();
    return open;
  }

  std::size_t in_flight() const noexcept { return in_flight_.load(); }

  std::string metrics_text() const { return render(metric_sets(), in_flight_.load()); }

private:
  [[nodiscard]] std::vector<const http_metrics*> metric_sets() const {
    std::vector<const http_metrics*> sets;
    for (const auto& each : workers_)
      sets.push_back(&each->metrics());
    return sets;
  }

  void accept() {
    auto& taker = *workers_[next_++ % workers_.size()];
    acceptor_->async_accept(taker.io(), [this, &taker](const error_code& why, tcp::socket socket) {
      if (why == asio::error::operation_aborted || !acceptor_->is_open())
        return;
      if (why == boost::system::errc::too_many_files_open
          || why == boost::system::errc::too_many_files_open_in_system
          || why == boost::system::errc::no_buffer_space)
        return pause_accepting(why);
      if (!why)
        admit(taker, std::move(socket));
      accept();
    });
  }

  void admit(worker& taker, tcp::socket socket) {
    const auto open = open_sockets();
    if (open < settings_.max_sockets + max_turned_away)
      taker.adopt(std::move(socket), open >= settings_.max_sockets);
  }

  void pause_accepting(const error_code& why) {
    log::warn("http_accept_paused", {{"reason", why.message()}});
    pause_->expires_after(accept_pause);
    pause_->async_wait([this](const error_code& aborted) {
      if (!aborted && acceptor_->is_open())
        accept();
    });
  }

  void close_listener() {
    error_code ignored;
    acceptor_->close(ignored);
    pause_->cancel();
  }

  void note_busy(bool busy) {
    if (busy) {
      in_flight_.fetch_add(1);
      return;
    }
    in_flight_.fetch_sub(1);
    notify_waiters();
  }

  void notify_waiters() {
    if (waiters_.load() == 0)
      return;
    const std::lock_guard lock{idle_mutex_};
    idle_changed_.notify_all();
  }

  bridge_settings settings_; ///< unchanged once the workers are there
  const std::shared_ptr<facade> runtime_;
  tls_slot tls_;
  std::shared_ptr<access_gate> gate_;
  std::unique_ptr<idempotency_table> named_turns_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<int> waiters_{0};
  std::mutex idle_mutex_;
  std::condition_variable idle_changed_;
  std::mutex stop_mutex_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::optional<tcp::acceptor> acceptor_; ///< after `workers_`, whose io_context it needs
  std::optional<asio::steady_timer> pause_;
  tcp::endpoint where_;
  std::size_t next_ = 0;
};

bridge::bridge(std::unique_ptr<impl> body) : impl_{std::move(body)} {}

bridge::~bridge() = default;

result<std::unique_ptr<bridge>> bridge::start(bridge_settings settings,
                                              std::shared_ptr<facade> runtime) {
  if (auto checked = validate(settings); !checked)
    return checked.error();
  const auto where = listen_endpoint(settings);
  if (!where)
    return where.error();
  std::shared_ptr<const tls_context> encryption;
  if (!settings.tls.certificate.empty() || !settings.tls.key.empty()) {
    auto loaded = tls_context::load(settings.tls);
    if (!loaded)
      return loaded.error();
    encryption = *std::move(loaded);
  }
  try {
    auto body = std::make_unique<impl>(std::move(settings), std::move(runtime),
                                       is_loopback(where->address()), std::move(encryption));
    if (auto started = body->start(*where); !started)
      return started.error();
    return std::unique_ptr<bridge>{new bridge{std::move(body)}};
  } catch (const std::exception& e) {
    return error{errc::internal, std::string{"the listener could not start: "} + e.what()};
  }
}

result<void> bridge::check(const bridge_settings& settings) {
  if (auto checked = validate(settings); !checked)
    return checked.error();
  if (const auto where = listen_endpoint(settings); !where)
    return where.error();
  return {};
}

result<void> bridge::try_listen(const bridge_settings& settings) {
  if (auto checked = validate(settings); !checked)
    return checked.error();
  const auto where = listen_endpoint(settings);
  if (!where)
    return where.error();
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor probe{io};
  return open_listener(probe, *where);
}

std::uint16_t bridge::port() const noexcept { return impl_->port(); }
std::string bridge::url() const { return impl_->url(); }
void bridge::begin_drain() { impl_->begin_drain(); }
void bridge::replace_keys(key_ring keys) { impl_->replace_keys(std::move(keys)); }
void bridge::replace_certificate(std::shared_ptr<const tls_context> fresh) {
  impl_->replace_certificate(std::move(fresh));
}
bool bridge::wait_idle(std::chrono::milliseconds grace) { return impl_->wait_idle(grace); }
void bridge::stop() { impl_->stop(); }
std::size_t bridge::open_sockets() const noexcept { return impl_->open_sockets(); }
std::size_t bridge::requests_in_flight() const noexcept { return impl_->in_flight(); }
std::string bridge::metrics_text() const { return impl_->metrics_text(); }

} // namespace flipsync
