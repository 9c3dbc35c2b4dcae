#pragma once
/// The marketplaces that a message means.

#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync {

/// Those whose name the message holds, else all, in configured order.
std::vector<const marketplace_rules*> marketplaces_of(const skill_input& input);
/// The marketplace that the message names, lower case, configured or not; empty if it names none.
std::string marketplace_named(const skill_input& input);
/// Says so where the message names a well-known marketplace that the shop has no rules for.
void say_without_rules(const skill_input& input, skill_output& out);
/// How a marketplace is written in a sentence: "Amazon", "eBay", "the storefront".
std::string spoken(const marketplace_rules& rules);
std::string spoken(const std::string& marketplace);

} // namespace flipsync
