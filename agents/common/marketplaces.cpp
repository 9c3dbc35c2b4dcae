#include "agents/common/marketplaces.hpp"

#include <cctype>

#include "agents/common/focus_plan.hpp"

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
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

} // namespace flipsync
