// Conversations: memory, order, passivation, and what a shopper may see of them.
#include <catch2/catch_test_macros.hpp>

#include "runtime/core/ports/thread_loan.hpp"
#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

bool holds(const model_request& request, const std::string& text) {
  for (const auto& message : request.messages)
    if (message.text.find(text) != std::string::npos)
      return true;
  return false;
}

} // namespace

TEST_CASE("the second turn knows the first") {
  virtual_runtime rt;
  const auto first = rt.ask("my name is Ada");
  rt.advance(1ms);
  const auto second = rt.ask("what is my name?", first->reply().conversation_id);
  rt.advance(1ms);
  CHECK(second->reply().conversation_id == first->reply().conversation_id);
  REQUIRE(rt.provider->requests().size() == 2);
  const auto messages = rt.provider->requests()[1].messages;
  REQUIRE(messages.size() == 4);
  CHECK(messages[1] == chat_message{chat_role::user, "my name is Ada"});
  CHECK(messages[2] == chat_message{chat_role::assistant, "an answer"});
  CHECK(messages[3] == chat_message{chat_role::user, "what is my name?"});
}

TEST_CASE("a conversation is remembered by a runtime that never saw it") {
  virtual_runtime rt;
  stored_turn before;
  before.conversation_id = "old";
  before.agent = "seller";
  before.question = {"user", "remember 42", {}, {}, {}};
  before.answer = {"assistant", "noted", "seller", {}, {}};
  REQUIRE(rt.store->append({std::make_shared<const stored_turn>(before)}));
  rt.ask("what was it?", "old");
  rt.advance(1ms);
  CHECK(holds(rt.provider->requests().at(0), "remember 42"));
}

TEST_CASE("a message that was said before is read with the catalogue as it is now") {
  std::vector<std::string> categories;
  virtual_runtime rt{[&](assembly&, agent_library& library) {
    library.add("seller",
                std::make_shared<test_plan>([&](const agent_spec&, const skill_input& input) {
                  categories.push_back(input.message.category);
                  return part_plan{part("response", part_source::model, true, 0.97)};
                }));
  }};
  const auto ask = [&] {
    rt.ask("show me kettles");
    rt.advance(1ms);
  };
  ask();
  product kettle;
  kettle.sku = "KTL-1";
  kettle.title = "Copper Kettle";
  kettle.category = "Kettles";
  rt.store->products.push_back(kettle);
  ++rt.store->version;
  ask();
  ask();
  CHECK(categories == std::vector<std::string>{"", "Kettles", "Kettles"});
}

TEST_CASE("a pronoun means what the answers before told of, and the order that was named") {
  struct seen {
    std::string sku, order;
  };
  std::vector<seen> readings;
  std::vector<std::string> told;
  virtual_runtime rt{[&](assembly&, agent_library& library) {
    library.add(std::make_shared<test_skill>(
      "tell", std::vector<store_query>{},
      [&](const skill_input& input, const std::vector<const store_rows*>&) {
        readings.push_back({input.message.sku, input.message.earlier_order});
        skill_output output;
        output.skus = told;
        return result<skill_output>{output};
      }));
    auto response = part("response", part_source::rules, true, 0.97);
    response.skills = {"tell"};
    library.add("seller",
                std::make_shared<test_plan>([response](const agent_spec&, const skill_input&) {
                  return part_plan{response};
                }));
  }};
  const auto ask = [&](const std::string& message, std::vector<std::string> answer) {
    told = std::move(answer);
    rt.ask(message, "talk");
    rt.advance(1ms);
    return readings.back();
  };
  ask("hello", {"A-1"});
  ask("where are we undercut?", {"B-1", "B-2", "B-3"});
  CHECK(ask("tell me of the third one", {"B-3"}).sku == "B-3");
  CHECK(ask("what does it earn?", {"B-3"}).sku == "B-3");
  CHECK(ask("and the second one?", {}).sku == "B-2");
  CHECK(ask("what about it?", {}).sku == "B-2"); // asked about, if not told of
  ask("where is order EBY-104224?", {"C-1"});
  const auto order = ask("can it be refunded?", {});
  CHECK(order.order == "EBY-104224");
  CHECK(order.sku == "C-1");
  std::vector<std::string> many(100, "D");
  for (std::size_t i = 0; i < many.size(); ++i)
    many[i] += "-" + std::to_string(i);
  ask("list them all", many);
  CHECK(rt.store->turns().back().answer.skus.size() == 20);
}

TEST_CASE("turns of one conversation run one after another, in order") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  const auto one = rt.ask("one", "talk");
  const auto two = rt.ask("two", "talk");
  const auto elsewhere = rt.ask("three", "other");
  CHECK(rt.provider->requests().size() == 2); // "one" and "three"
  rt.advance(101ms);
  CHECK(one->ended());
  CHECK(elsewhere->ended());
  CHECK_FALSE(two->ended());
  rt.advance(101ms);
  CHECK(two->reply().status == turn_status::ok);
  CHECK(holds(rt.provider->requests().back(), "one"));
}

TEST_CASE("a cancelled turn makes way for the next of its conversation") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t call) {
    return call == 0 ? script{.hang = true} : script{};
  };
  rt.ask("one", "talk");
  const auto first = rt.last_turn;
  const auto two = rt.ask("two", "talk");
  CHECK_FALSE(two->ended());
  first.cancel();
  rt.advance(1ms);
  CHECK(two->reply().status == turn_status::ok);
}

TEST_CASE("turns beyond a conversation's queue are refused") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.core.max_queue_per_conversation = 1; }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 10ms}; };
  const auto one = rt.ask("one", "talk");
  const auto two = rt.ask("two", "talk");
  const auto three = rt.ask("three", "talk");
  CHECK(three->reply().why.code == errc::overloaded);
  rt.advance(50ms);
  CHECK(one->reply().status == turn_status::ok);
  CHECK(two->reply().status == turn_status::ok);
}

TEST_CASE("completed waits for the commit, and a turn that cannot be kept is not completed") {
  virtual_runtime rt;
  rt.ask("one", "talk");
  rt.advance(1ms);
  CHECK(rt.store->turns().size() == 1);
  rt.store->on_append = [&rt] { rt.store->broken = true; };
  const auto log = rt.ask("two", "talk");
  rt.advance(1ms);
  CHECK(log->answers.size() == 1); // shown, and ended otherwise all the same
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::store_failed);
}

TEST_CASE("turns that end together share a commit") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.after = 5ms}; };
  std::vector<std::shared_ptr<event_log>> logs;
  logs.reserve(20);
  for (int i = 0; i < 20; ++i)
    logs.push_back(rt.ask("hello"));
  rt.advance(10ms);
  for (const auto& log : logs)
    CHECK(log->reply().status == turn_status::ok);
  CHECK(rt.store->turns().size() == 20);
  CHECK(rt.store->commits() < 20);
}

TEST_CASE("a lent thread keeps a turn at once, and the next turn knows it") {
  virtual_runtime rt;
  const thread_loan lent{[] {}};
  rt.store->at_once = true;
  const auto first = rt.ask("my name is Ada", "talk");
  rt.advance(1ms);
  CHECK(first->reply().status == turn_status::ok);
  CHECK(first->terminals() == 1);
  CHECK(rt.store->commits_at_once() == 1);
  rt.ask("what is my name?", "talk");
  rt.advance(1ms);
  CHECK(holds(rt.provider->requests().back(), "my name is Ada"));
  CHECK(rt.store->turns().size() == 2);
}

TEST_CASE("a turn that a lent thread cannot keep at once is kept by the store's actor") {
  virtual_runtime rt;
  const thread_loan lent{[] {}};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(rt.store->commits_at_once() == 0);
  CHECK(rt.store->turns().size() == 1);
}

TEST_CASE("a turn that neither a lent thread nor the store can keep is not completed") {
  virtual_runtime rt;
  const thread_loan lent{[] {}};
  rt.store->at_once = true;
  rt.store->broken = true;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::store_failed);
  CHECK(rt.store->turns().empty());
}

TEST_CASE("a thread that is not lent leaves the commit to the store's actor") {
  virtual_runtime rt;
  rt.store->at_once = true;
  rt.ask("hello");
  rt.advance(1ms);
  CHECK(rt.store->commits_at_once() == 0);
  CHECK(rt.store->turns().size() == 1);
}

TEST_CASE("a conversation at rest is remembered without the store") {
  virtual_runtime rt;
  const auto first = rt.ask("my name is Ada");
  rt.advance(1ms);
  rt.ask("what is my name?", first->reply().conversation_id);
  rt.advance(1ms);
  CHECK(holds(rt.provider->requests().back(), "my name is Ada"));
  CHECK(rt.store->recalls() == 0);
}

TEST_CASE("a conversation at rest has no actor") {
  virtual_runtime rt;
  const auto actors = [&rt] {
    const auto text = rt.runtime->metrics_text();
    const std::string name = "\ncaf_system_running_actors ";
    const auto line = text.find(name);
    REQUIRE(line != std::string::npos);
    return std::stoi(text.substr(line + name.size()));
  };
  const auto before = actors();
  rt.play = [](const model_request&, std::size_t) { return script{.after = 5ms}; };
  rt.ask("hello", "talk");
  CHECK(actors() != before);
  rt.advance(10ms);
  CHECK(actors() == before);
  CHECK(rt.runtime->metrics_text().find("flipsync_live_conversations 1") != std::string::npos);
}

TEST_CASE("a conversation that its caller keeps is not kept in memory either") {
  virtual_runtime rt;
  turn_request request;
  request.message = "hello";
  request.conversation_id = "talk";
  request.kept = false;
  request.history = {{true, "my name is Ada"}, {false, "Noted."}};
  rt.submit(request);
  rt.advance(1ms);
  CHECK(rt.runtime->metrics_text().find("flipsync_live_conversations 0") != std::string::npos);
  rt.ask("what is my name?", "talk");
  rt.advance(1ms);
  CHECK_FALSE(holds(rt.provider->requests().back(), "Ada"));
}

TEST_CASE("after a commit that failed, the store is asked what it has kept") {
  virtual_runtime rt;
  rt.ask("one", "talk");
  rt.advance(1ms);
  const auto recalls = rt.store->recalls();
  rt.store->on_append = [&rt] { rt.store->broken = true; };
  rt.ask("two", "talk");
  rt.advance(1ms);
  rt.store->on_append = nullptr;
  rt.store->broken = false;
  rt.ask("three", "talk");
  rt.advance(1ms);
  CHECK(rt.store->recalls() == recalls + 1);
  CHECK(holds(rt.provider->requests().back(), "one"));
  CHECK_FALSE(holds(rt.provider->requests().back(), "two"));
}

TEST_CASE("an idle conversation leaves memory and comes back from the store") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.core.passivate_after = 1000ms; }};
  const auto first = rt.ask("remember me", "talk");
  rt.advance(1ms);
  CHECK(rt.runtime->metrics_text().find("flipsync_live_conversations 1") != std::string::npos);
  rt.advance(1600ms);
  CHECK(rt.runtime->metrics_text().find("flipsync_live_conversations 0") != std::string::npos);
  rt.ask("who am I?", "talk");
  rt.advance(1ms);
  CHECK(holds(rt.provider->requests().back(), "remember me"));
}

TEST_CASE("live conversations are bounded: the longest idle makes room") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.core.max_conversations = 3; }};
  for (int i = 0; i < 10; ++i) {
    rt.ask("hello");
    rt.advance(1ms);
  }
  CHECK(rt.runtime->metrics_text().find("flipsync_live_conversations 3") != std::string::npos);
}

TEST_CASE("a shopper does not see what a seller's agent said in the same conversation") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.text = "cost is $12.34"}; };
  rt.ask("what did it cost us?", "talk");
  rt.advance(1ms);
  turn_request request;
  request.message = "tell me everything";
  request.conversation_id = "talk";
  request.who = audience::shopper;
  const auto log = rt.submit(request);
  rt.advance(1ms);
  CHECK(log->reply().agent == "shopper");
  CHECK_FALSE(holds(rt.provider->requests().back(), "12.34"));
  CHECK_FALSE(holds(rt.provider->requests().back(), "cost us"));
}

TEST_CASE("a shopper who asks for a seller's agent is refused") {
  virtual_runtime rt;
  turn_request request;
  request.message = "margin?";
  request.agent = "seller";
  request.who = audience::shopper;
  const auto log = rt.submit(request);
  rt.run();
  CHECK(log->reply().why.code == errc::forbidden);
  CHECK(rt.provider->requests().empty());
}

TEST_CASE("a shopper's reads never ask for the cost") {
  virtual_runtime rt{[](assembly&, agent_library& library) {
    library.add(std::make_shared<test_skill>(
      "look", std::vector<store_query>{product_dossier{"S1", ""}},
      [](const skill_input&, const std::vector<const store_rows*>& rows) {
        skill_output output;
        const auto& row = std::get<product_dossier_row>(*rows.at(0));
        output.facts = {row.item && row.item->cost ? "has cost" : "has no cost"};
        return result<skill_output>{output};
      }));
    auto response = part("response", part_source::rules, true, 0.97);
    response.skills = {"look"};
    for (const std::string agent : {"shopper", "seller"})
      library.add(agent,
                  std::make_shared<test_plan>([response](const agent_spec&, const skill_input&) {
                    return part_plan{response};
                  }));
  }};
  rt.store->products = {{.sku = "S1", .title = "Thing", .cost = money{100}}};
  const auto seller = rt.ask("hello");
  CHECK(seller->reply().message == "has cost");
  turn_request request;
  request.message = "hello";
  request.agent = "shopper";
  const auto shopper = rt.submit(request); // whoever asks: the shopper's agent has no cost to tell
  rt.run();
  CHECK(shopper->reply().message == "has no cost");
}

TEST_CASE("a conversation that its caller keeps brings its history and leaves nothing behind") {
  virtual_runtime rt;
  turn_request request;
  request.message = "and in blue?";
  request.agent = "seller";
  request.kept = false;
  request.history = {{true, "do you have shoes?"}, {false, "In red."}};
  const auto log = rt.submit(request);
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  const auto messages = rt.provider->requests().at(0).messages;
  REQUIRE(messages.size() == 4);
  CHECK(messages[1] == chat_message{chat_role::user, "do you have shoes?"});
  CHECK(messages[2] == chat_message{chat_role::assistant, "In red."});
  CHECK(messages[3] == chat_message{chat_role::user, "and in blue?"});
  CHECK(rt.store->turns().empty());
}

TEST_CASE("a shopper's agent sees the history that its caller keeps") {
  virtual_runtime rt;
  turn_request request;
  request.message = "and in blue?";
  request.agent = "shopper";
  request.who = audience::shopper;
  request.kept = false;
  request.history = {{true, "do you have shoes?"}, {false, "In red."}};
  rt.submit(request);
  rt.advance(1ms);
  CHECK(rt.provider->requests().at(0).messages.size() == 4);
}
