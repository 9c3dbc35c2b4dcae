/// What the HTTP client adds to a call: against a server on the same machine that answers at once,
/// beside the same bytes over a bare socket. Prints microseconds a call, calls a second, and the
/// CPU time that the client's thread takes for a call, which other work on the machine disturbs
/// least.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http_client/http_client.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

namespace {

const std::string request_body = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
const std::string response = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                             "content-length: 17\r\n\r\n{\"text\":\"hello!\"}";

/// Answers each request at once; knows where one ends because all have the same body.
class instant_session : public std::enable_shared_from_this<instant_session> {
public:
  explicit instant_session(tcp::socket socket) : socket_{std::move(socket)} {
    socket_.set_option(tcp::no_delay{true});
  }

  void read() {
    socket_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](error_code failed, std::size_t n) {
                              if (failed)
                                return;
                              self->input_.append(self->chunk_.data(), n);
                              if (self->input_.ends_with(request_body))
                                self->answer();
                              else
                                self->read();
                            });
  }

private:
  void answer() {
    input_.clear();
    asio::async_write(socket_, asio::buffer(response),
                      [self = shared_from_this()](error_code failed, std::size_t) {
                        if (!failed)
                          self->read();
                      });
  }

  tcp::socket socket_;
  std::array<char, 4096> chunk_{};
  std::string input_;
};

class instant_server {
public:
  instant_server() : acceptor_{io_, {asio::ip::address_v4::loopback(), 0}} {
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }
  ~instant_server() {
    io_.stop();
    thread_.join();
  }
  [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

private:
  void accept() {
    acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed)
        return;
      std::make_shared<instant_session>(std::move(socket))->read();
      accept();
    });
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

flipsync::exchange_request request_to(const tcp::endpoint& where) {
  flipsync::exchange_request request;
  request.url = "http://127.0.0.1:" + std::to_string(where.port()) + "/v1/chat/completions";
  request.headers = {{"content-type", "application/json"}, {"authorization", "Bearer none"}};
  request.body = request_body;
  return request;
}

/// Wakes the thread that waits for it; used again for each call.
class waiter : public flipsync::exchange_observer {
public:
  void on_head(const flipsync::exchange_head&) override {}
  bool on_chunk(std::string_view) override { return true; }
  void on_finished(const flipsync::result<void>& outcome) override {
    if (!outcome)
      failed = true;
    const std::lock_guard lock{mutex_};
    done_ = true;
    changed_.notify_one();
  }
  void wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return done_; });
    done_ = false;
  }
  std::atomic<bool> failed{false};

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

double cpu_seconds_of_this_thread() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// What the relays of one run share.
struct run {
  run(long calls, int at_once) : left{calls}, running{at_once} {}
  std::atomic<long> left;
  std::atomic<int> running;
  double cpu_begun = 0; ///< of the client's thread, which alone writes these
  double cpu_ended = 0;
};

/// Keeps one exchange in flight: starts the next when one has finished.
class relay : public flipsync::exchange_observer, public std::enable_shared_from_this<relay> {
public:
  relay(flipsync::byte_exchange& http, const flipsync::exchange_request& request,
        std::shared_ptr<run> shared)
    : http_{http},
      request_{request},
      run_{std::move(shared)} {}
  void go() { http_.start(request_, shared_from_this()); }
  void on_head(const flipsync::exchange_head&) override {
    if (run_->cpu_begun == 0)
      run_->cpu_begun = cpu_seconds_of_this_thread();
  }
  bool on_chunk(std::string_view) override { return true; }
  void on_finished(const flipsync::result<void>& outcome) override {
    if (outcome && --run_->left > 0) {
      go();
      return;
    }
    run_->cpu_ended = cpu_seconds_of_this_thread();
    --run_->running;
    run_->running.notify_all();
  }

private:
  flipsync::byte_exchange& http_;
  const flipsync::exchange_request& request_;
  std::shared_ptr<run> run_;
};

template <class Call>
double median_us(Call call) {
  constexpr int warm_up = 500;
  constexpr int calls = 5000;
  std::vector<double> took;
  for (int i = 0; i < warm_up + calls; ++i) {
    const auto begun = steady::now();
    call();
    if (i >= warm_up)
      took.push_back(std::chrono::duration<double, std::micro>(steady::now() - begun).count());
  }
  std::nth_element(took.begin(), took.begin() + calls / 2, took.end());
  return took[calls / 2];
}

double bare_socket_us(const tcp::endpoint& where) {
  asio::io_context io;
  tcp::socket socket{io};
  socket.connect(where);
  socket.set_option(tcp::no_delay{true});
  const std::string bytes = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                            "content-type: application/json\r\ncontent-length: 57\r\n\r\n"
                            + request_body;
  std::string answer(response.size(), '\0');
  return median_us([&] {
    asio::write(socket, asio::buffer(bytes));
    asio::read(socket, asio::buffer(answer));
  });
}

double one_at_a_time_us(flipsync::byte_exchange& http, const tcp::endpoint& where) {
  const auto request = request_to(where);
  const auto seen = std::make_shared<waiter>();
  return median_us([&] {
    http.start(request, seen);
    seen->wait();
  });
}

void print_throughput(flipsync::byte_exchange& http, const tcp::endpoint& where, int at_once) {
  const auto request = request_to(where);
  constexpr long calls = 200000;
  const auto shared = std::make_shared<run>(calls, at_once);
  const auto begun = steady::now();
  for (int i = 0; i < at_once; ++i)
    std::make_shared<relay>(http, request, shared)->go();
  for (int now = shared->running; now > 0; now = shared->running)
    shared->running.wait(now);
  const double took = std::chrono::duration<double>(steady::now() - begun).count();
  std::printf("%d in flight: %.0f calls/s, client's thread %.1f us CPU a call\n", at_once,
              calls / took, (shared->cpu_ended - shared->cpu_begun) * 1e6 / calls);
}

} // namespace

int main() {
  const instant_server server;
  const auto http = flipsync::make_http_client();
  const double bare = bare_socket_us(server.endpoint());
  const double ours = one_at_a_time_us(*http, server.endpoint());
  std::printf("one at a time: bare socket %.1f us, client %.1f us, more by %.1f us\n", bare, ours,
              ours - bare);
  for (const int at_once : {1, 16, 64})
    print_throughput(*http, server.endpoint(), at_once);
  return 0;
}
