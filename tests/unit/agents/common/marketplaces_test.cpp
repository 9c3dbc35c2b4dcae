#include "agents/common/marketplaces.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;

namespace {

std::vector<std::string> named_in(std::string_view message) {
  const test::fake_shop shop;
  const auto words = shop.words();
  const auto reading = read_message(message, words, shop.rules, {});
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  std::vector<std::string> names;
  for (const auto* rules : marketplaces_of(input))
    names.push_back(rules->name);
  return names;
}

} // namespace

TEST_CASE("the marketplaces that a message names are meant, else all") {
  using names = std::vector<std::string>;
  CHECK(named_in("fees on eBay?") == names{"ebay"});
  CHECK(named_in("Amazon or eBay") == names{"amazon", "ebay"});
  CHECK(named_in("what are the fees?") == names{"amazon", "ebay", "storefront"});
}

TEST_CASE("marketplaces are written as they write themselves") {
  marketplace_rules rules;
  rules.name = "ebay";
  CHECK(spoken(rules) == "eBay");
  rules.name = "amazon";
  CHECK(spoken(rules) == "Amazon");
  rules.name = "storefront";
  CHECK(spoken(rules) == "the storefront");
  rules.name = "";
  CHECK(spoken(rules).empty());
}
