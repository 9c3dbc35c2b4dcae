#include "runtime/core/turn/without_costs.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace flipsync;

namespace {

struct listener final : event_sink {
  void on_event(const turn_event& event) override { last = event; }
  void on_answer(const turn_reply& reply) override { answer = reply; }
  [[nodiscard]] bool wants_steps() const noexcept override { return steps; }
  std::optional<turn_event> last;
  std::optional<turn_reply> answer;
  bool steps = false;
};

part_report dear_part() {
  part_report part;
  part.name = "response";
  part.tokens = {3, 4};
  part.cost = part.wasted = part.saved = usd{5};
  return part;
}

turn_reply dear_reply() {
  turn_reply reply;
  reply.message = "hi";
  reply.cost = reply.wasted = reply.saved = usd{5};
  reply.parts.push_back(dear_part());
  return reply;
}

void check(const part_report& part) {
  CHECK(part.name == "response");
  CHECK(part.tokens == token_usage{3, 4});
  for (const auto cost : {part.cost, part.wasted, part.saved})
    CHECK(cost.nanos == 0);
}

void check(const turn_reply& reply) {
  CHECK(reply.message == "hi");
  for (const auto cost : {reply.cost, reply.wasted, reply.saved})
    CHECK(cost.nanos == 0);
  REQUIRE(reply.parts.size() == 1);
  check(reply.parts.front());
}

} // namespace

TEST_CASE("what a turn cost is left out of its answer and its events, and nothing else is") {
  const auto to = std::make_shared<listener>();
  const auto sink = without_costs(to);
  CHECK_FALSE(sink->wants_steps());
  to->steps = true;
  CHECK(sink->wants_steps());
  sink->on_answer(dear_reply());
  check(to->answer.value());
  turn_event event;
  event.type = event_type::part_finished;
  event.seq = 7;
  event.part = std::make_shared<part_report>(dear_part());
  sink->on_event(event);
  CHECK(to->last->seq == 7);
  check(*to->last->part);
  CHECK(event.part->cost.nanos == 5);
  event.type = event_type::completed;
  event.part = nullptr;
  event.reply = std::make_shared<turn_reply>(dear_reply());
  sink->on_event(event);
  check(*to->last->reply);
  event.reply = nullptr;
  event.text = "token";
  sink->on_event(event);
  CHECK(to->last->text == "token");
}
