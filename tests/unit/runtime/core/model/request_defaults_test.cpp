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
