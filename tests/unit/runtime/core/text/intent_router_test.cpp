#include "runtime/core/text/intent_router.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>

using namespace flipsync;

namespace {

router_config sample_config() {
  router_config config;
  config.agents = {
    {"executive", {}, audience::seller, {"big picture"}, {"plan"}, {}},
    {"pricing",
     {"auto_pricing"},
     audience::seller,
     {"what should i charge"},
     {"price", "margin"},
     {}},
    {"logistics", {}, audience::seller, {"tracking number"}, {"parcel", "price"}, {}},
    {"concierge", {"assistant"}, audience::shopper, {"show me"}, {"gift"}, {entity_kind::category}},
  };
  return config;
}

vocabulary sample_words() {
  vocabulary words;
  words.add(entity_kind::category, "Kettles");
  return words;
}

struct asked : route_input {
  asked(std::string_view text, audience caller = audience::seller) {
    message = text;
    who = caller;
  }
};

result<route_choice> routed(const route_input& input) {
  static const intent_router router{sample_config()};
  static const auto words = sample_words();
  return router.route(input, words);
}

} // namespace

TEST_CASE("An agent that is asked for by name or alias answers, in any case") {
  for (const std::string_view name : {"pricing", "Pricing", "AUTO_PRICING"}) {
    auto input = asked{"where is my parcel"};
    input.agent = name;
    const auto choice = routed(input).value();
    CHECK(choice.agent == "pricing");
    CHECK(choice.reason == "explicit");
    CHECK(choice.score == 1.0);
  }
}

TEST_CASE("With texts read before, the decision is the same and asks for each text once") {
  const intent_router router{sample_config()};
  const auto words = sample_words();
  auto input = asked{"raise the price of the kettle"};
  input.recent = {"hello",   "where is my parcel", "what sells best",
                  "kettles", "and lamps?",         "why?"};
  std::map<std::string, text_evidence, std::less<>> read;
  const auto chosen = router
                        .decide(input,
                                [&](std::string_view text) -> const text_evidence& {
                                  const auto [at, fresh] =
                                    read.emplace(text, router.read(text, words));
                                  CHECK(fresh);
                                  return at->second;
                                })
                        .value();
  CHECK(read.size() == 6); // the message, and the last five before it
  const auto same = router.route(input, words).value();
  CHECK(chosen.agent == same.agent);
  CHECK(chosen.score == same.score);
  CHECK(chosen.reason == same.reason);
  CHECK(chosen.matched == same.matched);
}

TEST_CASE("An agent that does not exist is not found") {
  auto input = asked{"hello"};
  input.agent = "wizard";
  CHECK(routed(input).error().code == errc::not_found);
}

TEST_CASE(
  "A shopper who asks for a seller's agent, or whose conversation is pinned to one, is refused") {
  auto input = asked{"hello", audience::shopper};
  input.agent = "pricing";
  CHECK(routed(input).error().code == errc::forbidden);
  input.agent = {};
  input.pinned = "auto_pricing";
  CHECK(routed(input).error().code == errc::forbidden);
}

TEST_CASE("An explicit agent wins over a pin, and a pin over the message") {
  auto input = asked{"where is my parcel"};
  input.pinned = "executive";
  CHECK(routed(input).value().agent == "executive");
  CHECK(routed(input).value().reason == "pinned");
  input.agent = "pricing";
  CHECK(routed(input).value().agent == "pricing");
}

TEST_CASE("A pin to an agent that is no longer there is ignored") {
  auto input = asked{"where is my parcel"};
  input.pinned = "retired";
  CHECK(routed(input).value().agent == "logistics");
}

TEST_CASE("Phrases weigh more than keywords, and the choice names what matched and who came next") {
  const auto choice = routed(asked{"what should I charge for the parcel"}).value();
  CHECK(choice.agent == "pricing");
  CHECK(choice.reason == "matched");
  CHECK(choice.matched == std::vector<std::string>{"what should i charge"});
  // 7 words: 3.0 / (3.0 + 0.5 + 7/20)
  CHECK(choice.score == Catch::Approx(3.0 / 3.85));
  REQUIRE(choice.runners_up.size() == 1);
  CHECK(choice.runners_up.front().agent == "logistics");
  CHECK(choice.runners_up.front().score == Catch::Approx(1.5 / 2.35));
}

TEST_CASE("Equal scores go to the agent that is configured first") {
  const auto choice = routed(asked{"price"}).value();
  CHECK(choice.agent == "pricing");
  CHECK(choice.runners_up.front().agent == "logistics");
  CHECK(choice.runners_up.front().score == choice.score);
}

TEST_CASE("Words match as wholes, in any inflection, and a repeated word counts once") {
  CHECK(routed(asked{"priceless explanations"}).value().reason == "default");
  CHECK(routed(asked{"prices"}).value().score == routed(asked{"pricing"}).value().score);
  const auto once = routed(asked{"price one two"}).value();
  const auto thrice = routed(asked{"price price price"}).value();
  CHECK(once.score == thrice.score);
}

TEST_CASE("A word inside a phrase that matched does not count again") {
  auto config = sample_config();
  config.agents[1].phrases = {"raise the price"};
  const intent_router router{config};
  const auto choice = router.route(asked{"raise the price"}, {}).value();
  CHECK(choice.matched == std::vector<std::string>{"raise the price"});
}

TEST_CASE("A misspelt keyword counts less than a right one") {
  const auto wrong = routed(asked{"my parcl"}).value();
  CHECK(wrong.agent == "logistics");
  CHECK(wrong.score < routed(asked{"my parcel"}).value().score);
}

TEST_CASE("Nothing to go by leads a shopper to the concierge and a seller to the executive") {
  CHECK(routed(asked{"xyzzy", audience::shopper}).value().agent == "concierge");
  const auto choice = routed(asked{"xyzzy"}).value();
  CHECK(choice.agent == "executive");
  CHECK(choice.reason == "default");
  CHECK(choice.score == 0.0);
  CHECK(choice.runners_up.empty());
}

TEST_CASE("A caller of both rosters gets the concierge unless a seller's word is all there is") {
  CHECK(routed(asked{"xyzzy", audience::any}).value().agent == "concierge");
  std::string long_text = "price";
  for (int i = 0; i < 100; ++i)
    long_text += " lorem";
  CHECK(routed(asked{long_text, audience::any}).value().agent == "executive");
  CHECK(routed(asked{"what about the margin", audience::any}).value().agent == "pricing");
  CHECK(routed(asked{"show me kettles", audience::any}).value().agent == "concierge");
}

TEST_CASE("A shopper is never routed to a seller's agent, nor a seller to the concierge") {
  const auto shopper =
    routed(asked{"what should I charge, price, margin", audience::shopper}).value();
  CHECK(shopper.agent == "concierge");
  CHECK(shopper.runners_up.empty());
  CHECK(routed(asked{"show me kettles as a gift"}).value().agent == "executive");
}

TEST_CASE("Catalogue hits count for the agents that ask for their kind") {
  const auto choice = routed(asked{"kettles", audience::any}).value();
  CHECK(choice.agent == "concierge");
  CHECK(choice.matched == std::vector<std::string>{"Kettles"});
  CHECK(choice.score == Catch::Approx(1.0 / 1.55));
}

TEST_CASE("A conversation stays with its agent unless the message is clear") {
  auto input = asked{"and why is that"};
  input.current = "logistics";
  const auto kept = routed(input).value();
  CHECK(kept.agent == "logistics");
  CHECK(kept.reason == "kept");

  const std::string_view talk[] = {"where is my parcel"};
  input.recent = {talk[0]};
  input.message = "price of it"; // 0.7 of a keyword's score: below 0.5
  CHECK(routed(input).value().agent == "logistics");
  input.message = "what should i charge";
  CHECK(routed(input).value().agent == "pricing");
  CHECK(routed(input).value().reason == "matched");
}

TEST_CASE("A shopper's conversation does not stay with an agent that shoppers may not reach") {
  auto input = asked{"and why is that", audience::shopper};
  input.current = "pricing";
  CHECK(routed(input).value().agent == "concierge");
}

TEST_CASE("The last five messages have 30 percent of the say") {
  auto input = asked{"price"};
  input.recent = {"parcel"};
  const auto choice = routed(input).value();
  const double keyword = 1.5 / 2.05;  // one word
  CHECK(choice.agent == "logistics"); // it shares the keyword, and the history speaks for it
  CHECK(choice.score == Catch::Approx(0.7 * keyword + 0.3 * keyword));
  CHECK(choice.runners_up.front().score == Catch::Approx(0.7 * keyword));
}

TEST_CASE("Messages before the last five have no say") {
  auto input = asked{"xyzzy"};
  input.recent = {"parcel", "a", "b", "c", "d", "e"};
  CHECK(routed(input).value().runners_up.empty());
  input.recent = {"a", "b", "c", "d", "parcel"};
  CHECK(routed(input).value().runners_up.front().agent == "logistics");
}

TEST_CASE("At most three runners-up are told") {
  router_config config;
  for (const char* name : {"a", "b", "c", "d", "e"})
    config.agents.push_back({name, {}, audience::seller, {}, {"word"}, {}});
  const intent_router router{config};
  const auto choice = router.route(asked{"word"}, {}).value();
  CHECK(choice.agent == "a");
  CHECK(choice.runners_up.size() == 3);
  CHECK(choice.runners_up.back().agent == "d");
}

TEST_CASE("A roster without the default agents falls back on its first that the caller may reach") {
  router_config config;
  config.agents = {{"backoffice", {}, audience::seller, {}, {}, {}},
                   {"conversation", {}, audience::any, {}, {"talk"}, {}},
                   {"grammar", {}, audience::any, {}, {"verb"}, {}}};
  const intent_router router{config};
  CHECK(router.route(asked{"xyzzy", audience::shopper}, {}).value().agent == "conversation");
  CHECK(router.route(asked{"xyzzy"}, {}).value().agent == "backoffice");
  CHECK(router.route(asked{"a verb", audience::shopper}, {}).value().agent == "grammar");
}

TEST_CASE("Where no agent serves the caller, nothing is chosen") {
  router_config config;
  config.agents = {{"backoffice", {}, audience::seller, {}, {}, {}}};
  const intent_router router{config};
  CHECK(router.route(asked{"hi", audience::shopper}, {}).error().code == errc::not_found);
  CHECK(intent_router{router_config{}}.route(asked{"hi"}, {}).error().code == errc::not_found);
}

TEST_CASE("Names and aliases resolve to the agent's name, whatever their case") {
  const intent_router router{sample_config()};
  CHECK(router.resolve("Assistant") == "concierge");
  CHECK(router.resolve("PRICING") == "pricing");
  CHECK(router.resolve("nobody").empty());
  CHECK(router.resolve("").empty());
}

TEST_CASE("Odd input is routed like any other") {
  for (const std::string_view text : {"", " ", "???", "\xFF\xFE", "\U0001F600"})
    CHECK(routed(asked{text}).value().agent == "executive");
  const std::string huge(8000, 'x');
  CHECK(routed(asked{huge}).value().agent == "executive");
}

TEST_CASE("The words of a product's name or SKU, or of a brand, speak for nobody") {
  router_config config;
  config.agents = {{"executive", {}, audience::seller, {"strategy", "big * win"}, {"win"}, {}},
                   {"inventory", {}, audience::seller, {"how long * last"}, {"storage"}, {}},
                   {"pricing", {}, audience::seller, {}, {"margin"}, {}}};
  const intent_router router{std::move(config)};
  vocabulary words;
  words.add(entity_kind::brand, "Storage");
  words.add_sku("WIN-1001");
  words.add_product("Norvane Strategy Board Game, Large Travel Size, Blue");
  const auto agent_of = [&](std::string_view text) {
    return router.route(asked{text}, words).value().agent;
  };
  CHECK(agent_of("What is the margin of WIN-1001?") == "pricing");
  CHECK(agent_of("the margin of the Norvane Strategy Board Game, Large Travel Size, Blue")
        == "pricing");
  CHECK(agent_of("the margin of storage") == "pricing");
  CHECK(agent_of("our strategy to win, whatever the margin") == "executive");
  // A title is one word for a gap.
  CHECK(agent_of("How long will Norvane Strategy Board Game, Large Travel Size, Blue last?")
        == "inventory");
}

TEST_CASE("Of equal scores a term that holds the other's wins") {
  router_config config;
  config.agents = {{"executive", {}, audience::seller, {"investment"}, {}, {}},
                   {"pricing", {}, audience::seller, {"how much * cost"}, {}, {}},
                   {"inventory", {}, audience::seller, {"return on investment"}, {}, {}},
                   {"logistics", {}, audience::seller, {"how much * cost to ship"}, {}, {}}};
  const intent_router router{std::move(config)};
  const auto agent_of = [&](std::string_view text) {
    return router.route(asked{text}, {}).value().agent;
  };
  CHECK(agent_of("what is the return on investment") == "inventory");
  CHECK(agent_of("a new investment") == "executive");
  CHECK(agent_of("how much does it cost to ship it") == "logistics");
  CHECK(agent_of("how much does it cost") == "pricing");
  CHECK(agent_of("how much it costs, or an investment") == "executive");
}

TEST_CASE("The votes of several agents go to the executive, one agent's to that agent") {
  CHECK(routed(asked{"pricing: raise the price 0.9; logistics: keep the price 0.6"}).value().agent
        == "executive");
  CHECK(routed(asked{"pricing: what price for a parcel, at which margin?"}).value().agent
        == "pricing");
  auto input = asked{"pricing: A 0.9; logistics: B 0.6", audience::shopper};
  CHECK(routed(input).value().agent == "concierge");
}
