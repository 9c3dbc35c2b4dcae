#include "tests/bench/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace flipsync::bench {

namespace {

/// Many connections at once.
class crowd : public measurement {
protected:
  crowd(const turn_options& opts, const char* model, const char* folder, std::size_t connections,
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

  turn_shop shop_;
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

class full_load_rows final : public crowd {
public:
  // Past 100,000 conversations, so that what grows with them, or is bounded there, counts too.
  explicit full_load_rows(const turn_options& opts) : crowd{opts, "now", "load", 64, 3500} {}

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

  void report(budget_table& table) override {
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

class hundred_users_rows final : public crowd {
public:
  explicit hundred_users_rows(const turn_options& opts)
    : crowd{opts, "wait-400", "users", 100, 2500} {}

  void report(budget_table& table) override {
    table.at_most("100 users, provider takes 400 ms: p50", percentile(50), "ms", 410,
                  "last: " + show(turns_));
    table.at_most("  p99", percentile(99), "ms", 450, range(p99s_, "ms"));
    table.at_most("  errors", static_cast<double>(errors_), "", 0);
  }
};

} // namespace

std::unique_ptr<measurement> full_load(const turn_options& opts) {
  return std::make_unique<full_load_rows>(opts);
}

std::unique_ptr<measurement> hundred_users(const turn_options& opts) {
  return std::make_unique<hundred_users_rows>(opts);
}

} // namespace flipsync::bench
