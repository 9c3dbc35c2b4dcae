/// Whole turns of the real program against DESIGN's budgets, each with its floor in the same run.
/// See README.md for what is measured and how.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/bare_server.hpp"
#include "tests/bench/budget_table.hpp"
#include "tests/bench/core_speed.hpp"
#include "tests/bench/cores_awake.hpp"
#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/one_core.hpp"
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

budget_table table;

/// A shop of its own, and a mock provider beside it.
class workshop {
public:
  workshop(const options& opts, const std::string& name)
    : opts_{opts},
      folder_{"turn-bench-" + name} {
    folder_.import(opts.program, opts.sample, {"products", "prices", "orders", "rates"});
  }

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
      opts_.program, folder_.data(), arguments,
      std::vector<std::string>{
        "LLM_PROVIDER=openai", "LLM_MODEL=" + model, "OPENAI_API_KEY=bench", "ENABLE_CACHING=false",
        "OPENAI_BASE_URL=http://127.0.0.1:" + std::to_string(mock.port()) + "/v1"});
  }
  [[nodiscard]] std::unique_ptr<service> serve_embedded() const {
    return std::make_unique<service>(opts_.program, folder_.data(),
                                     std::vector<std::string>{"--log-level", "warn"},
                                     std::vector<std::string>{"LLM_PROVIDER=offline"});
  }
  [[nodiscard]] milliseconds time(int full) const {
    return milliseconds{opts_.quick ? full / 5 : full};
  }

  mock_provider mock;

private:
  options opts_;
  data_folder folder_;
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

/// Questions that nobody has asked before; `from` on.
std::vector<std::string> new_requests(std::size_t from, std::size_t count) {
  std::vector<std::string> requests;
  requests.reserve(count);
  for (auto number = from; number < from + count; ++number)
    requests.push_back(json_request("/api/v1/chat", R"({"message":"looking for desk lamp )"
                                                      + std::to_string(number)
                                                      + R"(","audience":"shopper"})"));
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

/// What is measured in blocks, by turns with the blocks of the other rows, since the machine's
/// speed changes by the minute. Of latencies at one connection the blocks' median counts, of loads
/// all turns of all blocks, for their rate and for their percentiles.
class measurement {
public:
  measurement() = default;
  virtual ~measurement() = default;
  measurement(const measurement&) = delete;
  measurement& operator=(const measurement&) = delete;
  virtual void run_block() = 0;
  virtual void report() = 0;
};

constexpr int blocks = 5;

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

std::string range(const std::vector<double>& of, const char* unit) {
  const auto [least, most] = std::minmax_element(of.begin(), of.end());
  return std::to_string(std::lround(*least)) + " to " + std::to_string(std::lround(*most)) + ' '
         + unit + " in " + std::to_string(of.size()) + " blocks; ";
}

/// What this machine lets any server do, as DESIGN measured its own.
class bare_exchange final : public measurement {
public:
  explicit bare_exchange(const options& opts) : duration_{opts.quick ? 200 : 1000} {}

  void run_block() override {
    const auto request = json_request("/", "{}");
    rates_.push_back(load(server_.port(), {request}, 64, duration_).per_second());
    lone_.push_back(load(server_.port(), {request}, 1, duration_).p50);
    const cores_awake here;
    awake_.push_back(load(server_.port(), {request}, 1, duration_).p50);
  }

  void report() override {
    table.machine({median(lone_), median(rates_)});
    if (cores_awake::possible())
      budget_table::show("a bare server, one caller, cores kept awake", median(awake_), "us");
  }

private:
  milliseconds duration_;
  bare_server server_{std::string(600, 'x')};
  std::vector<double> lone_;  ///< microseconds
  std::vector<double> awake_; ///< the same with the cores kept awake
  std::vector<double> rates_;
};

/// What a turn takes beyond the provider alone, by the p50: a block's difference is of neighbours
/// in time.
class added_to_call final : public measurement {
public:
  struct subject {
    const char* name;
    const char* model;
    int block_ms;
    double per_unit; ///< microseconds in the row's unit
    const char* unit;
    double budget; ///< 0: none
    /// Whether cores are kept awake meanwhile, those of the floor as well.
    bool awake;
    const char* folder;
  };

  added_to_call(const options& opts, const subject& what,
                const std::function<std::vector<std::string>(const workshop&)>& arguments)
    : what_{what},
      shop_{opts, what.folder},
      running_{shop_.serve(what.model, arguments ? arguments(shop_) : std::vector<std::string>{})} {
  }

  void run_block() override {
    std::optional<cores_awake> here;
    if (what_.awake)
      here.emplace();
    alone_ = load(shop_.mock.port(), {direct_call(what_.model)}, 1, shop_.time(what_.block_ms));
    turns_ = load(running_->port(), shopper_requests(), 1, shop_.time(what_.block_ms));
    added_.push_back(turns_.p50 - alone_.p50);
  }

  void report() override {
    const auto value = median(added_) / what_.per_unit;
    const auto beside =
      range(added_, "us") + "last: turn " + show(turns_) + "; the provider alone " + show(alone_);
    if (what_.budget > 0)
      table.at_most(what_.name, value, what_.unit, what_.budget, beside, pace::lone);
    else
      budget_table::show(what_.name, value, what_.unit, beside);
  }

private:
  subject what_;
  workshop shop_;
  std::unique_ptr<service> running_;
  load_result alone_, turns_; ///< of the last block
  std::vector<double> added_; ///< microseconds
};

/// Many connections at once.
class crowd : public measurement {
protected:
  crowd(const options& opts, const char* model, const char* folder, std::size_t connections,
        int block_ms)
    : shop_{opts, folder},
      running_{shop_.serve(model)},
      connections_{connections},
      block_ms_{block_ms} {}

  void run_block() override {
    turns_ = load(running_->port(), shopper_requests(), connections_, shop_.time(block_ms_));
    rates_.push_back(turns_.per_second());
    p99s_.push_back(turns_.p99 / 1000);
    latencies_.insert(latencies_.end(), turns_.latencies.begin(), turns_.latencies.end());
    errors_ += turns_.errors;
    answered_ += turns_.requests;
    seconds_ += turns_.seconds;
  }

  /// Of all blocks, so that a slow one counts for what it was.
  [[nodiscard]] double per_second() const { return static_cast<double>(answered_) / seconds_; }
  /// In milliseconds, of all blocks.
  [[nodiscard]] double percentile(std::size_t percent) {
    const auto at =
      latencies_.begin() + static_cast<std::ptrdiff_t>((latencies_.size() - 1) * percent / 100);
    std::nth_element(latencies_.begin(), at, latencies_.end());
    return static_cast<double>(*at) / 1000;
  }

  workshop shop_;
  std::unique_ptr<service> running_;
  std::size_t connections_;
  int block_ms_;
  load_result turns_; ///< of the last block
  std::vector<double> rates_;
  std::vector<double> p99s_;     ///< milliseconds
  std::vector<float> latencies_; ///< microseconds
  std::uint64_t errors_ = 0;
  std::uint64_t answered_ = 0;
  double seconds_ = 0;
};

class full_load final : public crowd {
public:
  // Past 100,000 conversations, so that what grows with them, or is bounded there, counts too.
  explicit full_load(const options& opts) : crowd{opts, "now", "load", 64, 3500} {}

  void run_block() override {
    const auto alone = load(shop_.mock.port(), {direct_call("now")}, 64, shop_.time(1000));
    floors_.push_back(alone.per_second());
    crowd::run_block();
    constexpr std::size_t most = 40'000; // more than are answered in a block
    const auto unheard =
      load(running_->port(), new_requests(rates_.size() * most, most), 64, shop_.time(1000));
    new_questions_.push_back(unheard.per_second());
    errors_ += unheard.errors;
  }

  void report() override {
    table.at_least("whole turns a second, 64 connections", per_second(), "/s", 12000,
                   range(rates_, "/s") + "last: " + show(turns_), pace::many);
    table.at_most("  their p99", percentile(99), "ms", 15,
                  range(p99s_, "ms") + "the provider alone "
                    + std::to_string(std::lround(median(floors_))) + " calls a second",
                  pace::many);
    table.at_most("  errors", static_cast<double>(errors_), "", 0);
    budget_table::show("  of questions never asked before", median(new_questions_), "/s");
  }

private:
  std::vector<double> floors_;
  std::vector<double> new_questions_;
};

class hundred_users final : public crowd {
public:
  explicit hundred_users(const options& opts) : crowd{opts, "wait-400", "users", 100, 2500} {}

  void report() override {
    table.at_most("100 users, provider takes 400 ms: p50", percentile(50), "ms", 410,
                  "last: " + show(turns_));
    table.at_most("  p99", percentile(99), "ms", 450, range(p99s_, "ms"));
    table.at_most("  errors", static_cast<double>(errors_), "", 0);
  }
};

void idle_and_start(const options& opts) {
  const workshop shop{opts, "idle"};
  double start = 1e9;
  for (int i = 0; i < 5; ++i)
    start =
      std::min(start, static_cast<double>(shop.serve_embedded()->start_time().count()) / 1000);
  table.at_most("start to ready, warm file cache (best of 5)", start, "ms", 200);
  const auto running = shop.serve_embedded();
  load(running->port(), shopper_requests(), 1, milliseconds{200});
  const auto before = running->cpu_seconds();
  const auto idle = shop.time(5000);
  std::this_thread::sleep_for(idle); // idleness is what is measured
  const auto used = running->cpu_seconds() - before;
  table.at_most("idle: resident", running->resident_mib(), "MiB", 64);
  table.at_most("idle: CPU", 100 * used / std::chrono::duration<double>(idle).count(), "%", 1);
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

constexpr added_to_call::subject lone_turn{"added to one provider call, a whole stored turn, p50",
                                           "now",
                                           1500,
                                           1,
                                           "us",
                                           250,
                                           false,
                                           "added"};

/// A real concierge turn whose parts ask the mock for 100, 200 and 300 ms.
constexpr added_to_call::subject slow_turn{"fan-out of 100, 200 and 300 ms, p50 over the slowest",
                                           "wait-300",
                                           4500,
                                           1000,
                                           "ms",
                                           1,
                                           false,
                                           "fan-out"};

/// A row without a budget below its own.
added_to_call::subject below(added_to_call::subject row, const char* name, const char* folder,
                             bool awake) {
  row.name = name;
  row.budget = 0;
  row.awake = awake;
  row.folder = folder;
  return row;
}

constexpr const char* with_cores_awake = "  the same with the cores kept awake";

std::unique_ptr<measurement> added(const options& opts, const added_to_call::subject& what) {
  return std::make_unique<added_to_call>(opts, what, nullptr);
}

std::unique_ptr<measurement> fan_out(const options& opts, const added_to_call::subject& what) {
  return std::make_unique<added_to_call>(opts, what, [](const workshop& shop) {
    return std::vector<std::string>{"--config", slow_parts(shop)};
  });
}

/// The same where waking a thread of another core, which some machines take long for, is left out.
class added_on_one_core final : public measurement {
public:
  explicit added_on_one_core(const options& opts) {
    const one_core here;
    inner_ =
      added(opts, below(lone_turn, "  the same with all of it on one core", "one-core", false));
  }

  void run_block() override {
    const one_core here;
    inner_->run_block();
  }
  void report() override { inner_->report(); }

private:
  std::unique_ptr<measurement> inner_;
};

/// What other guests of the machine have left of its cores, round by round.
void show_speeds(const std::vector<std::vector<double>>& rounds) {
  std::printf("  the cores' own speed, by core and round:");
  for (std::size_t core = 0; core < rounds.front().size(); ++core) {
    std::printf(core == 0 ? " " : ",  ");
    for (const auto& round : rounds)
      std::printf(" %.0f", round[core]);
  }
  std::printf("  million steps a second\n");
}

int run(const options& opts) {
  const auto wanted = [&](const char* name) { return opts.only.empty() || opts.only == name; };
  std::printf("FlipSync, whole turns of %s\n", opts.program.c_str());
  cores_awake::announce();
  if (wanted("idle"))
    idle_and_start(opts);
  std::vector<std::unique_ptr<measurement>> all;
  if (wanted("added")) {
    all.push_back(added(opts, lone_turn));
    if (cores_awake::possible())
      all.push_back(added(opts, below(lone_turn, with_cores_awake, "added-awake", true)));
    all.push_back(std::make_unique<added_on_one_core>(opts));
  }
  if (wanted("load"))
    all.push_back(std::make_unique<full_load>(opts));
  if (wanted("users"))
    all.push_back(std::make_unique<hundred_users>(opts));
  if (wanted("fan-out")) {
    all.push_back(fan_out(opts, slow_turn));
    if (cores_awake::possible())
      all.push_back(fan_out(opts, below(slow_turn, with_cores_awake, "fan-out-awake", true)));
  }
  if (!all.empty())
    all.insert(all.begin(), std::make_unique<bare_exchange>(opts));
  std::vector<std::vector<double>> speeds;
  for (int i = 0; i < blocks; ++i) {
    for (const auto& each : all)
      each->run_block();
    speeds.push_back(core_speeds());
  }
  for (const auto& each : all)
    each->report();
  show_speeds(speeds);
  return table.verdict();
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
