/// WebSockets of the real program: memory of an idle one, frames a second, and how soon a client's
/// leaving closes the provider's socket. See README.md for what is measured and how.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/budget_table.hpp"
#include "tests/bench/data_folder.hpp"
#include "tests/bench/service.hpp"
#include "tests/support/raw_websocket.hpp"

namespace flipsync::bench {

namespace {

using clock = std::chrono::steady_clock;
using testing::raw_http;
using testing::raw_websocket;

budget_table table;

double us_since(clock::time_point began) {
  return std::chrono::duration<double, std::micro>(clock::now() - began).count();
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// A provider that begins an answer and waits for its asker to leave; one call after the other.
class waiting_provider {
public:
  waiting_provider() : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0
        || listen(listener_, 16) != 0
        || getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
      throw std::runtime_error{"no port for the provider"};
    port_ = ntohs(where.sin_port);
  }
  ~waiting_provider() { close(listener_); }
  waiting_provider(const waiting_provider&) = delete;
  waiting_provider& operator=(const waiting_provider&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
  }
  /// Takes a call and sends its first token.
  void answer() {
    call_ = accept(listener_, nullptr, nullptr);
    char bytes[4096];
    std::string request;
    while (request.find("\"messages\"") == std::string::npos) {
      const auto got = recv(call_, bytes, sizeof bytes, 0);
      if (got <= 0)
        throw std::runtime_error{"the call broke off"};
      request.append(bytes, static_cast<std::size_t>(got));
    }
    const std::string_view reply =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"One\"}}]}\n\n";
    if (::send(call_, reply.data(), reply.size(), MSG_NOSIGNAL) < 0)
      throw std::runtime_error{"the call broke off"};
  }
  /// Returns once the asker has closed its socket.
  void wait_closed() {
    char bytes[4096];
    while (recv(call_, bytes, sizeof bytes, 0) > 0) {
    }
    close(call_);
  }

private:
  int listener_;
  int call_ = -1;
  std::uint16_t port_ = 0;
};

void idle_memory(const service& program, std::size_t count) {
  const auto before = program.resident_mib();
  std::vector<std::unique_ptr<raw_websocket>> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    sockets.push_back(
      std::make_unique<raw_websocket>(raw_http{program.port()}, "/api/v1/ws/connect"));
    // Each has been used once, as a socket that idles has.
    sockets.back()->send(R"({"type":"ping"})");
    sockets.back()->text();
  }
  const auto kib = (program.resident_mib() - before) * 1024 / static_cast<double>(count);
  table.at_most(("memory of an idle socket, of " + std::to_string(count)).c_str(), kib, "KiB", 12);
}

using socket_list = std::vector<std::unique_ptr<raw_websocket>>;

constexpr std::string_view ping = R"({"type":"ping"})";

socket_list open_sockets(const service& program, std::size_t count) {
  socket_list sockets;
  for (std::size_t i = 0; i < count; ++i)
    sockets.push_back(
      std::make_unique<raw_websocket>(raw_http{program.port()}, "/api/v1/ws/connect"));
  return sockets;
}

/// A ping under way on each socket, for so long: the round trips in microseconds.
std::vector<double> round_trips(const socket_list& sockets, std::chrono::milliseconds time) {
  for (const auto& each : sockets)
    each->send(ping);
  std::vector<double> latencies;
  const auto began = clock::now();
  std::vector<clock::time_point> sent(sockets.size(), began);
  while (clock::now() - began < time)
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      sockets[i]->text();
      latencies.push_back(us_since(sent[i]));
      sent[i] = clock::now();
      sockets[i]->send(ping);
    }
  for (const auto& each : sockets)
    each->text();
  return latencies;
}

void frames(const service& program, std::size_t connections, std::chrono::milliseconds time,
            double budget) {
  const auto sockets = open_sockets(program, connections);
  const auto began = clock::now();
  const auto latencies = round_trips(sockets, time);
  const auto seconds = us_since(began) / 1e6;
  if (connections == 1)
    table.at_most("a frame there and back, 1 socket, p50", percentile(latencies, 0.5), "us",
                  budget);
  else
    table.at_least(("frames a second, " + std::to_string(connections) + " sockets").c_str(),
                   static_cast<double>(latencies.size()) / seconds, "/s", budget);
}

/// Asks for more than the kernel holds for it and reads none of it, until it is cut off.
void stop_reading(raw_websocket& socket) {
  constexpr int more_than_fits = 100'000;
  for (int i = 0; i < more_than_fits && socket.send(ping); ++i) {
  }
}

/// What readers that do not read do to those that do. A block with them stands between two without
/// them, and blocks are short: the machine's own changes then fall on both sides.
void slow_readers(const service& program, std::chrono::milliseconds time) {
  constexpr int rounds = 15;
  constexpr std::size_t slow = 4;
  const auto others = open_sockets(program, 500);
  const auto block = [&] { return percentile(round_trips(others, time / 3), 0.99); };
  std::vector<double> ratios;
  auto before = block();
  for (int i = 0; i < rounds; ++i) {
    auto stuck = open_sockets(program, slow);
    for (const auto& each : stuck)
      stop_reading(*each);
    const auto beside = block();
    stuck.clear();
    round_trips(others, time / 10); // what their end costs is not counted as the others' own
    const auto after = block();
    ratios.push_back(beside / ((before + after) / 2));
    before = after;
  }
  table.at_most("p99 of 500 sockets beside readers that stopped", percentile(ratios, 0.5), "times",
                1.2);
}

void cancellation(const service& program, waiting_provider& provider, int rounds) {
  std::vector<double> by_frame;
  std::vector<double> by_leaving;
  for (int i = 0; i < rounds; ++i) {
    raw_websocket socket{raw_http{program.port()}, "/api/v1/ws/connect"};
    socket.send(R"({"message":"hello there","audience":"seller"})");
    provider.answer();
    while (socket.text().find(R"("type":"token")") == std::string::npos) {
    }
    const auto began = clock::now();
    if (i % 2 == 0)
      socket.send(R"({"type":"cancel"})");
    else
      socket.connection().close();
    provider.wait_closed();
    (i % 2 == 0 ? by_frame : by_leaving).push_back(us_since(began) / 1000);
  }
  table.at_most("cancel frame to the provider's closed socket, p99", percentile(by_frame, 0.99),
                "ms", 10);
  table.at_most("dropped socket to the provider's closed socket, p99", percentile(by_leaving, 0.99),
                "ms", 10);
}

int run(const std::string& program, const std::string& sample, bool quick) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  constexpr std::size_t others = 64;
  const auto sockets = std::min<std::size_t>(quick ? 2000 : 10'000, files.rlim_cur - others);
  const data_folder folder{"ws-bench"};
  folder.import(program, sample, {"products"});
  waiting_provider provider;
  const service served{program,
                       folder.data(),
                       {},
                       {"LOG_LEVEL=warn", "LLM_PROVIDER=openai", "OPENAI_API_KEY=none",
                        "OPENAI_BASE_URL=" + provider.url(), "WS_MAX_CONNECTIONS=20000",
                        "FLIPSYNC_COSTS_PER_DAY=0", "FLIPSYNC_SERVER_MAX_CONNECTIONS=20000"}};
  const std::chrono::milliseconds time{quick ? 500 : 2000};
  frames(served, 1, time, 150);
  frames(served, 64, time, 20'000);
  slow_readers(served, time);
  cancellation(served, provider, quick ? 40 : 200);
  idle_memory(served, sockets);
  return table.verdict();
}

} // namespace

} // namespace flipsync::bench

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: ws_bench PROGRAM SAMPLE [--quick]\n");
    return 2;
  }
  try {
    return flipsync::bench::run(argv[1], argv[2], argc > 3 && std::string{argv[3]} == "--quick");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ws_bench: %s\n", e.what());
    return 1;
  }
}
