#include "agents/common/marketplaces.hpp"

#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"
#include "runtime/core/text/ascii.hpp"

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
      return spoken(rules);
  for (const auto name : other_marketplaces)
    if (holds_phrase(input.message.words, name))
      return wording::capitalized(std::string{name});
  return {};
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
