#include "adapters/http_client/http_client.hpp"

#include <curl/curl.h>

#include <thread>
#include <utility>

#include "adapters/http_client/client_loop.hpp"

namespace flipsync {

namespace {

class http_client final : public byte_exchange {
public:
  explicit http_client(http_client_settings settings) {
    // Thread-safe and counted inside libcurl (since 7.84); it stays set up until the process ends.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
    auto loop = std::make_unique<http::client_loop>(std::move(settings));
    inbox_ = loop->inbox();
    thread_ = std::thread{[owned = std::move(loop)] { owned->run(); }};
  }

  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  ~http_client() override {
    inbox_->close();
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }

  std::shared_ptr<exchange_handle> start(exchange_request request,
                                         std::shared_ptr<exchange_observer> observer) override {
    auto fresh = std::make_shared<http::exchange>(std::move(request), std::move(observer), inbox_);
    if (!inbox_->put_start(fresh))
      fresh->finish(error{errc::shutting_down, "the HTTP client has ended"});
    return fresh;
  }

private:
  std::shared_ptr<http::mailbox> inbox_;
  std::thread thread_;
};

} // namespace

std::shared_ptr<byte_exchange> make_http_client(http_client_settings settings) {
  return std::make_shared<http_client>(std::move(settings));
}

} // namespace flipsync
