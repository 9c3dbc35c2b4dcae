#include "tests/bench/bare_proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <thread>

#include "adapters/http_client/http_client.hpp"

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

class proxy_connection : public exchange_observer,
                         public std::enable_shared_from_this<proxy_connection> {
public:
  proxy_connection(tcp::socket socket, byte_exchange& upstream, const std::string& url)
    : socket_{std::move(socket)},
      upstream_{upstream},
      url_{url} {
    socket_.set_option(tcp::no_delay{true});
  }

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](auto why, std::size_t) {
                       if (!why)
                         self->forward();
                     });
  }

  void on_head(const exchange_head&) override {}
  bool on_chunk(std::string_view bytes) override {
    answer_ += bytes;
    return true;
  }
  void on_finished(const result<void>& outcome) override {
    const bool good = outcome.has_value();
    asio::post(socket_.get_executor(), [self = shared_from_this(), good] { self->write(good); });
  }

private:
  void forward() {
    exchange_request request;
    request.url = url_;
    request.headers = {{"content-type", "application/json"}};
    request.body = std::move(request_.body());
    upstream_.start(std::move(request), shared_from_this());
  }

  void write(bool good) {
    response_ = {good ? http::status::ok : http::status::bad_gateway, 11};
    response_.set(http::field::content_type, "application/json");
    response_.body() = std::move(answer_);
    answer_.clear();
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](auto why, std::size_t) {
      if (!why)
        self->read();
    });
  }

  tcp::socket socket_;
  byte_exchange& upstream_;
  const std::string& url_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::string answer_; ///< written on the client's thread, read after its end was posted
};

} // namespace

struct bare_proxy::server {
  std::string url;
  asio::io_context io{1};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  std::shared_ptr<byte_exchange> upstream = make_http_client();
  std::thread thread;

  explicit server(std::string where) : url{std::move(where)} {
    accept();
    thread = std::thread{[this] { io.run(); }};
  }
  ~server() {
    io.stop();
    thread.join();
    upstream.reset();
  }
  void accept() {
    acceptor.async_accept([this](auto why, tcp::socket socket) {
      if (why)
        return;
      std::make_shared<proxy_connection>(std::move(socket), *upstream, url)->read();
      accept();
    });
  }
};

bare_proxy::bare_proxy(const std::string& url) : server_{std::make_unique<server>(url)} {}
bare_proxy::~bare_proxy() = default;

std::uint16_t bare_proxy::port() const noexcept {
  return server_->acceptor.local_endpoint().port();
}

} // namespace flipsync::bench
