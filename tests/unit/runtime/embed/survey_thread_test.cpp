// What looks at a whole shop holds up no other turn (docs/adr/0035), over real threads.
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <future>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/embed/runtime.hpp"
#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

struct last_word final : event_sink {
  void on_event(const turn_event& event) override {
    if (is_terminal(event.type))
      ended.set_value(event.reply);
  }
  std::promise<std::shared_ptr<const turn_reply>> ended;
};

/// An agent whose only part says what its skill found.
void add_agent(assembly& parts, agent_library& library, const std::string& name,
               std::vector<store_query> queries) {
  library.add(std::make_shared<test_skill>(
    name, std::move(queries), [](const skill_input&, const std::vector<const store_rows*>&) {
      skill_output out;
      out.facts = {"Done."};
      return result<skill_output>{out};
    }));
  auto response = part("response", part_source::rules, true, 0.97);
  response.skills = {name};
  library.add(name, std::make_shared<test_plan>([response](const agent_spec&, const skill_input&) {
                return part_plan{response};
              }));
  agent_spec spec;
  spec.name = name;
  parts.agents.push_back(spec);
  routed_agent routed;
  routed.name = name;
  parts.router.agents.push_back(routed);
}

std::future<std::shared_ptr<const turn_reply>> ask(facade& runtime, const std::string& agent) {
  turn_request request;
  request.message = "hello";
  request.agent = agent;
  const auto sink = std::make_shared<last_word>();
  auto reply = sink->ended.get_future();
  (void)runtime.submit(std::move(request), sink);
  return reply;
}

} // namespace

TEST_CASE("while one turn looks at the whole shop, another searches it, is kept and answered") {
  const auto store = std::make_shared<memory_store>();
  std::promise<void> survey_begun;
  std::promise<void> may_end;
  store->on_survey = [&, allowed = may_end.get_future().share()] {
    survey_begun.set_value();
    allowed.wait_for(20s);
  };
  const auto library = std::make_shared<agent_library>();
  assembly parts;
  parts.version = "test";
  parts.rules = default_shop_rules();
  parts.store = store;
  add_agent(parts, *library, "surveyor", {shop_summary_query{}});
  add_agent(parts, *library, "searcher", {product_search{}});
  parts.router.seller_default = parts.router.shopper_default = "searcher";
  parts.library = library;
  auto runtime = start_runtime(std::move(parts));
  REQUIRE(runtime.has_value());

  auto slow = ask(**runtime, "surveyor");
  REQUIRE(survey_begun.get_future().wait_for(20s) == std::future_status::ready);
  auto quick = ask(**runtime, "searcher");
  const bool answered = quick.wait_for(10s) == std::future_status::ready;
  may_end.set_value();
  REQUIRE(answered);
  CHECK(quick.get()->status == turn_status::ok);
  CHECK(slow.get()->status == turn_status::ok);
  CHECK(store->turns().size() == 2);
  (*runtime)->stop();
}
