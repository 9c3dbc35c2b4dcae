/// The OpenAI-compatible routes as a plain proxy to one provider, against DESIGN's budgets, each
/// figure with its floor in the same run. See README.md for what is measured and how.

#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tests/bench/bare_proxy.hpp"
#include "tests/bench/budget_table.hpp"
#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/service.hpp"
#include "tests/bench/stream_load.hpp"
#include "tests/bench/stream_provider.hpp"

namespace flipsync::bench {

namespace {

using std::chrono::milliseconds;

budget_table table;

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port) + "/v1";
}

class workshop {
public:
  workshop(std::string program, bool quick) : program_{std::move(program)}, quick_{quick} {}

  /// The service with the provider at that port, and limits that a thousand streams fit in.
  [[nodiscard]] std::unique_ptr<service> before(std::uint16_t provider) const {
    return std::make_unique<service>(
      program_, folder_.data(), std::vector<std::string>{"--log-level", "warn"},
      std::vector<std::string>{"LLM_PROVIDER=openai", "LLM_MODEL=now", "OPENAI_API_KEY=bench",
                               "ENABLE_CACHING=false", "OPENAI_BASE_URL=" + url_of(provider),
                               "FLIPSYNC_OPENAI_MAX_CONCURRENT=1200",
                               "FLIPSYNC_MODELS_MAX_CONNECTIONS=1200"});
  }
  [[nodiscard]] int scaled(int full) const { return quick_ ? full / 5 : full; }

private:
  std::string program_;
  bool quick_;
  data_folder folder_{"facade-bench"};
};

std::string request_for(bool stream) {
  return json_request("/v1/chat/completions",
                      std::string{R"({"model":"openai/now",)"} + (stream ? R"("stream":true,)" : "")
                        + R"("messages":[{"role":"user","content":"hi"}]})");
}

load_result load(std::uint16_t port, std::size_t connections, int duration) {
  load_settings settings;
  settings.port = port;
  settings.requests = {request_for(false)};
  settings.connections = connections;
  settings.warm_up = milliseconds{300};
  settings.duration = milliseconds{duration};
  return run_load(settings);
}

void plain_proxy(const workshop& shop) {
  const mock_provider mock;
  const bare_proxy bare{url_of(mock.port()) + "/chat/completions"};
  const auto running = shop.before(mock.port());
  const auto duration = shop.scaled(3000);
  const auto direct = load(mock.port(), 1, duration);
  const auto floor = load(bare.port(), 1, duration);
  const auto ours = load(running->port(), 1, duration);
  table.at_most("added to one provider call, straight through, p50", ours.p50 - direct.p50, "us",
                150, show(ours));
  budget_table::show("  the provider alone", direct.p50, "us", show(direct));
  budget_table::show("  added by a bare proxy, Beast and the client", floor.p50 - direct.p50, "us",
                     show(floor));
  const auto direct_64 = load(mock.port(), 64, duration);
  const auto floor_64 = load(bare.port(), 64, duration);
  const auto ours_64 = load(running->port(), 64, duration);
  budget_table::show("requests, 64 connections", ours_64.per_second(), "/s", show(ours_64));
  budget_table::show("  the provider alone", direct_64.per_second(), "/s", show(direct_64));
  budget_table::show("  a bare proxy", floor_64.per_second(), "/s", show(floor_64));
}

stream_load_result streams(std::uint16_t port, std::size_t at_once, int rounds, int tokens) {
  stream_load_settings settings;
  settings.port = port;
  settings.request = request_for(true);
  settings.streams = at_once;
  settings.rounds = rounds;
  settings.tokens = tokens;
  return read_streams(settings);
}

void first_token(const workshop& shop) {
  const int rounds = shop.scaled(1000);
  const stream_provider provider{{1, milliseconds{0}}};
  const auto running = shop.before(provider.port());
  streams(running->port(), 1, 100, 1); // warm
  const auto direct = streams(provider.port(), 1, rounds, 1);
  const auto ours = streams(running->port(), 1, rounds, 1);
  table.at_most("first token after the provider's first byte, p50", ours.first_p50 / 1000, "ms",
                0.5, show(ours));
  budget_table::show("  straight from the provider", direct.first_p50 / 1000, "ms", show(direct));
}

/// How a thousand streams begin. At once: they stay in step, so that each token waits for a
/// thousand others, and all begin and end together. Steady: evenly over the time of an answer, each
/// followed by another, and only what is sent while all thousand run counts.
stream_load_result thousand(std::uint16_t port, const stream_pace& pace, bool steady) {
  stream_load_settings settings;
  settings.port = port;
  settings.request = request_for(true);
  settings.streams = 1000;
  settings.tokens = pace.tokens;
  if (steady) {
    const auto answer = pace.interval * pace.tokens;
    settings.rounds = 2;
    settings.spread = settings.from = answer;
    settings.until = answer * settings.rounds;
  }
  return read_streams(settings);
}

void thousand_streams(const workshop& shop, bool steady) {
  const stream_pace pace{shop.scaled(100), milliseconds{100}};
  const stream_provider provider{pace};
  const auto running = shop.before(provider.port());
  const auto direct = thousand(provider.port(), pace, steady);
  const auto ours = thousand(running->port(), pace, steady);
  table.at_most(steady ? "1,000 streams, 10 tokens/s each: p99 added to a token"
                       : "1,000 streams that begin at once, the same",
                (ours.p99 - direct.p99) / 1000, "ms", 20, show(ours));
  budget_table::show("  straight from the provider", direct.p99 / 1000, "ms", show(direct));
  table.at_most("  errors", static_cast<double>(ours.errors), "", 0);
}

/// A thousand streams through a service are some four thousand sockets here and there.
void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

/// `only`: the one group to measure; empty: all.
int run(const std::string& program, bool quick, const std::string& only) {
  allow_descriptors();
  const workshop shop{program, quick};
  std::printf("FlipSync as a plain proxy, %s\n", program.c_str());
  const auto wanted = [&](const char* group) { return only.empty() || only == group; };
  if (wanted("calls"))
    plain_proxy(shop);
  if (wanted("first-token"))
    first_token(shop);
  if (wanted("streams")) {
    thousand_streams(shop, true);
    thousand_streams(shop, false);
  }
  return table.verdict();
}

} // namespace flipsync::bench

int main(int argc, char** argv) {
  std::string program;
  std::string only;
  bool quick = false;
  constexpr std::string_view only_flag = "--only=";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick")
      quick = true;
    else if (word.starts_with(only_flag))
      only = word.substr(only_flag.size());
    else
      program = word;
  }
  if (program.empty()) {
    std::fprintf(stderr,
                 "usage: facade_bench PROGRAM [--quick] [--only=calls|first-token|streams]\n");
    return 2;
  }
  try {
    return flipsync::bench::run(program, quick, only);
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "facade_bench: %s\n", wrong.what());
    return 1;
  }
}
