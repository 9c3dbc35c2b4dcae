#include "tests/bench/load_gen.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// Where the response that begins the buffer ends; 0 if it is not all there.
std::size_t response_end(std::string_view bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos)
    return 0;
  constexpr std::string_view name = "\r\nContent-Length:";
  const auto at = bytes.substr(0, head).find(name);
  if (at == std::string_view::npos) {
    constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";
    const auto end = bytes.find(last_chunk, head);
    return end == std::string_view::npos ? 0 : end + last_chunk.size();
  }
  const auto digits = bytes.find_first_not_of(' ', at + name.size());
  std::size_t length = 0;
  std::from_chars(bytes.data() + digits, bytes.data() + head, length);
  const auto end = head + 4 + length;
  return bytes.size() < end ? 0 : end;
}

double cpu_of_thread() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct run {
  const load_settings& settings;
  asio::io_context io{1};
  clock::time_point measure_from{};
  clock::time_point until{};
  std::vector<float> latencies;
  std::uint64_t errors = 0;
  double cpu_at_start = 0;
  bool measuring = false;
};

class client {
public:
  client(run& owner, std::size_t first) : run_{owner}, socket_{owner.io}, next_{first} {}

  void start() {
    error_code why;
    socket_.connect({asio::ip::make_address(run_.settings.host), run_.settings.port}, why);
    if (!why)
      socket_.set_option(tcp::no_delay{true}, why);
    if (!why)
      socket_.non_blocking(true, why);
    if (why) {
      ++run_.errors;
      return;
    }
    send();
  }

private:
  void send() {
    sent_ = clock::now();
    const auto& text = run_.settings.requests[next_++ % run_.settings.requests.size()];
    error_code why;
    const auto done = socket_.write_some(asio::buffer(text), why);
    if (why && why != asio::error::would_block)
      return fail();
    if (done < text.size())
      return send_rest(std::string_view{text}.substr(done));
    receive();
  }

  void send_rest(std::string_view rest) {
    asio::async_write(socket_, asio::buffer(rest.data(), rest.size()),
                      [this](const error_code& why, std::size_t) { why ? fail() : receive(); });
  }

  void receive() {
    if (end_ == in_.size())
      in_.resize(in_.size() * 2);
    socket_.async_read_some(asio::buffer(in_.data() + end_, in_.size() - end_),
                            [this](const error_code& why, std::size_t bytes) {
                              if (why)
                                return fail();
                              end_ += bytes;
                              on_bytes();
                            });
  }

  void on_bytes() {
    const std::string_view bytes{in_.data(), end_};
    if (response_end(bytes) == 0)
      return receive();
    const auto now = clock::now();
    // "HTTP/1.1 2xx": the tenth byte is the status' first digit.
    const bool good = bytes.size() > 9 && bytes[9] == '2';
    end_ = 0;
    record(now, good);
    if (now < run_.until)
      send();
  }

  void record(clock::time_point now, bool good) {
    if (now < run_.measure_from)
      return;
    if (!run_.measuring) {
      run_.measuring = true;
      run_.cpu_at_start = cpu_of_thread();
    }
    if (!good)
      ++run_.errors;
    else
      run_.latencies.push_back(std::chrono::duration<float, std::micro>(now - sent_).count());
  }

  void fail() { ++run_.errors; }

  run& run_;
  tcp::socket socket_;
  std::size_t next_;
  clock::time_point sent_;
  std::vector<char> in_ = std::vector<char>(16 * 1024);
  std::size_t end_ = 0;
};

double at_quantile(std::vector<float>& sorted, double q) {
  if (sorted.empty())
    return 0;
  const auto at = static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

} // namespace

load_result run_load(const load_settings& settings) {
  run state{settings};
  state.latencies.reserve(1'000'000);
  std::vector<std::unique_ptr<client>> clients;
  const auto begin = clock::now();
  state.measure_from = begin + settings.warm_up;
  state.until = state.measure_from + settings.duration;
  for (std::size_t i = 0; i < settings.connections; ++i) {
    clients.push_back(std::make_unique<client>(state, i));
    clients.back()->start();
  }
  state.io.run();

  load_result result;
  result.seconds = std::chrono::duration<double>(clock::now() - state.measure_from).count();
  result.generator_cpu_seconds = cpu_of_thread() - state.cpu_at_start;
  result.requests = state.latencies.size();
  result.errors = state.errors;
  std::sort(state.latencies.begin(), state.latencies.end());
  result.p50 = at_quantile(state.latencies, 0.5);
  result.p90 = at_quantile(state.latencies, 0.9);
  result.p99 = at_quantile(state.latencies, 0.99);
  result.max = at_quantile(state.latencies, 1);
  result.latencies = std::move(state.latencies);
  return result;
}

std::string show(const load_result& r) {
  std::array<char, 160> line;
  std::snprintf(line.data(), line.size(),
                "p50 %7.0f us  p99 %7.0f us  max %8.0f us  %8.0f req/s  %llu errors", r.p50, r.p99,
                r.max, r.per_second(), static_cast<unsigned long long>(r.errors));
  return line.data();
}

std::string json_request(std::string_view target, std::string_view body) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return text.append(body);
}

} // namespace flipsync::bench
