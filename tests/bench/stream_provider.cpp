#include "tests/bench/stream_provider.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <thread>

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string chunk_of(std::string_view data) {
  const auto event = "data: " + std::string{data} + "\n\n";
  std::array<char, 16> digits;
  const auto end =
    std::to_chars(digits.data(), digits.data() + digits.size(), event.size(), 16).ptr;
  return std::string{digits.data(), end} + "\r\n" + event + "\r\n";
}

std::string delta(std::string_view members, std::string_view reason) {
  return std::string{R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"mock",)"
                     R"("choices":[{"index":0,"delta":)"}
    .append(members)
    .append(R"(,"finish_reason":)")
    .append(reason)
    .append("}]}");
}

class stream_connection : public std::enable_shared_from_this<stream_connection> {
public:
  stream_connection(tcp::socket socket, const stream_pace& pace)
    : socket_{std::move(socket)},
      timer_{socket_.get_executor()},
      pace_{pace} {
    socket_.set_option(tcp::no_delay{true});
  }

  /// A request is over where its one user message is.
  void read() {
    asio::async_read_until(socket_, asio::dynamic_buffer(input_), "\"}]",
                           [self = shared_from_this()](auto why, std::size_t) {
                             if (!why)
                               self->answer();
                           });
  }

private:
  void answer() {
    input_.clear();
    sent_ = 0;
    due_ = asio::steady_timer::clock_type::now();
    wait();
  }

  void wait() {
    due_ += pace_.interval;
    timer_.expires_at(due_);
    timer_.async_wait([self = shared_from_this()](auto why) {
      if (!why)
        self->write_next();
    });
  }

  void write_next() {
    output_.clear();
    if (sent_ == 0)
      output_ = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                "Transfer-Encoding: chunked\r\n\r\n";
    const bool last = ++sent_ == pace_.tokens;
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    output_ += chunk_of(delta("{\"content\":\"@" + std::to_string(now) + " \"}", "null"));
    if (last)
      output_ += chunk_of(delta("{}", "\"stop\"")) + chunk_of("[DONE]") + "0\r\n\r\n";
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this(), last](auto why, std::size_t) {
                        if (why)
                          return;
                        last ? self->read() : self->wait();
                      });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  asio::steady_timer::time_point due_;
  const stream_pace& pace_;
  std::string input_;
  std::string output_;
  int sent_ = 0;
};

} // namespace

struct stream_provider::server {
  stream_pace pace;
  asio::io_context io{1};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread;

  explicit server(stream_pace wanted) : pace{wanted} {
    acceptor.listen(4096);
    accept();
    thread = std::thread{[this] { io.run(); }};
  }
  ~server() {
    io.stop();
    thread.join();
  }
  void accept() {
    acceptor.async_accept([this](auto why, tcp::socket socket) {
      if (why)
        return;
      std::make_shared<stream_connection>(std::move(socket), pace)->read();
      accept();
    });
  }
};

stream_provider::stream_provider(stream_pace pace) : server_{std::make_unique<server>(pace)} {}
stream_provider::~stream_provider() = default;

std::uint16_t stream_provider::port() const noexcept {
  return server_->acceptor.local_endpoint().port();
}

} // namespace flipsync::bench
