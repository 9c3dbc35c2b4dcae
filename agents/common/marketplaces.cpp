#include "agents/common/marketplaces.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "runtime/core/text/ascii.hpp"

namespace flipsync {

std::vector<const marketplace_rules*> marketplaces_of(const skill_input& input) {
  std::vector<const marketplace_rules*> named;
  std::vector<const marketplace_rules*> all;
  for (const auto& rules : input.rules->marketplaces) {
    all.push_back(&rules);
    if (holds_phrase(input.message.words, fold(rules.name)))
      named.push_back(&rules);
  }
  return named.empty() ? all : named;
}

void say_without_rules(const skill_input& input, skill_output& out) {
  constexpr std::array<std::string_view, 8> known{"Walmart", "Etsy",    "Shopify", "AliExpress",
                                                  "Temu",    "Wayfair", "Newegg",  "Rakuten"};
  for (const auto name : known) {
    const auto folded = fold(name);
    const auto& all = input.rules->marketplaces;
    if (!holds_phrase(input.message.words, folded)
        || std::any_of(all.begin(), all.end(),
                       [&](const auto& rules) { return fold(rules.name) == folded; }))
      continue;
    out.facts.push_back("The shop's rules do not cover " + std::string{name}
                        + ", so its fees and limits are not known.");
    out.missing.push_back("rules for " + std::string{name});
  }
}

std::string spoken(const marketplace_rules& rules) {
  if (rules.name == "ebay")
    return "eBay";
  if (rules.name == "storefront")
    return "the storefront";
  auto name = rules.name;
  if (!name.empty())
    name.front() = ascii_upper(name.front());
  return name;
}

} // namespace flipsync
