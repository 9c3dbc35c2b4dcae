#include "agents/common/marketplaces.hpp"

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
