#include "runtime/core/agent/age_rules.hpp"

#include <algorithm>

#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

bool is_for_adults(const product& item, const std::vector<std::string>& gated_categories) {
  const auto is_gated = [&](const std::string& name) {
    return !name.empty()
           && std::any_of(gated_categories.begin(), gated_categories.end(),
                          [&](const std::string& each) { return folds_alike(each, name); });
  };
  return item.age_restricted || is_gated(item.category) || is_gated(item.subcategory);
}

} // namespace flipsync
