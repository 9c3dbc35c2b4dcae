#include "tests/bench/mock_provider.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view openai_body =
  R"({"id":"c","object":"chat.completion","created":1,"model":"mock","choices":[{"index":0,"message":)"
  R"({"role":"assistant","content":"Yes, we have that in stock."},"finish_reason":"stop"}],)"
  R"("usage":{"prompt_tokens":200,"completion_tokens":8,"total_tokens":208}})";

constexpr std::string_view ollama_body =
  R"({"model":"mock","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":)"
  R"("Yes, we have that in stock."},"done":true,"done_reason":"stop","prompt_eval_count":200,)"
  R"("eval_count":8})";

std::string response_bytes(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string{status}
         + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size())
         + "\r\n\r\n" + std::string{body};
}

/// What all connections of one provider share.
struct conduct {
  const std::string answer;
  const bool failing;
  const std::string refusal =
    response_bytes("503 Service Unavailable", R"({"error":{"message":"overloaded"}})");
  std::atomic<std::uint64_t> answered = 0;
  std::uint64_t calls = 0; ///< on the provider's thread only
};

std::chrono::milliseconds wait_of(std::string_view request) {
  constexpr std::string_view mark = "\"wait-";
  const auto at = request.find(mark);
  int wait = 0;
  if (at != std::string_view::npos) {
    const auto digits = request.substr(at + mark.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), wait);
  }
  return std::chrono::milliseconds{wait};
}

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(tcp::socket socket, conduct& how)
    : socket_{std::move(socket)},
      timer_{socket_.get_executor()},
      how_{how} {
    socket_.set_option(tcp::no_delay{true});
  }

  void read() {
    socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](auto why, auto n) {
      if (why)
        return;
      self->input_.append(self->chunk_.data(), n);
      self->take_request();
    });
  }

private:
  void take_request() {
    const auto head = input_.find("\r\n\r\n");
    if (head == std::string::npos)
      return read();
    const auto whole = head + 4 + length_of(std::string_view{input_}.substr(0, head));
    if (input_.size() < whole)
      return read();
    const auto wait = wait_of(std::string_view{input_}.substr(head, whole - head));
    input_.erase(0, whole);
    if (how_.failing && ++how_.calls % 2 == 0)
      return fail();
    if (wait.count() == 0)
      return write();
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this()](auto why) {
      if (!why)
        self->write();
    });
  }

  static std::size_t length_of(std::string_view head) {
    for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
      const auto at = head.find(name);
      if (at == std::string_view::npos)
        continue;
      const auto digits = head.substr(at + name.size());
      std::size_t length = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), length);
      return length;
    }
    return 0;
  }

  void fail() {
    // Silence ends when the caller gives up and closes.
    if (how_.calls % 4 == 0)
      return read();
    asio::async_write(socket_, asio::buffer(how_.refusal),
                      [self = shared_from_this()](auto why, auto) {
                        if (!why)
                          self->take_request();
                      });
  }

  void write() {
    asio::async_write(socket_, asio::buffer(how_.answer),
                      [self = shared_from_this()](auto why, auto) {
                        if (why)
                          return;
                        self->how_.answered.fetch_add(1);
                        self->take_request();
                      });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  conduct& how_;
  std::array<char, 16384> chunk_{};
  std::string input_;
};

} // namespace

struct mock_provider::server {
  asio::io_context io{1};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  conduct how;
  std::thread thread;

  server(std::string_view body, bool failing) : how{response_bytes("200 OK", body), failing} {
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
      std::make_shared<connection>(std::move(socket), how)->read();
      accept();
    });
  }
};

mock_provider::mock_provider(mock_dialect dialect, bool failing)
  : server_{std::make_unique<server>(dialect == mock_dialect::openai ? openai_body : ollama_body,
                                     failing)} {}
mock_provider::~mock_provider() = default;

std::uint16_t mock_provider::port() const noexcept {
  return server_->acceptor.local_endpoint().port();
}

std::uint64_t mock_provider::answered() const noexcept { return server_->how.answered.load(); }

} // namespace flipsync::bench
