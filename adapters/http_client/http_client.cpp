#include "adapters/http_client/http_client.hpp"

#include <curl/curl.h>

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "adapters/http_client/client_loop.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

/// The loop on a host's thread or its own.
class driven_loop final : public loop_guest {
public:
  explicit driven_loop(http_client_settings settings)
    : loop_{std::make_shared<http::client_loop>(std::move(settings))} {}

  [[nodiscard]] const std::shared_ptr<http::mailbox>& inbox() const noexcept {
    return loop_->inbox();
  }

  /// Where no thread is to be had, the loop ends: every exchange is told that it is down.
  void start_thread() {
    try {
      const std::lock_guard lock{mutex_};
      thread_ = std::thread{[loop = loop_] { loop->run(); }};
      if (released_)
        thread_.detach();
    } catch (const std::system_error& e) {
      log::error("http_client_down", {{"reason", e.what()}});
      inbox()->close();
      loop_->ready();
    }
  }

  /// Its owner's end.
  void release() {
    inbox()->close();
    std::thread own;
    {
      const std::lock_guard lock{mutex_};
      released_ = true;
      own = std::move(thread_);
    }
    if (own.get_id() == std::this_thread::get_id())
      own.detach();
    else if (own.joinable())
      own.join();
  }

  void move_in(std::function<void()> soon) override { loop_->move_in(std::move(soon)); }
  [[nodiscard]] int descriptor() const noexcept override { return loop_->descriptor(); }
  void ready() override { loop_->ready(); }
  void tend() override { loop_->tend(); }
  [[nodiscard]] std::optional<steady::time_point> due() const override { return loop_->due(); }
  [[nodiscard]] bool ended() const noexcept override { return loop_->ended(); }
  void move_out() override {
    loop_->ready(); // may be its end
    loop_->move_out();
    if (!loop_->ended())
      start_thread();
  }

private:
  const std::shared_ptr<http::client_loop> loop_;
  std::mutex mutex_;
  std::thread thread_;
  bool released_ = false;
};

class http_client final : public byte_exchange {
public:
  http_client(http_client_settings settings, std::shared_ptr<shared_loop> shared)
    : shared_{std::move(shared)},
      loop_{loop_of(std::move(settings))} {
    if (!shared_)
      loop_->start_thread();
  }

  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  ~http_client() override { loop_->release(); }

  std::shared_ptr<exchange_handle> start(exchange_request request,
                                         std::shared_ptr<exchange_observer> observer) override {
    if (shared_)
      std::call_once(driven_, [this] {
        if (!shared_->join(loop_))
          loop_->start_thread();
      });
    const auto& inbox = loop_->inbox();
    auto fresh = std::make_shared<http::exchange>(std::move(request), std::move(observer), inbox);
    if (!inbox->put_start(fresh))
      fresh->finish(error{errc::shutting_down, "the HTTP client has ended"});
    return fresh;
  }

private:
  static std::shared_ptr<driven_loop> loop_of(http_client_settings settings) {
    // Thread-safe and counted inside libcurl (since 7.84); it stays set up until the process ends.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
    return std::make_shared<driven_loop>(std::move(settings));
  }

  const std::shared_ptr<shared_loop> shared_;
  const std::shared_ptr<driven_loop> loop_;
  std::once_flag driven_;
};

} // namespace

std::shared_ptr<byte_exchange> make_http_client(http_client_settings settings,
                                                std::shared_ptr<shared_loop> shared) {
  return std::make_shared<http_client>(std::move(settings), std::move(shared));
}

} // namespace flipsync
