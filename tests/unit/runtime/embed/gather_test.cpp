// Parts: in parallel, with contracts, partial where an optional one is missing.
#include <catch2/catch_test_macros.hpp>

#include "runtime/core/ports/thread_loan.hpp"
#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

std::function<void(assembly&, agent_library&)> with_plan(const part_plan& plan) {
  return [plan](assembly&, agent_library& library) {
    library.add("seller", std::make_shared<test_plan>(
                            [plan](const agent_spec&, const skill_input&) { return plan; }));
  };
}

/// The part a model call is made for, told by its instruction.
part_contract told(part_contract contract) {
  contract.instruction = "part " + contract.name;
  return contract;
}

bool is_for(const model_request& request, const std::string& part) {
  return request.messages.front().text.find("part " + part) != std::string::npos;
}

const part_report& report(const turn_reply& reply, const std::string& name) {
  for (const auto& part : reply.parts)
    if (part.name == name)
      return part;
  throw std::runtime_error{"no part " + name};
}

} // namespace

TEST_CASE("parts run at the same time, so that a turn costs its slowest part") {
  virtual_runtime rt{with_plan({told(part("response", part_source::model, true, 0.97)),
                                told(part("product_decision", part_source::model)),
                                told(part("quick_replies", part_source::model))})};
  rt.play = [](const model_request& request, std::size_t) {
    if (is_for(request, "response"))
      return script{.after = 300ms};
    return script{.after = is_for(request, "quick_replies") ? 200ms : 100ms};
  };
  const auto log = rt.ask("hello");
  CHECK(rt.provider->most_running() == 3);
  rt.advance(299ms);
  CHECK_FALSE(log->ended());
  rt.advance(2ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().timings.total <= 301ms);
}

TEST_CASE("an optional part that is late makes the reply partial, not wrong") {
  virtual_runtime rt{with_plan({told(part("response", part_source::model, true, 0.97)),
                                told(part("quick_replies", part_source::model, false, 0.5))})};
  rt.play = [](const model_request& request, std::size_t) {
    return script{.after = 10ms, .hang = is_for(request, "quick_replies")};
  };
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  request.timeout = 1000ms;
  const auto log = rt.submit(request);
  rt.advance(499ms);
  CHECK_FALSE(log->ended());
  rt.advance(2ms);
  CHECK(log->reply().status == turn_status::partial);
  CHECK(log->reply().message == "an answer");
  CHECK(log->reply().quick_replies.empty());
  CHECK(report(log->reply(), "quick_replies").status == part_status::timed_out);
  CHECK(rt.provider->cancelled() == 1); // its call is not paid for any longer
}

TEST_CASE("a required part that fails ends the turn and the other parts' calls") {
  virtual_runtime rt{with_plan({told(part("response", part_source::model, true, 0.97)),
                                told(part("quick_replies", part_source::model))})};
  rt.play = [](const model_request& request, std::size_t) {
    if (is_for(request, "response"))
      return script{.after = 5ms, .why = error{errc::provider_rejected, "no such model"}};
    return script{.hang = true};
  };
  const auto log = rt.ask("hello");
  rt.advance(10ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::provider_rejected);
  CHECK(log->reply().why.detail("part") == "response");
  CHECK(report(log->reply(), "quick_replies").status == part_status::cancelled);
  CHECK(rt.provider->running() == 0);
  CHECK(rt.store->turns().empty()); // a failed turn is not part of the conversation
}

TEST_CASE("a part that waits for a decision is skipped when the decision is no") {
  virtual_runtime rt{
    with_plan({part("response", part_source::model, true, 0.97),
               told(part("product_decision", part_source::model)),
               part("products", part_source::rules, false, 0.9, "product_decision")})};
  rt.play = [](const model_request& request, std::size_t) {
    return is_for(request, "product_decision") ? script{.text = "No, they only said hello."}
                                               : script{};
  };
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(report(log->reply(), "products").status == part_status::skipped);
}

TEST_CASE("a part after one that was skipped is begun, and the turn is answered") {
  for (const bool decision_last : {true, false}) {
    virtual_runtime rt{
      with_plan({told(part("response", part_source::model, true, 0.97)),
                 told(part("product_decision", part_source::model)),
                 part("products", part_source::rules, false, 0.9, "product_decision"),
                 told(part("quick_replies", part_source::model, false, 0.9, "products"))})};
    rt.play = [decision_last](const model_request& request, std::size_t) {
      if (is_for(request, "product_decision"))
        return script{.after = decision_last ? 200ms : 10ms, .text = "no"};
      return script{.after = 50ms};
    };
    const auto log = rt.ask("hello");
    rt.advance(300ms);
    CHECK(log->reply().status == turn_status::ok);
    CHECK(report(log->reply(), "products").status == part_status::skipped);
    CHECK(report(log->reply(), "quick_replies").status == part_status::ok);
  }
}

TEST_CASE("a skill that throws fails its own part only") {
  virtual_runtime rt{[](assembly&, agent_library& library) {
    library.add(std::make_shared<test_skill>(
      "bomb", std::vector<store_query>{},
      [](const skill_input&, const std::vector<const store_rows*>&) -> result<skill_output> {
        throw std::runtime_error{"boom"};
      }));
    auto bomb = part("quick_replies", part_source::rules);
    bomb.skills = {"bomb"};
    part_plan plan{part("response", part_source::model, true, 0.97), bomb};
    library.add("seller", std::make_shared<test_plan>(
                            [plan](const agent_spec&, const skill_input&) { return plan; }));
  }};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::partial);
  CHECK(report(log->reply(), "quick_replies").status == part_status::failed);
  CHECK(log->reply().message == "an answer");
  CHECK(rt.runtime->env().counters[1]->restarts == 0);
}

TEST_CASE("what all parts need of the store is read in one batch, each query once") {
  product_search search;
  search.text = "lamp";
  virtual_runtime rt{[search](assembly&, agent_library& library) {
    const auto echo = [](const skill_input&, const std::vector<const store_rows*>& rows) {
      skill_output output;
      const auto& found = std::get<product_search_rows>(*rows.at(0));
      output.facts = {"found " + std::to_string(found.hits.size())};
      return result<skill_output>{output};
    };
    library.add(std::make_shared<test_skill>("one", std::vector<store_query>{search}, echo));
    library.add(std::make_shared<test_skill>(
      "two", std::vector<store_query>{search, shop_summary_query{}}, echo));
    auto response = part("response", part_source::model, true, 0.97);
    response.skills = {"one"};
    auto products = part("products", part_source::rules);
    products.skills = {"two"};
    part_plan plan{response, products};
    library.add("seller", std::make_shared<test_plan>(
                            [plan](const agent_spec&, const skill_input&) { return plan; }));
  }};
  rt.store->products = {{.sku = "L1", .title = "Desk lamp", .category = "Home"}};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  REQUIRE(rt.store->batches().size() == 1);
  CHECK(rt.store->batches()[0].queries.size() == 2);
  REQUIRE(rt.provider->requests().size() == 1);
  CHECK(rt.provider->requests()[0].messages[0].text.find("found 1") != std::string::npos);
  CHECK(rt.provider->requests()[0].facts == shared_list<std::string>{"found 1"});

  SECTION("and a second turn reads nothing, until an import changes the catalogue") {
    rt.ask("again");
    rt.advance(1ms);
    CHECK(rt.store->batches().size() == 1);
    rt.store->products.push_back({.sku = "L2", .title = "Floor lamp", .category = "Home"});
    rt.store->version = 2;
    rt.ask("and again");
    rt.advance(1ms);
    CHECK(rt.store->batches().size() == 2);
    CHECK(rt.provider->requests().back().facts == shared_list<std::string>{"found 2"});
  }
}

TEST_CASE("a store that cannot be read fails the parts that needed it, with its reason") {
  virtual_runtime rt{[](assembly&, agent_library& library) {
    library.add(
      std::make_shared<test_skill>("reader", std::vector<store_query>{shop_summary_query{}},
                                   [](const skill_input&, const std::vector<const store_rows*>&) {
                                     return result<skill_output>{skill_output{}};
                                   }));
    auto response = part("response", part_source::rules, true, 0.97);
    response.skills = {"reader"};
    library.add("seller",
                std::make_shared<test_plan>([response](const agent_spec&, const skill_input&) {
                  return part_plan{response};
                }));
  }};
  rt.store->broken = true;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::store_failed);
}

namespace {

/// A turn of one model and one rule, whose skill is run in the test's sight.
struct model_and_rule {
  int rules_run = 0;
  virtual_runtime rt{[this](assembly&, agent_library& library) {
    library.add(std::make_shared<test_skill>(
      "starters", std::vector<store_query>{},
      [this](const skill_input&, const std::vector<const store_rows*>&) {
        ++rules_run;
        skill_output out;
        out.quick_replies = {"Show me more"};
        return result<skill_output>{out};
      }));
    auto replies = part("quick_replies", part_source::rules);
    replies.skills = {"starters"};
    part_plan plan{part("response", part_source::model, true, 0.97), replies};
    library.add("seller", std::make_shared<test_plan>(
                            [plan](const agent_spec&, const skill_input&) { return plan; }));
  }};
};

} // namespace

TEST_CASE("on a lent thread the calls of a turn's models go out before its rules run") {
  model_and_rule turn;
  turn.rt.play = [](const model_request&, std::size_t) { return script{.after = 5ms}; };
  thread_loan lent{[] {}};
  const auto log = turn.rt.ask("hello");
  CHECK(turn.rt.provider->requests().size() == 1);
  CHECK(turn.rules_run == 0);
  lent.asked_has_begun();
  turn.rt.run();
  CHECK(turn.rules_run == 1);
  CHECK_FALSE(log->ended());
  turn.rt.advance(6ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().quick_replies.front() == "Show me more");
  CHECK(log->in_order());
}

TEST_CASE("an answer that comes before the rules were run has them run, once") {
  model_and_rule turn;
  turn.rt.play = [](const model_request&, std::size_t) { return script{.after = 5ms}; };
  thread_loan lent{[] {}};
  const auto log = turn.rt.ask("hello");
  turn.rt.advance(6ms);
  CHECK(turn.rules_run == 1);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().quick_replies.front() == "Show me more");
  lent.asked_has_begun(); // the turn is over: for nobody
  turn.rt.run();
  CHECK(turn.rules_run == 1);
  CHECK(log->terminals() == 1);
}

TEST_CASE("where no thread is lent, rules run in the same step as the calls are made") {
  model_and_rule turn;
  turn.rt.play = [](const model_request&, std::size_t) { return script{.after = 5ms}; };
  turn.rt.ask("hello");
  CHECK(turn.rules_run == 1);
}

TEST_CASE("parts that wait in a circle fail at once and say so, and what waits for them goes on") {
  virtual_runtime rt{with_plan({part("response", part_source::model, true, 0.97),
                                part("a", part_source::rules, false, 0.9, "b"),
                                part("b", part_source::rules, false, 0.9, "a"),
                                part("c", part_source::model, false, 0.9, "a")})};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  const auto& reply = log->reply();
  CHECK(reply.status == turn_status::partial);
  CHECK(report(reply, "a").status == part_status::failed);
  CHECK(report(reply, "a").why.message == "the part waits for itself: a after b after a");
  CHECK(report(reply, "b").why.message == "the part waits for itself: b after a after b");
  CHECK(report(reply, "c").status == part_status::ok);
}

TEST_CASE("a required part that waits for itself fails its turn at once") {
  virtual_runtime rt{with_plan({part("response", part_source::model, true, 0.97, "response")})};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(report(log->reply(), "response").why.message
        == "the part waits for itself: response after response");
  CHECK(rt.provider->requests().empty());
}
