#include "runtime/core/model/request_defaults.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/assembly.hpp"

using namespace flipsync;

namespace {

class nobody : public outcome_listener {
public:
  void on_outcome(const model_outcome&) override {}
};

model_call call(std::string task = {}) {
  auto turn = std::make_shared<turn_context>();
  turn->request.task = std::move(task);
  model_call out;
  out.turn = std::move(turn);
  out.part = "response";
  return out;
}

model_routing routing() {
  model_routing out;
  out.tuning.temperature = 0.7;
  out.tuning.max_tokens = 512;
  out.tuning.stop = {"END"};
  out.tuning.num_ctx = 2048;
  out.tuning.keep_alive = "24h";
  out.tasks = {{}, *parse_task_limits({"factual: 300, 0.2"})};
  return out;
}

} // namespace

TEST_CASE("what a call leaves open is the configuration's") {
  auto own = call();
  own.request.tuning.temperature = 0.1;
  const auto tuning = tuning_for(own, routing());
  CHECK(tuning.temperature == 0.1);
  CHECK(tuning.max_tokens == 512U);
  CHECK(tuning.stop == std::vector<std::string>{"END"});
  CHECK(tuning.num_ctx == 2048U);
  CHECK(tuning.keep_alive == "24h");
}

TEST_CASE("a named task sets the limits of the response alone") {
  auto own = call("factual");
  own.request.tuning.temperature = 0.9;
  CHECK(tuning_for(own, routing()).temperature == 0.2);
  CHECK(tuning_for(own, routing()).max_tokens == 300U);
  own.part = "quick_replies";
  CHECK(tuning_for(own, routing()).temperature == 0.9);
}

TEST_CASE("who asks a model itself gets its own style, on a machine that is set up the same") {
  auto direct = call();
  direct.direct = std::make_shared<nobody>();
  const auto tuning = tuning_for(direct, routing());
  CHECK_FALSE(tuning.temperature);
  CHECK_FALSE(tuning.max_tokens);
  CHECK(tuning.stop.empty());
  CHECK(tuning.num_ctx == 2048U);
}

TEST_CASE("the fast tier asks for a short answer in a small window") {
  auto with = routing();
  with.fast = {100, 1024, 0.1, {"\n\n"}};
  const auto own = call();
  const auto tuning = tuning_for(own, with, true);
  CHECK(tuning.max_tokens == 100U);
  CHECK(tuning.num_ctx == 1024U);
  CHECK(tuning.temperature == 0.1);
  CHECK(tuning.stop == std::vector<std::string>{"\n\n"});
  CHECK(limit_of_fast_alone(own, with) == 100U);
  CHECK(tuning_for(own, with).max_tokens == 512U);
  CHECK(tuning_for(own, with).num_ctx == 2048U);
}

TEST_CASE("the fast tier makes nothing larger than it is on other tiers") {
  auto with = routing();
  with.fast = {1000, 4096, {}, {}};
  const auto own = call();
  CHECK(tuning_for(own, with, true).max_tokens == 512U);
  CHECK(tuning_for(own, with, true).num_ctx == 2048U);
  CHECK_FALSE(limit_of_fast_alone(own, with));
}

TEST_CASE(
  "what an agent wants of another tier is bounded on the fast one, what it wants of it is not") {
  auto with = routing();
  with.fast = {100, 1024, 0.1, {}};
  auto own = call();
  own.request.tuning.max_tokens = 400;
  own.request.tuning.temperature = 0.8;
  CHECK(tuning_for(own, with, true).max_tokens == 100U);
  CHECK(tuning_for(own, with, true).temperature == 0.8);
  own.tier = "fast";
  CHECK(tuning_for(own, with, true).max_tokens == 400U);
  CHECK_FALSE(limit_of_fast_alone(own, with));
}

TEST_CASE("a task's own limit and a stream that cannot be told again stay as long as they are") {
  auto with = routing();
  with.fast = {100, 1024, {}, {}};
  CHECK(tuning_for(call("factual"), with, true).max_tokens == 300U);
  CHECK_FALSE(limit_of_fast_alone(call("factual"), with));
  auto turn = std::make_shared<turn_context>();
  turn->request.told_once = true;
  auto own = call();
  own.turn = turn;
  own.stream_to_caller = true;
  CHECK(tuning_for(own, with, true).max_tokens == 512U);
  CHECK(tuning_for(own, with, true).num_ctx == 1024U);
}

TEST_CASE("a fast tier of which nothing is set is asked as all are") {
  const auto own = call();
  const auto tuning = tuning_for(own, routing(), true);
  CHECK(tuning.max_tokens == 512U);
  CHECK(tuning.num_ctx == 2048U);
  CHECK(tuning.stop == std::vector<std::string>{"END"});
}
