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

bool says_nothing(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return std::none_of(text.begin(), text.end(), is_letter) && fold(text).empty();
}

/// Replies that differ once folded, as many as are shown.
class reply_list {
public:
  void add(std::string reply) {
    if (replies_.size() == max_quick_replies)
      return;
    const auto alike = [&](std::string_view other) { return folds_alike(reply, other); };
    if (says_nothing(reply) || std::any_of(replies_.begin(), replies_.end(), alike))
      return;
    replies_.push_back(std::move(reply));
  }
  [[nodiscard]] bool empty() const noexcept { return replies_.empty(); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(replies_); }

private:
  std::vector<std::string> replies_;
};

} // namespace

std::string detail_reply(const product& item) {
  const bool has_effects =
    std::any_of(item.attributes.begin(), item.attributes.end(), [](const auto& a) {
      if (a.second.empty() || a.first.find_first_of("fF") == std::string::npos)
        return false;
      const auto words = words_of(a.first);
      return std::find(words.begin(), words.end(), "effects") != words.end()
             || std::find(words.begin(), words.end(), "effect") != words.end();
    });
  return (has_effects ? "Effects of " : "Details of ") + spoken(item);
}

std::vector<std::string> quick_replies(const std::vector<const product*>& products,
                                       const skill_input& input) {
  reply_list replies;
  if (!products.empty()) {
    const auto& first = *products.front();
    replies.add("Add " + spoken(first) + " to cart");
    replies.add("Show similar " + kind(first));
    replies.add(detail_reply(first));
    if (products.size() >= more_from)
      replies.add("Show more " + kind(first));
  }
  for (const auto& [topic, topic_replies] : input.rules->topic_replies)
    if (holds_phrase(input.message.words, topic))
      for (const auto& reply : topic_replies)
        replies.add(reply);
  if (replies.empty())
    for (const auto& reply : input.rules->default_replies)
      replies.add(reply);
  return replies.take();
}

} // namespace flipsync::concierge
