#include "agents/common/marketplaces.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"

namespace flipsync {

namespace {

/// Orders may come from them without rules for listings there.
constexpr std::array<std::string_view, 12> other_marketplaces{
  "Walmart", "Etsy",    "Shopify",  "AliExpress", "Temu",    "Wayfair",
  "Newegg",  "Rakuten", "Kaufland", "Allegro",    "Zalando", "TikTok"};

} // namespace

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

std::string marketplace_named(const skill_input& input) {
  for (const auto& rules : input.rules->marketplaces)
    if (holds_phrase(input.message.words, fold(rules.name)))
      return fold(rules.name);
  for (const auto name : other_marketplaces)
    if (auto folded = fold(name); holds_phrase(input.message.words, folded))
      return folded;
  return {};
}

void say_without_rules(const skill_input& input, skill_output& out) {
  const auto& all = input.rules->marketplaces;
  for (const auto name : other_marketplaces) {
    const auto folded = fold(name);
    if (!holds_phrase(input.message.words, folded)
        || std::any_of(all.begin(), all.end(),
                       [&](const auto& rules) { return fold(rules.name) == folded; }))
      continue;
    out.facts.push_back("The shop's rules do not cover " + std::string{name}
                        + ", so its fees and limits are not known.");
    out.missing.push_back("rules for " + std::string{name});
  }
}

std::string spoken(const marketplace_rules& rules) { return spoken(rules.name); }

std::string spoken(const std::string& marketplace) {
  if (marketplace == "ebay")
    return "eBay";
  if (marketplace == "storefront")
    return "the storefront";
  return wording::capitalized(marketplace);
}

} // namespace flipsync
