/// Whole turns of the real program against DESIGN's budgets, each with its floor in the same run.
/// See README.md for what is measured and how.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/service.hpp"

namespace flipsync::bench {

namespace {

using std::chrono::milliseconds;

struct options {
  std::string program;
  std::string sample;
  bool quick = false;
  std::string only; ///< the one group of rows to measure; empty: all
};

int failures = 0;

/// One row: what, measured, budget, and whether it holds.
void row(const char* what, double value, const char* unit, double budget, bool at_most,
         const std::string& beside) {
  const bool holds = at_most ? value <= budget : value >= budget;
  failures += holds ? 0 : 1;
  std::printf("  %-52s %10.2f %-6s budget %s %-8.0f %-5s %s\n", what, value, unit,
              at_most ? "<=" : ">=", budget, holds ? "ok" : "MISS", beside.c_str());
  std::fflush(stdout);
}

class workshop {
public:
  explicit workshop(const options& opts) : opts_{opts} {
    folder_.import(opts.program, opts.sample, {"products", "prices", "orders", "rates"});
  }

  [[nodiscard]] std::string data() const { return folder_.data(); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    auto path = (folder_.path() / name).string();
    std::ofstream{path} << text;
    return path;
  }
  /// The service with the mock as its provider.
  [[nodiscard]] std::unique_ptr<service> serve(const std::string& model,
                                               std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.end(), {"--log-level", "warn"});
    return std::make_unique<service>(
      opts_.program, data(), arguments,
      std::vector<std::string>{
        "LLM_PROVIDER=openai", "LLM_MODEL=" + model, "OPENAI_API_KEY=bench", "ENABLE_CACHING=false",
        "OPENAI_BASE_URL=http://127.0.0.1:" + std::to_string(mock.port()) + "/v1"});
  }
  [[nodiscard]] std::unique_ptr<service> serve_embedded() const {
    return std::make_unique<service>(opts_.program, data(),
                                     std::vector<std::string>{"--log-level", "warn"},
                                     std::vector<std::string>{"LLM_PROVIDER=offline"});
  }
  [[nodiscard]] milliseconds time(int full) const {
    return milliseconds{opts_.quick ? full / 5 : full};
  }

  mock_provider mock;

private:
  options opts_;
  data_folder folder_{"turn-bench"};
};

std::vector<std::string> shopper_requests() {
  std::vector<std::string> requests;
  for (const std::string message :
       {"Do you have wireless headphones under $100?", "show me running shoes",
        "looking for a desk lamp", "recommend a gift for a cat", "price of a power bank"})
    requests.push_back(
      json_request("/api/v1/chat", R"({"message":")" + message + R"(","audience":"shopper"})"));
  return requests;
}

load_result load(std::uint16_t port, std::vector<std::string> requests, std::size_t connections,
                 milliseconds duration) {
  load_settings settings;
  settings.port = port;
  settings.requests = std::move(requests);
  settings.connections = connections;
  settings.duration = duration;
  settings.warm_up = milliseconds{500};
  return run_load(settings);
}

std::string direct_call(const std::string& model) {
  return json_request("/v1/chat/completions",
                      R"({"model":")" + model
                        + R"(","messages":[{"role":"user","content":"hi"}]})");
}

/// What the service takes beyond the provider alone, in microseconds of p50. Both are measured in
/// blocks by turns, since the machine's own wake-up times change by the second; a block's
/// difference is of neighbours in time.
struct difference {
  double median = 0;
  load_result alone, turns; ///< of the last block
  std::string range;
};

difference added_by(const service& running, std::uint16_t mock, const std::string& model,
                    milliseconds block) {
  constexpr int blocks = 5;
  difference out;
  std::vector<double> all;
  for (int i = 0; i < blocks; ++i) {
    out.alone = load(mock, {direct_call(model)}, 1, block);
    out.turns = load(running.port(), shopper_requests(), 1, block);
    all.push_back(out.turns.p50 - out.alone.p50);
  }
  std::sort(all.begin(), all.end());
  out.median = all[blocks / 2];
  out.range = std::to_string(std::lround(all.front())) + " to "
              + std::to_string(std::lround(all.back())) + " us in 5 blocks; last: turn "
              + show(out.turns) + "; the provider alone " + show(out.alone);
  return out;
}

void added_to_one_call(const workshop& shop) {
  const auto running = shop.serve("now");
  const auto added = added_by(*running, shop.mock.port(), "now", shop.time(1500));
  row("added to one provider call, a whole stored turn, p50", added.median, "us", 250, true,
      added.range);
}

void turns_per_second(const workshop& shop) {
  const auto floor = load(shop.mock.port(), {direct_call("now")}, 64, shop.time(2000));
  const auto running = shop.serve("now");
  // Past 100,000 conversations, so that what grows with them, or is bounded there, counts too.
  const auto turns = load(running->port(), shopper_requests(), 64, shop.time(14000));
  row("whole turns a second, 64 connections", turns.per_second(), "/s", 12000, false,
      "the provider alone " + show(floor));
  row("  their p99", turns.p99 / 1000, "ms", 15, true, show(turns));
  row("  errors", static_cast<double>(turns.errors), "", 0, true, "");
}

void hundred_users(const workshop& shop) {
  const auto running = shop.serve("wait-400");
  const auto turns = load(running->port(), shopper_requests(), 100, shop.time(10000));
  row("100 users, provider takes 400 ms: p50", turns.p50 / 1000, "ms", 410, true, show(turns));
  row("  p99", turns.p99 / 1000, "ms", 450, true, "");
  row("  errors", static_cast<double>(turns.errors), "", 0, true, "");
}

/// A real concierge turn whose parts ask the mock for 100, 200 and 300 ms.
void fan_out(const workshop& shop, const std::string& agents) {
  const auto running = shop.serve("wait-300", {"--config", agents});
  const auto added = added_by(*running, shop.mock.port(), "wait-300", shop.time(4500));
  row("fan-out of 100, 200 and 300 ms, p50 over the slowest", added.median / 1000, "ms", 1, true,
      added.range);
}

void idle_and_start(const workshop& shop) {
  double start = 1e9;
  for (int i = 0; i < 5; ++i)
    start =
      std::min(start, static_cast<double>(shop.serve_embedded()->start_time().count()) / 1000);
  row("start to ready, warm file cache (best of 5)", start, "ms", 200, true, "");
  const auto running = shop.serve_embedded();
  load(running->port(), shopper_requests(), 1, milliseconds{200});
  const auto before = running->cpu_seconds();
  const auto idle = shop.time(5000);
  std::this_thread::sleep_for(idle); // idleness is what is measured
  const auto used = running->cpu_seconds() - before;
  row("idle: resident", running->resident_mib(), "MiB", 64, true, "");
  row("idle: CPU", 100 * used / std::chrono::duration<double>(idle).count(), "%", 1, true, "");
}

/// Every part of the turn is a model's, and each takes another time.
std::string slow_parts(const workshop& shop) {
  const auto roster = shop.write("slow_parts.toml", R"([[agent]]
name = "concierge"
title = "Sells, with every part asked of a model"
audience = "shopper"
prompt = "You help a shopper of this shop."
skills = ["product_search", "product_pitch", "quick_replies", "cart_hints", "product_decision"]

[[agent.part]]
name = "response"
required = true
source = "model"
model = "wait-300"

[[agent.part]]
name = "product_decision"
source = "model"
model = "wait-100"

[[agent.part]]
name = "quick_replies"
source = "model"
model = "wait-200"
)");
  return shop.write("slow_parts_config.toml", "[agents]\nextra_files = [\"" + roster + "\"]\n");
}

int run(const options& opts) {
  const workshop shop{opts};
  std::printf("FlipSync, whole turns of %s\n", opts.program.c_str());
  const std::pair<const char*, std::function<void()>> groups[] = {
    {"idle", [&] { idle_and_start(shop); }},
    {"added", [&] { added_to_one_call(shop); }},
    {"load", [&] { turns_per_second(shop); }},
    {"users", [&] { hundred_users(shop); }},
    {"fan-out", [&] { fan_out(shop, slow_parts(shop)); }},
  };
  for (const auto& [name, measure] : groups)
    if (opts.only.empty() || opts.only == name)
      measure();
  if (failures > 0)
    std::printf("%d figure(s) outside their budget\n", failures);
  return failures > 0 ? 1 : 0;
}

} // namespace

} // namespace flipsync::bench

int main(int argc, char** argv) {
  flipsync::bench::options opts;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick")
      opts.quick = true;
    else if (word.starts_with("--only="))
      opts.only = word.substr(7);
    else if (opts.program.empty())
      opts.program = word;
    else
      opts.sample = word;
  }
  if (opts.sample.empty()) {
    std::fprintf(stderr, "usage: turn_bench PROGRAM SAMPLE_FOLDER [--quick] "
                         "[--only=idle|added|load|users|fan-out]\n");
    return 2;
  }
  try {
    return flipsync::bench::run(opts);
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "turn_bench: %s\n", wrong.what());
    return 1;
  }
}
