/// Whole turns of the real program against DESIGN's budgets, each with its floor in the same run.
/// See README.md for what is measured and how.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/added_to_call.hpp"
#include "tests/bench/bare_server.hpp"
#include "tests/bench/budget_table.hpp"
#include "tests/bench/core_speed.hpp"
#include "tests/bench/cores_awake.hpp"
#include "tests/bench/crowd.hpp"
#include "tests/bench/measurement.hpp"
#include "tests/bench/turn_shop.hpp"

namespace flipsync::bench {

namespace {

using std::chrono::milliseconds;

constexpr int blocks = 5;

/// What this machine lets any server do, as DESIGN measured its own.
class bare_exchange final : public measurement {
public:
  explicit bare_exchange(const turn_options& opts) : duration_{opts.quick ? 200 : 1000} {}

  void run_block() override {
    const auto request = json_request("/", "{}");
    rates_.push_back(load(server_.port(), {request}, 64, duration_).per_second());
    lone_.push_back(load(server_.port(), {request}, 1, duration_).p50);
    const cores_awake here;
    awake_.push_back(load(server_.port(), {request}, 1, duration_).p50);
  }

  void report(budget_table& table) override {
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

void idle_and_start(const turn_options& opts, budget_table& table) {
  const turn_shop shop{opts, "idle"};
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

int run(const turn_options& opts) {
  const auto wanted = [&](const char* name) { return opts.only.empty() || opts.only == name; };
  std::printf("FlipSync, whole turns of %s\n", opts.program.c_str());
  cores_awake::announce();
  budget_table table;
  if (wanted("idle"))
    idle_and_start(opts, table);
  std::vector<std::unique_ptr<measurement>> all;
  const auto add = [&](std::vector<std::unique_ptr<measurement>> rows) {
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  };
  if (wanted("added"))
    add(added_rows(opts));
  if (wanted("load"))
    all.push_back(full_load(opts));
  if (wanted("users"))
    all.push_back(hundred_users(opts));
  if (wanted("fan-out"))
    add(fan_out_rows(opts));
  if (!all.empty())
    all.insert(all.begin(), std::make_unique<bare_exchange>(opts));
  std::vector<std::vector<double>> speeds;
  for (int i = 0; i < blocks; ++i) {
    for (const auto& each : all)
      each->run_block();
    speeds.push_back(core_speeds());
  }
  for (const auto& each : all)
    each->report(table);
  show_speeds(speeds);
  return table.verdict();
}

} // namespace

} // namespace flipsync::bench

int main(int argc, char** argv) {
  flipsync::bench::turn_options opts;
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
