#include "agents/concierge/reply_rules.hpp"

#include <algorithm>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t more_from = 3;
constexpr std::size_t longest_title = 40;

/// The reply comes back as a message, so it must name the product; a pronoun does for a long title,
/// since the product has just been shown.
std::string spoken(const product& item) {
  return wording::length(item.title) <= longest_title ? item.title : std::string{"it"};
}

std::string kind(const product& item) {
  return item.category.empty() ? std::string{"products"} : item.category;
}

void add(std::vector<std::string>& replies, std::string reply) {
  if (replies.size() == max_quick_replies || fold(reply).empty())
    return;
  const bool known = std::any_of(replies.begin(), replies.end(), [&](const std::string& other) {
    return folds_alike(other, reply);
  });
  if (!known)
    replies.push_back(std::move(reply));
}

} // namespace

std::string detail_reply(const product& item) {
  const bool has_effects =
    std::any_of(item.attributes.begin(), item.attributes.end(), [](const auto& a) {
      const auto words = words_of(a.first);
      return !a.second.empty()
             && (std::find(words.begin(), words.end(), "effects") != words.end()
                 || std::find(words.begin(), words.end(), "effect") != words.end());
    });
  return (has_effects ? "Effects of " : "Details of ") + spoken(item);
}

std::vector<std::string> quick_replies(const std::vector<const product*>& products,
                                       const skill_input& input) {
  std::vector<std::string> replies;
  if (!products.empty()) {
    const auto& first = *products.front();
    add(replies, "Add " + spoken(first) + " to cart");
    add(replies, "Show similar " + kind(first));
    add(replies, detail_reply(first));
    if (products.size() >= more_from)
      add(replies, "Show more " + kind(first));
  }
  for (const auto& [topic, topic_replies] : input.rules->topic_replies)
    if (holds_phrase(input.message.words, fold(topic)))
      for (const auto& reply : topic_replies)
        add(replies, reply);
  if (replies.empty())
    for (const auto& reply : input.rules->default_replies)
      add(replies, reply);
  return replies;
}

} // namespace flipsync::concierge
