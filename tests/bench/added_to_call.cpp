#include "tests/bench/added_to_call.hpp"

#include <functional>
#include <optional>
#include <string>

#include "tests/bench/cores_awake.hpp"
#include "tests/bench/one_core.hpp"

namespace flipsync::bench {

namespace {

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

  added_to_call(const turn_options& opts, const subject& what,
                const std::function<std::vector<std::string>(const turn_shop&)>& arguments)
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

  void report(budget_table& table) override {
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
  turn_shop shop_;
  std::unique_ptr<service> running_;
  load_result alone_, turns_; ///< of the last block
  std::vector<double> added_; ///< microseconds
};

/// Every part of the turn is a model's, and each takes another time.
std::string slow_parts(const turn_shop& shop) {
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

std::unique_ptr<measurement> added(const turn_options& opts, const added_to_call::subject& what) {
  return std::make_unique<added_to_call>(opts, what, nullptr);
}

std::unique_ptr<measurement> fan_out(const turn_options& opts, const added_to_call::subject& what) {
  return std::make_unique<added_to_call>(opts, what, [](const turn_shop& shop) {
    return std::vector<std::string>{"--config", slow_parts(shop)};
  });
}

/// The same where waking a thread of another core, which some machines take long for, is left out.
class added_on_one_core final : public measurement {
public:
  explicit added_on_one_core(const turn_options& opts) {
    const one_core here;
    inner_ =
      added(opts, below(lone_turn, "  the same with all of it on one core", "one-core", false));
  }

  void run_block() override {
    const one_core here;
    inner_->run_block();
  }
  void report(budget_table& table) override { inner_->report(table); }

private:
  std::unique_ptr<measurement> inner_;
};

} // namespace

std::vector<std::unique_ptr<measurement>> added_rows(const turn_options& opts) {
  std::vector<std::unique_ptr<measurement>> rows;
  rows.push_back(added(opts, lone_turn));
  if (cores_awake::possible())
    rows.push_back(added(opts, below(lone_turn, with_cores_awake, "added-awake", true)));
  rows.push_back(std::make_unique<added_on_one_core>(opts));
  return rows;
}

std::vector<std::unique_ptr<measurement>> fan_out_rows(const turn_options& opts) {
  std::vector<std::unique_ptr<measurement>> rows;
  rows.push_back(fan_out(opts, slow_turn));
  if (cores_awake::possible())
    rows.push_back(fan_out(opts, below(slow_turn, with_cores_awake, "fan-out-awake", true)));
  return rows;
}

} // namespace flipsync::bench
