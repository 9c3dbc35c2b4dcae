#include "tests/bench/bare_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <thread>

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

class bare_connection : public std::enable_shared_from_this<bare_connection> {
public:
  bare_connection(tcp::socket socket, const std::string& body)
    : socket_{std::move(socket)},
      body_{body} {
    socket_.set_option(tcp::no_delay{true});
  }

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](auto why, std::size_t) {
                       if (!why)
                         self->write();
                     });
  }

private:
  void write() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.body() = body_;
    response_.keep_alive(request_.keep_alive());
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](auto why, std::size_t) {
      if (!why)
        self->read();
    });
  }

  tcp::socket socket_;
  const std::string& body_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

} // namespace

struct bare_server::server {
  explicit server(std::string text)
    : body{std::move(text)},
      acceptor{io, {asio::ip::address_v4::loopback(), 0}} {
    accept();
    thread = std::thread{[this] { io.run(); }};
  }
  ~server() {
    io.stop();
    thread.join();
  }
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  void accept() {
    acceptor.async_accept([this](auto why, tcp::socket socket) {
      if (why)
        return;
      std::make_shared<bare_connection>(std::move(socket), body)->read();
      accept();
    });
  }

  std::string body;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

bare_server::bare_server(std::string body) : server_{std::make_unique<server>(std::move(body))} {}
bare_server::~bare_server() = default;

std::uint16_t bare_server::port() const noexcept {
  return server_->acceptor.local_endpoint().port();
}

} // namespace flipsync::bench
