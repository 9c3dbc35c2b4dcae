#pragma once
/// Quick replies of the storefront (BUSINESS: storefront). Pure.

#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::concierge {

inline constexpr std::size_t max_quick_replies = 4;

/// With products: add to cart, similar, effects or details, and more from three products on; then
/// the configured replies of the topics that the message holds; the defaults where there is none of
/// these. At most 4, no duplicates (whatever the case).
std::vector<std::string> quick_replies(const std::vector<const product*>& products,
                                       const skill_input& input);
/// "Effects of X" where the catalogue tells effects of it, else "Details of X".
std::string detail_reply(const product& item);

} // namespace flipsync::concierge
