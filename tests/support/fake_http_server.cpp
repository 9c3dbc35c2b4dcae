#include "tests/support/fake_http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace flipsync::testing {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

class fake_http_server::impl {
public:
  explicit impl(handler answer)
    : answer_{std::move(answer)},
      acceptor_{io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
      port_{acceptor_.local_endpoint().port()} {}

  void run() {
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  void stop() {
    asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }

  fake_response answer(const fake_request& request) {
    {
      const std::lock_guard lock{mutex_};
      ++connections_[request.connection].requests;
      if (recording_)
        requests_.push_back(request);
      changed_.notify_all();
      if (!scripted_.empty()) {
        auto next = std::move(scripted_.front());
        scripted_.pop_front();
        return next;
      }
    }
    return answer_ ? answer_(request) : fake_response::whole(404, "text/plain", "no script");
  }

  void connection_over(std::size_t index, bool by_client) {
    const std::lock_guard lock{mutex_};
    auto& connection = connections_[index];
    if (!std::exchange(connection.open, false))
      return;
    if (by_client)
      connection.closed_by_client = steady::now();
    changed_.notify_all();
  }

  asio::io_context io_{1};
  handler answer_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool recording_ = true;
  std::deque<fake_response> scripted_;
  std::vector<fake_request> requests_;
  std::vector<fake_connection> connections_;

private:
  void accept();
};

namespace {

/// Takes one request off the front of `input`, if it is whole. What does not begin like HTTP (a TLS
/// greeting) is taken as it is: a request without a method.
std::optional<fake_request> take_request(std::string& input) {
  if (!input.empty() && (input.front() < 'A' || input.front() > 'Z')) {
    fake_request strange;
    strange.body = std::exchange(input, {});
    strange.received = steady::now();
    return strange;
  }
  const auto head_end = input.find("\r\n\r\n");
  if (head_end == std::string::npos)
    return std::nullopt;
  fake_request request;
  std::string_view head{input.data(), head_end};
  std::size_t length = 0;
  const auto first_line = head.substr(0, head.find("\r\n"));
  const auto method_end = first_line.find(' ');
  request.method = first_line.substr(0, method_end);
  request.target =
    first_line.substr(method_end + 1, first_line.find(' ', method_end + 1) - method_end - 1);
  head.remove_prefix(std::min(head.size(), first_line.size() + 2));
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(':');
    std::string name{line.substr(0, colon)};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto value = line.substr(std::min(line.size(), colon + 1));
    value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
    if (name == "content-length")
      std::from_chars(value.data(), value.data() + value.size(), length);
    request.headers.emplace_back(std::move(name), value);
    head.remove_prefix(std::min(head.size(), line.size() + 2));
  }
  const auto body_at = head_end + 4;
  if (input.size() < body_at + length)
    return std::nullopt;
  request.body = input.substr(body_at, length);
  input.erase(0, body_at + length);
  request.received = steady::now();
  return request;
}

/// One connection: reads all the time, so that the client's close is seen at once, and plays one
/// response after the other.
template <class Server>
class session : public std::enable_shared_from_this<session<Server>> {
public:
  session(Server& server, tcp::socket socket, std::size_t index)
    : server_{server},
      socket_{std::move(socket)},
      timer_{socket_.get_executor()},
      index_{index} {
    error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
  }

  void read() {
    socket_.async_read_some(asio::buffer(chunk_),
                            [self = this->shared_from_this()](error_code failed, std::size_t n) {
                              if (failed) {
                                self->over(true);
                                return;
                              }
                              self->input_.append(self->chunk_.data(), n);
                              self->next_request();
                              if (!self->over_)
                                self->read();
                            });
  }

private:
  void next_request() {
    if (playing_ || over_)
      return;
    auto request = take_request(input_);
    if (!request)
      return;
    request->connection = index_;
    response_ = server_.answer(*request);
    step_ = 0;
    sent_ = 0;
    playing_ = true;
    play();
  }

  void play() {
    if (over_)
      return;
    if (step_ == response_.steps().size()) {
      playing_ = false;
      next_request();
      return;
    }
    const auto& step = response_.steps()[step_];
    switch (step.what) {
    case fake_response::action::send:
      send(step);
      break;
    case fake_response::action::wait:
      timer_.expires_after(step.time);
      timer_.async_wait([self = this->shared_from_this()](error_code failed) {
        if (!failed)
          self->next_step();
      });
      break;
    case fake_response::action::reset: {
      error_code ignored;
      socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
      over(false);
      break;
    }
    case fake_response::action::close:
      over(false);
      break;
    case fake_response::action::hang:
      break;
    }
  }

  void send(const fake_response::step& step) {
    asio::async_write(socket_, asio::buffer(step.bytes),
                      [self = this->shared_from_this()](error_code failed, std::size_t) {
                        if (failed) {
                          self->over(true);
                          return;
                        }
                        if (++self->sent_ < self->response_.steps()[self->step_].times)
                          self->play();
                        else
                          self->next_step();
                      });
  }

  void next_step() {
    ++step_;
    sent_ = 0;
    play();
  }

  void over(bool by_client) {
    if (std::exchange(over_, true))
      return;
    server_.connection_over(index_, by_client);
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
  }

  Server& server_; ///< outlives its io_context's handlers
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::size_t index_;
  std::array<char, 16384> chunk_{};
  std::string input_;
  fake_response response_;
  std::size_t step_ = 0;
  std::uint32_t sent_ = 0;
  bool playing_ = false;
  bool over_ = false;
};

} // namespace

void fake_http_server::impl::accept() {
  acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
    if (failed)
      return;
    std::size_t index = 0;
    {
      const std::lock_guard lock{mutex_};
      index = connections_.size();
      connections_.push_back({steady::now(), std::nullopt, true, 0});
      changed_.notify_all();
    }
    std::make_shared<session<impl>>(*this, std::move(socket), index)->read();
    accept();
  });
}

fake_http_server::fake_http_server(handler answer)
  : impl_{std::make_unique<impl>(std::move(answer))} {
  impl_->run();
}

fake_http_server::~fake_http_server() { impl_->stop(); }

std::uint16_t fake_http_server::port() const noexcept { return impl_->port_; }

std::string fake_http_server::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + std::string{path};
}

void fake_http_server::push(fake_response next) {
  const std::lock_guard lock{impl_->mutex_};
  impl_->scripted_.push_back(std::move(next));
}

void fake_http_server::record_requests(bool on) {
  const std::lock_guard lock{impl_->mutex_};
  impl_->recording_ = on;
}

std::vector<fake_request> fake_http_server::requests() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->requests_;
}

std::vector<fake_connection> fake_http_server::connections() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->connections_;
}

std::size_t fake_http_server::open_connections() const {
  const auto all = connections();
  return static_cast<std::size_t>(
    std::count_if(all.begin(), all.end(), [](const auto& c) { return c.open; }));
}

bool fake_http_server::wait_for_requests(std::size_t count, std::chrono::milliseconds limit) const {
  std::unique_lock lock{impl_->mutex_};
  return impl_->changed_.wait_for(lock, limit, [&] {
    std::size_t seen = 0;
    for (const auto& connection : impl_->connections_)
      seen += connection.requests;
    return seen >= count;
  });
}

bool fake_http_server::wait_for_closed(std::size_t count, std::chrono::milliseconds limit) const {
  std::unique_lock lock{impl_->mutex_};
  return impl_->changed_.wait_for(lock, limit, [&] {
    const auto& all = impl_->connections_;
    return static_cast<std::size_t>(std::count_if(
             all.begin(), all.end(), [](const auto& c) { return c.closed_by_client.has_value(); }))
           >= count;
  });
}

} // namespace flipsync::testing
