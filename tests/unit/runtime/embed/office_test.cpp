// What the back office does to a running runtime.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

turn_request to(std::string agent) {
  turn_request request;
  request.message = "hello";
  request.agent = std::move(agent);
  return request;
}

/// The scripted provider answers with an alarm, so that time must move on.
constexpr auto answered_by = 1ms;

} // namespace

TEST_CASE("a paused agent refuses its turns, others answer, and a restart does not resume it") {
  virtual_runtime rt;
  auto& office = *rt.runtime->office();
  CHECK(office.pause_agent("seller", true)->state == "paused");
  const auto refused = rt.submit(to("seller"));
  rt.run();
  CHECK(refused->reply().why.code == errc::agent_down);
  CHECK(refused->reply().why.detail("state") == "paused");
  const auto other = rt.submit(to("shopper"));
  rt.advance(answered_by);
  CHECK(other->reply().status == turn_status::ok);
  for (const auto& agent : rt.runtime->at_hand()->agents)
    rt.kill(agent);
  rt.run();
  const auto again = rt.submit(to("seller"));
  rt.run();
  CHECK(again->reply().why.detail("state") == "paused");
  CHECK(office.pause_agent("seller", false)->state == "up");
  const auto answered = rt.submit(to("seller"));
  rt.advance(answered_by);
  CHECK(answered->reply().status == turn_status::ok);
  CHECK(office.pause_agent("nobody", true).error().code == errc::not_found);
}

TEST_CASE("deleting a conversation ends its turns, and nothing of it is stored afterwards") {
  virtual_runtime rt;
  const auto first = rt.ask("one", "c1");
  rt.advance(answered_by);
  CHECK(first->reply().status == turn_status::ok);
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto running = rt.ask("two", "c1");
  rt.run();
  std::optional<result<void>> gone;
  rt.runtime->office()->remove_conversation("default", "c1",
                                            [&](const result<void>& outcome) { gone = outcome; });
  rt.run();
  REQUIRE(gone);
  CHECK(gone->has_value());
  CHECK(running->reply().why.code == errc::cancelled);
  CHECK(rt.store->turns().empty());
  gone.reset();
  rt.runtime->office()->remove_conversation("default", "c1",
                                            [&](const result<void>& outcome) { gone = outcome; });
  rt.run();
  CHECK(gone->error().code == errc::not_found);
}

TEST_CASE("the readings of messages are forgotten with a conversation that is deleted") {
  virtual_runtime rt;
  rt.ask("my name is Ada", "c1");
  rt.advance(answered_by);
  const auto is_kept = [&] {
    const auto& env = rt.runtime->env();
    vocabulary words;
    words.version = rt.store->version.load();
    const auto read = [&] {
      return env.readings->read("my name is Ada", words, env.rules, {}, false);
    };
    const auto first = read();
    return read() == first;
  };
  CHECK(is_kept());
  rt.runtime->office()->remove_conversation("default", "c1", [](const result<void>&) {});
  rt.run();
  CHECK_FALSE(is_kept());
}

TEST_CASE("a shopper is not shown a conversation that was not a shopper's") {
  virtual_runtime rt;
  rt.ask("one", "c1");
  rt.advance(answered_by);
  std::optional<result<message_page>> seen;
  const auto look = [&](audience who) {
    seen.reset();
    rt.runtime->office()->messages("default", "c1", who, 0, 10,
                                   [&](result<message_page> page) { seen = std::move(page); });
    rt.run();
  };
  look(audience::seller);
  CHECK(seen->value().items.size() == 2);
  look(audience::shopper);
  CHECK(seen->error().code == errc::not_found);
}

TEST_CASE("a store that fails is said to have failed") {
  virtual_runtime rt;
  rt.store->broken = true;
  std::optional<result<product>> found;
  rt.runtime->office()->product_of({}, "x",
                                   [&](result<product> outcome) { found = std::move(outcome); });
  rt.run();
  CHECK(found->error().code == errc::store_failed);
}

TEST_CASE("a shopper is shown products for adults only once the age is confirmed") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.rules.age_gated_categories = {"Tobacco"}; }};
  product wine;
  wine.sku = "W-1";
  wine.title = "Red wine";
  wine.age_restricted = true;
  product pipe;
  pipe.sku = "T-1";
  pipe.title = "Pipe for red wine lovers";
  pipe.category = "tobacco";
  product glass;
  glass.sku = "G-1";
  glass.title = "Red wine glass";
  rt.store->products = {wine, pipe, glass};
  const auto found = [&](catalogue_viewer viewer) {
    std::optional<result<product_search_rows>> rows;
    product_search wanted;
    wanted.text = "red wine";
    rt.runtime->office()->search_products(viewer, std::move(wanted),
                                          [&](auto outcome) { rows = std::move(outcome); });
    rt.run();
    return rows->value().total;
  };
  const auto shows = [&](catalogue_viewer viewer, std::string sku) {
    std::optional<result<product>> item;
    rt.runtime->office()->product_of(viewer, std::move(sku),
                                     [&](auto outcome) { item = std::move(outcome); });
    rt.run();
    return item->has_value() || item->error().code != errc::not_found;
  };
  const catalogue_viewer shopper{audience::shopper};
  const catalogue_viewer of_age{audience::shopper, true};
  CHECK(found(shopper) == 1);
  CHECK(found(of_age) == 3);
  CHECK(found({audience::seller}) == 3);
  CHECK_FALSE(shows(shopper, "W-1"));
  CHECK_FALSE(shows(shopper, "T-1"));
  CHECK(shows(shopper, "G-1"));
  CHECK(shows(of_age, "T-1"));
  CHECK(shows({}, "W-1"));
}

TEST_CASE("conversations that were silent too long are deleted, others stay") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.core.keep_conversations = 10min;
    auto old = std::make_shared<stored_turn>();
    old->conversation_id = "old";
    CHECK(parts.store->append({old}).has_value());
  }};
  rt.ask("one", "young");
  rt.advance(answered_by);
  REQUIRE(rt.store->turns().size() == 1);
  CHECK(rt.store->turns().front().conversation_id == "young");
}

TEST_CASE("a sweep that is lost with the store's actor is made again") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.core.keep_conversations = 10min;
    auto old = std::make_shared<stored_turn>();
    old->conversation_id = "old";
    CHECK(parts.store->append({old}).has_value());
  }};
  int sweeps = 0;
  rt.store->on_sweep = [&sweeps] {
    if (++sweeps == 1)
      throw std::runtime_error{"lost"};
  };
  rt.advance(10ms);
  CHECK(sweeps == 1);
  CHECK(rt.store->turns().size() == 1);
  rt.advance(61s);
  CHECK(sweeps == 2);
  CHECK(rt.store->turns().empty());
}

TEST_CASE("the figures count turns, users and what providers did") {
  virtual_runtime rt;
  rt.ask("one");
  rt.advance(answered_by);
  const auto numbers = rt.runtime->office()->numbers();
  CHECK(numbers.turns == 1);
  CHECK(numbers.active_users == 1);
  CHECK(numbers.conversations_last_day == 1);
  REQUIRE_FALSE(numbers.providers.empty());
  CHECK(numbers.providers.front().attempts == 1);
  CHECK(rt.runtime->office()->clear_cache("", "nothing").error().code == errc::not_found);
}
