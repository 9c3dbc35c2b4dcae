#include "agents/common/marketplaces.hpp"

#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"

namespace flipsync {

namespace {

/// Orders may come from them without rules for listings there.
constexpr std::array<std::string_view, 9> other_marketplaces{
  "walmart", "etsy", "newegg", "rakuten", "kaufland", "allegro", "zalando", "tiktok", "shopify"};

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
    if (holds_phrase(input.message.words, name))
      return std::string{name};
  return {};
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
