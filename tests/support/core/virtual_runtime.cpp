#include "tests/support/core/virtual_runtime.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/caf_compat.hpp"

namespace flipsync::test {

std::size_t event_log::count(event_type type) const {
  return static_cast<std::size_t>(std::count_if(
    events.begin(), events.end(), [type](const turn_event& e) { return e.type == type; }));
}

std::size_t event_log::terminals() const {
  return count(event_type::completed) + count(event_type::failed);
}

const turn_reply& event_log::reply() const {
  REQUIRE(terminals() == 1);
  return *events.back().reply;
}

std::string event_log::streamed() const {
  std::string text;
  for (const auto& event : events)
    if (event.type == event_type::token)
      text += event.text;
  return text;
}

bool event_log::in_order() const {
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].seq != i + 1 || (is_terminal(events[i].type) && i + 1 != events.size()))
      return false;
  return true;
}

part_contract part(std::string name, part_source source, bool required, double share,
                   std::string after) {
  part_contract contract;
  contract.name = std::move(name);
  contract.source = source;
  contract.required = required;
  contract.deadline_share = share;
  contract.after = std::move(after);
  return contract;
}

namespace {

agent_spec spec_of(const std::string& name, audience who) {
  agent_spec spec;
  spec.name = name;
  spec.title = "the test's " + name;
  spec.who = who;
  spec.prompt = "You are the test's " + name + '.';
  return spec;
}

router_config router_of(const std::vector<agent_spec>& agents) {
  router_config config;
  config.shopper_default = "shopper";
  config.seller_default = "seller";
  for (const auto& spec : agents) {
    routed_agent routed;
    routed.name = spec.name;
    routed.aliases = spec.aliases;
    routed.who = spec.who;
    config.agents.push_back(routed);
  }
  return config;
}

} // namespace

virtual_runtime::virtual_runtime(const std::function<void(assembly&, agent_library&)>& change) {
  const auto playwright = [this](const model_request& request, std::size_t call) {
    return play ? play(request, call) : script{};
  };
  provider = std::make_shared<scripted_provider>("scripted", playwright);
  second = std::make_shared<scripted_provider>(
    "second", [this](const model_request& request, std::size_t call) {
      script answer;
      answer.text = "from the second";
      return play_second ? play_second(request, call) : answer;
    });
  auto library = std::make_shared<agent_library>();
  const auto one_part = std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
    return part_plan{part("response", part_source::model, true, 0.97)};
  });
  library->add("shopper", one_part);
  library->add("seller", one_part);
  assembly parts;
  parts.seed = 42;
  parts.version = "test";
  parts.agents = {spec_of("shopper", audience::shopper), spec_of("seller", audience::seller)};
  parts.rules = default_shop_rules();
  parts.providers = {{provider}, {second}};
  parts.models.provider = "scripted";
  parts.store = store;
  if (change)
    change(parts, *library);
  parts.router = router_of(parts.agents);
  parts.library = library;
  auto started = engine::start(std::move(parts), {.virtual_time = true});
  REQUIRE(started.has_value());
  runtime = *started;
  provider->run_on(runtime->env().clock, runtime->env().alarms);
  second->run_on(runtime->env().clock, runtime->env().alarms);
  began_ = runtime->env().clock->now();
}

virtual_runtime::~virtual_runtime() { runtime->stop(); }

std::shared_ptr<event_log> virtual_runtime::submit(turn_request request) {
  auto log = std::make_shared<event_log>();
  last_turn = runtime->submit(std::move(request), log);
  return log;
}

std::shared_ptr<event_log> virtual_runtime::ask(std::string message, std::string conversation) {
  turn_request request;
  request.message = std::move(message);
  request.conversation_id = std::move(conversation);
  request.agent = "seller";
  auto log = submit(std::move(request));
  run();
  return log;
}

void virtual_runtime::run() {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(runtime->system().scheduler());
  scheduler.run();
}

void virtual_runtime::run_steps(int steps) {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(runtime->system().scheduler());
  for (int i = 0; i < steps; ++i)
    if (!scheduler.try_run_once())
      scheduler.advance_time(std::chrono::milliseconds{1});
}

void virtual_runtime::advance(std::chrono::milliseconds by) {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(runtime->system().scheduler());
  // Steps of a millisecond, the runtime's finest unit, so that what one alarm starts can ring in
  // time.
  for (std::chrono::milliseconds step{0}; step < by; step += std::chrono::milliseconds{1}) {
    scheduler.run();
    scheduler.advance_time(std::chrono::milliseconds{1});
  }
  scheduler.run();
}

std::chrono::milliseconds virtual_runtime::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(runtime->env().clock->now()
                                                               - began_);
}

} // namespace flipsync::test
