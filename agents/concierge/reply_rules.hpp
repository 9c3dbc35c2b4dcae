#pragma once
/// Quick replies of the storefront (BUSINESS: storefront). Pure.

#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::concierge {

inline constexpr std::size_t max_quick_replies = 4;

/// With products: add to cart where the first is not sold out, similar ones, effects or details,
/// and `more` where it is not empty; then the configured replies of the topics that the message
/// holds; the defaults where there is none of these. At most 4, no duplicates (whatever the case),
/// and not the message itself.
std::vector<std::string> quick_replies(const std::vector<const product*>& products,
                                       const skill_input& input, const std::string& more = {});
/// "Show more headphones under $50": asks for more of what that search finds; empty where the
/// message asked for more already, or where its words would not say the same.
std::string more_reply(const product_search& query, const skill_input& input);
/// The answers of the topics that the message holds, each once.
std::vector<std::string> topic_answers(const skill_input& input);
/// "Effects of X" where the catalogue tells effects of it, else "Details of X".
std::string detail_reply(const product& item);

} // namespace flipsync::concierge
