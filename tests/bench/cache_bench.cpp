/// What kept answers cost and save: hits at the door beside a bare Beast server, a burst of equal
/// requests, and the key of a call, against DESIGN's budgets. See README.md.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "runtime/core/cache/answer_key.hpp"
#include "tests/bench/bare_server.hpp"
#include "tests/bench/budget_table.hpp"
#include "tests/bench/cores_awake.hpp"
#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/service.hpp"

namespace flipsync::bench {

namespace {

using std::chrono::milliseconds;

budget_table table;

std::string question(const std::string& model, const std::string& text) {
  return json_request("/v1/chat/completions",
                      R"({"model":"openai/)" + model
                        + R"(","temperature":0,"messages":[{"role":"user","content":")" + text
                        + R"("}]})");
}

load_result load(std::uint16_t port, std::string request, std::size_t connections,
                 milliseconds duration, milliseconds warm_up = milliseconds{300}) {
  load_settings settings;
  settings.port = port;
  settings.requests = {std::move(request)};
  settings.connections = connections;
  settings.warm_up = warm_up;
  settings.duration = duration;
  return run_load(settings);
}

class workshop {
public:
  workshop(std::string program, bool quick) : program_{std::move(program)}, quick_{quick} {}

  [[nodiscard]] std::unique_ptr<service> serve() const {
    return std::make_unique<service>(
      program_, folder_.data(), std::vector<std::string>{"--log-level", "warn"},
      std::vector<std::string>{"LLM_PROVIDER=openai", "LLM_MODEL=now", "OPENAI_API_KEY=bench",
                               "OPENAI_BASE_URL=http://127.0.0.1:" + std::to_string(mock.port())
                                 + "/v1",
                               "FLIPSYNC_TURN_MAX_IN_FLIGHT=2000"});
  }
  [[nodiscard]] milliseconds time(int full) const { return milliseconds{quick_ ? full / 5 : full}; }

  mock_provider mock;

private:
  std::string program_;
  bool quick_;
  data_folder folder_{"cache-bench"};
};

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

/// The same load at FlipSync and at a bare server that writes about as many bytes.
struct beside_bare {
  load_result ours;                   ///< of the last block
  double our_p50 = 0, bare_p50 = 0;   ///< medians of the blocks, microseconds
  double our_rate = 0, bare_rate = 0; ///< means, requests a second
};

/// In blocks, by turns with the bare server's.
beside_bare in_blocks(const workshop& shop, const service& running, const bare_server& bare,
                      std::size_t connections) {
  constexpr int blocks = 5;
  const auto request = question("now", "hi");
  beside_bare out;
  std::vector<double> bare_p50, our_p50;
  for (int i = 0; i < blocks; ++i) {
    const auto floor = load(bare.port(), request, connections, shop.time(800));
    out.ours = load(running.port(), request, connections, shop.time(800));
    bare_p50.push_back(floor.p50);
    our_p50.push_back(out.ours.p50);
    out.bare_rate += floor.per_second() / blocks;
    out.our_rate += out.ours.per_second() / blocks;
  }
  out.bare_p50 = median(bare_p50);
  out.our_p50 = median(our_p50);
  return out;
}

void hits(const workshop& shop) {
  const auto running = shop.serve();
  const bare_server bare{std::string(600, 'x')};
  const auto lone = in_blocks(shop, *running, bare, 1);
  const auto awake = [&] {
    const cores_awake here;
    return in_blocks(shop, *running, bare, 1);
  }();
  const auto many = in_blocks(shop, *running, bare, 64);
  table.machine({lone.bare_p50, many.bare_rate});
  table.at_most("a turn cache hit, 1 connection, p50", lone.our_p50, "us", 100, show(lone.ours),
                pace::lone);
  if (cores_awake::possible())
    budget_table::show("  the same with the cores kept awake", awake.our_p50, "us",
                       "the bare server p50 " + std::to_string(std::lround(awake.bare_p50))
                         + " us");
  table.at_least("turn cache hits, 64 connections", many.our_rate, "/s", 50'000, show(many.ours),
                 pace::many);
  table.at_most("  calls of the provider for all of them",
                static_cast<double>(shop.mock.answered()), "", 1);
}

/// A thousand connections ask the same at once, of a model that takes 300 ms.
void burst(const workshop& shop) {
  const auto running = shop.serve();
  const auto before = shop.mock.answered();
  const auto all =
    load(running->port(), question("wait-300", "hello"), 1000, milliseconds{500}, milliseconds{0});
  table.at_most("a burst of 1,000 equal requests: provider calls",
                static_cast<double>(shop.mock.answered() - before), "", 1, show(all));
  table.at_most("  errors", static_cast<double>(all.errors), "", 0);
}

/// The key of a call with a prompt of so many bytes.
void key_cost(const workshop& shop, std::size_t bytes, const char* name, double budget) {
  model_request request;
  request.messages = {{chat_role::system, std::string(bytes / 2, 's'), {}, {}},
                      {chat_role::user, std::string(bytes / 2, 'u'), {}, {}}};
  const model_tuning tuning;
  const answer_question asked{"default", "openai", "https://example.com/v1", "gpt", "en-US", 7,
                              request,   tuning};
  const auto until = std::chrono::steady_clock::now() + shop.time(1000);
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t rounds = 0;
  std::uint64_t sum = 0; // so that the work is not left out
  auto now = began;
  for (; now < until; now = std::chrono::steady_clock::now())
    for (int i = 0; i < 100; ++i, ++rounds)
      sum += key_of(asked).bytes[0];
  const std::chrono::duration<double, std::micro> took = now - began;
  table.at_most(name, took.count() / static_cast<double>(rounds), "us", budget,
                std::to_string(rounds) + " keys" + (sum == 0 ? "?" : ""));
}

void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

int run(const std::string& program, bool quick) {
  allow_descriptors();
  const workshop shop{program, quick};
  std::printf("FlipSync's kept answers, %s\n", program.c_str());
  cores_awake::announce();
  hits(shop);
  burst(shop);
  key_cost(shop, 2048, "the key of a call, prompt of 2 KiB", 10);
  key_cost(shop, 65'536, "the key of a call, prompt of 64 KiB", 100);
  return table.verdict();
}

} // namespace flipsync::bench

int main(int argc, char** argv) {
  std::string program;
  bool quick = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick")
      quick = true;
    else
      program = word;
  }
  if (program.empty()) {
    std::fprintf(stderr, "usage: cache_bench PROGRAM [--quick]\n");
    return 2;
  }
  try {
    return flipsync::bench::run(program, quick);
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "cache_bench: %s\n", wrong.what());
    return 1;
  }
}
