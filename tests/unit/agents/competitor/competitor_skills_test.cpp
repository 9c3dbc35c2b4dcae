#include "agents/competitor/competitor_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop watched_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 5000);
  item.cost = money{4400};
  auto row = make_dossier(item);
  row.rivals = {make_rival("Acme", 4500, 20min), make_rival("Bolt", 4800, 3h),
                make_rival("Core", 6000, 9h)};
  row.rival_history = {make_rival("Acme", 5200, 30h)};
  shop.products = {row};
  return shop;
}

} // namespace

TEST_CASE("rival prices give range, average, number and age") {
  const auto shop = watched_shop();
  const auto all = competitor::skills();
  const auto out = shop.tell(find(all, "rival_prices"), "What do others ask for AU-0012?");
  CHECK(out.facts[0]
        == "Blue Ridge Headphones (SKU AU-0012) sells at $50.00; 3 competitors ask between $45.00 "
           "and $60.00, $51.00 on average.");
  CHECK_THAT(out.facts[1], ContainsSubstring("Acme at $45.00, Bolt at $48.00 and Core at $60.00"));
  CHECK_THAT(out.facts[2], ContainsSubstring("20 minutes old") && !ContainsSubstring("check them"));
}

TEST_CASE("old data is said to be old") {
  auto shop = watched_shop();
  shop.products[0].rivals = {make_rival("Acme", 4500, 50h)};
  const auto all = competitor::skills();
  CHECK_THAT(joined(shop.tell(find(all, "rival_prices"), "AU-0012")),
             ContainsSubstring("2 days old, so check them")
               && ContainsSubstring("1 competitor asks"));
}

TEST_CASE("an undercut names who, how much, and that matching would pass the floor") {
  const auto shop = watched_shop();
  const auto all = competitor::skills();
  const auto out = shop.tell(find(all, "undercut_detection"), "Who undercuts AU-0012?");
  CHECK(out.facts[0]
        == "Acme undercuts Blue Ridge Headphones (SKU AU-0012): $45.00 against $50.00, which is "
           "$5.00 or 10 % less.");
  CHECK_THAT(out.facts[1], ContainsSubstring("2 competitors"));
  CHECK_THAT(out.facts[2], ContainsSubstring("$48.40") && ContainsSubstring("only a human"));
}

TEST_CASE("no undercut and no competitor are told apart") {
  auto shop = watched_shop();
  const auto all = competitor::skills();
  shop.products[0].rivals = {make_rival("Core", 6000)};
  CHECK_THAT(joined(shop.tell(find(all, "undercut_detection"), "AU-0012")),
             ContainsSubstring("No competitor undercuts"));
  shop.products[0].rivals.clear();
  const auto out = shop.tell(find(all, "undercut_detection"), "AU-0012");
  CHECK_THAT(joined(out), ContainsSubstring("No competitor price is known"));
  CHECK(out.missing == std::vector<std::string>{"competitor prices"});
}

TEST_CASE("without a product the shop's undercuts are listed") {
  auto shop = watched_shop();
  const auto all = competitor::skills();
  CHECK_THAT(joined(shop.tell(find(all, "undercut_detection"), "Where are we undercut?")),
             ContainsSubstring("No product is undercut"));
  shop.undercut = shop.products;
  const auto out = shop.tell(find(all, "undercut_detection"), "Where are we undercut?");
  CHECK_THAT(joined(out), ContainsSubstring("undercut on 1 product") && ContainsSubstring("$45.00")
                            && ContainsSubstring("Name a product"));
  CHECK_THAT(joined(shop.tell(find(all, "rival_prices"), "What do rivals charge?")),
             ContainsSubstring("$51.00 on average"));
}

TEST_CASE("price moves tell direction, change and age, for the shop, by SKU and by name") {
  auto shop = watched_shop();
  shop.moves = {
    {"AU-0012", "Blue Ridge Headphones", "Acme", money{5200}, money{4500}, noon() - 20min},
    {"KI-0003", "Stone Mug", "Bolt", money{1000}, money{1100}, noon() - 3h}};
  const auto all = competitor::skills();
  const auto& moves = find(all, "price_moves");
  const auto out = shop.tell(moves, "What changed lately?");
  CHECK(out.facts[1]
        == "Acme lowered Blue Ridge Headphones (SKU AU-0012) from $52.00 to $45.00 (-13.5 %), 20 "
           "minutes ago.");
  CHECK_THAT(out.facts[2], ContainsSubstring("raised") && ContainsSubstring("(+10 %)"));
  CHECK_THAT(joined(shop.tell(moves, "moves for KI-0003")),
             ContainsSubstring("Bolt") && !ContainsSubstring("Acme"));
  CHECK_THAT(joined(shop.tell(moves, "moves for Blue Ridge Headphones")),
             ContainsSubstring("from $52.00 to $45.00"));
  shop.products[0].item->category = "Audio";
  const auto audio = joined(shop.tell(moves, "What changed in audio lately?"));
  CHECK_THAT(audio, ContainsSubstring("Acme") && !ContainsSubstring("Bolt"));
  CHECK_THAT(audio, ContainsSubstring("This looks at Audio only."));
  shop.moves.clear();
  CHECK_THAT(joined(shop.tell(moves, "What changed lately?")),
             ContainsSubstring("No price change"));
}

TEST_CASE("the competitor plan takes the feed for the shop and the prices for a product") {
  const auto shop = watched_shop();
  agent_spec spec;
  spec.skills = {"rival_prices", "undercut_detection", "price_moves"};
  const auto plan = competitor::plan();
  const auto skills_of = [&](std::string_view message) {
    return part(shop.plan(*plan, spec, message), "response").skills;
  };
  using names = std::vector<std::string>;
  CHECK(skills_of("good morning") == names{"undercut_detection", "price_moves"});
  CHECK(skills_of("AU-0012") == names{"rival_prices", "undercut_detection"});
  CHECK(skills_of("who undercuts AU-0012") == names{"undercut_detection"});
}

TEST_CASE("rivals who are named are told of alone") {
  auto shop = watched_shop();
  shop.undercut = shop.products;
  const auto all = competitor::skills();
  const auto told = [&](std::string_view skill, std::string_view message) {
    return joined(shop.tell(find(all, skill), message));
  };
  CHECK(shop.tell(find(all, "rival_prices"), "What does Bolt ask for AU-0012?").facts[0]
        == "Bolt asks $48.00 for Blue Ridge Headphones (SKU AU-0012); the shop's price is $50.00.");
  CHECK_THAT(told("undercut_detection", "Does Bolt undercut AU-0012?"),
             ContainsSubstring("Bolt undercuts") && !ContainsSubstring("Acme"));
  CHECK_THAT(told("undercut_detection", "Does Core undercut AU-0012?"),
             ContainsSubstring("Core asks $60.00") && !ContainsSubstring("Acme"));
  shop.rivals_named = {"Bolt"};
  CHECK_THAT(told("undercut_detection", "Where does Bolt undercut us?"),
             ContainsSubstring("The shop is undercut by Bolt on 1 product")
               && ContainsSubstring("Bolt undercuts") && !ContainsSubstring("Acme"));
  // Without a name there is nothing for the store to look for.
  CHECK_THAT(told("undercut_detection", "Where are we undercut?"), ContainsSubstring("Acme"));
}
