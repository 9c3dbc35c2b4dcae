#include "agents/concierge/reply_rules.hpp"

#include <algorithm>

#include "agents/common/wording.hpp"
#include "agents/concierge/search_rules.hpp"
#include "runtime/core/text/number_text.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t longest_title = 40;
constexpr std::size_t longest_more = 80;

/// The reply comes back as a message, so it must name the product; a pronoun does for a long title,
/// since the product has just been shown.
std::string spoken(const product& item) {
  return wording::length(item.title) <= longest_title ? item.title : std::string{"it"};
}

const std::string& kind(const product& item) {
  return item.subcategory.empty() ? item.category : item.subcategory;
}

bool is_sold_out(const product& item) { return item.stock && *item.stock <= 0; }

std::string short_amount(money amount) {
  auto text = show(amount);
  if (text.ends_with(".00"))
    text.resize(text.size() - 3);
  return text;
}

std::string price_words(const product_search& query) {
  if (query.min_price && query.max_price)
    return " between " + short_amount(*query.min_price) + " and " + short_amount(*query.max_price);
  if (query.min_price)
    return " over " + short_amount(*query.min_price);
  return query.max_price ? " under " + short_amount(*query.max_price) : std::string{};
}

std::string limit_words(const product_search::attribute_range& limit) {
  if (limit.low && limit.high)
    return " with " + limit.name + " between " + exact_text(*limit.low) + " and "
           + exact_text(*limit.high);
  return " with " + limit.name
         + (limit.low ? " over " + exact_text(*limit.low)
                      : " under " + exact_text(limit.high.value_or(0)));
}

/// Whether a limit on it would be read from its name, whose last word stands before the number.
bool is_speakable(const product_search::attribute_range& limit, const skill_input& input) {
  const auto last = std::string_view{limit.name}.substr(limit.name.rfind(' ') + 1);
  return input.words != nullptr && input.words->measure_of(last) == limit.name;
}

/// Whether "Show indica" names something that the catalogue has. Shipped topics are for shops of
/// many kinds.
bool is_carried(std::string_view reply, const skill_input& input) {
  constexpr std::string_view best_sellers = "show best sellers";
  const auto words = words_of(reply);
  const bool names = words.size() > 1 && words[0] == "show" && words[1] != "me";
  return !names || input.words == nullptr || folds_alike(reply, best_sellers)
         || !input.words->find(words).empty();
}

/// The shop's topics that the message holds.
std::vector<const shop_topic*> topics_of(const skill_input& input) {
  std::vector<const shop_topic*> topics;
  for (const auto place : input.message.topics)
    if (place < input.rules->topics.size())
      topics.push_back(&input.rules->topics[place]);
  return topics;
}

bool says_nothing(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return std::none_of(text.begin(), text.end(), is_letter) && fold(text).empty();
}

/// Replies that differ from the message and from each other once folded, as many as are shown.
class reply_list {
public:
  explicit reply_list(std::string_view asked) : asked_{asked} {}
  void add(std::string reply) {
    if (replies_.size() == max_quick_replies)
      return;
    const auto alike = [&](std::string_view other) { return folds_alike(reply, other); };
    if (says_nothing(reply) || folds_alike(reply, asked_)
        || std::any_of(replies_.begin(), replies_.end(), alike))
      return;
    replies_.push_back(std::move(reply));
  }
  [[nodiscard]] bool empty() const noexcept { return replies_.empty(); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(replies_); }

private:
  std::string_view asked_;
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

std::string more_reply(const product_search& query, const skill_input& input) {
  if (wants_more(input.message))
    return {};
  // What the words leave out or add would not be said again by them.
  if (!query.without.empty() || !query.other_brands.empty() || !query.other_categories.empty())
    return {};
  auto what = query.text;
  for (const auto& name : {query.brand, query.category})
    if (fold(what).find(fold(name)) == std::string::npos)
      what += (what.empty() ? "" : " ") + name;
  std::string limits;
  for (const auto& limit : query.attributes) {
    if (!is_speakable(limit, input))
      return {};
    limits += limit_words(limit);
  }
  limits += price_words(query);
  if (query.in_stock_only)
    limits += " in stock";
  const auto order = wanted_order(input.message);
  if (what.empty() && limits.empty() && order == price_order::any)
    return {};
  // "more 4 slice toasters" would be a number of them.
  if (!what.empty() && what.front() >= '0' && what.front() <= '9')
    return {};
  std::string reply = order == price_order::cheapest  ? "Show more of the cheapest "
                      : order == price_order::dearest ? "Show more of the most expensive "
                                                      : "Show more ";
  reply += (what.empty() ? "products" : what) + limits;
  return reply.size() > longest_more ? std::string{} : reply;
}

std::vector<std::string> topic_answers(const skill_input& input) {
  constexpr std::string_view days = "{refund_days}";
  std::vector<std::string> answers;
  for (const auto* topic : topics_of(input)) {
    auto answer = topic->answer;
    if (const auto at = answer.find(days); at != std::string::npos)
      answer.replace(at, days.size(), std::to_string(input.rules->refund_days));
    if (!answer.empty() && std::find(answers.begin(), answers.end(), answer) == answers.end())
      answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<std::string> quick_replies(const std::vector<const product*>& products,
                                       const skill_input& input, const std::string& more) {
  reply_list replies{input.message.text};
  if (!products.empty()) {
    const auto& first = *products.front();
    if (!is_sold_out(first) && !wants_cart(input.message))
      replies.add("Add " + spoken(first) + " to cart");
    if (!kind(first).empty())
      replies.add("Show similar " + kind(first));
    replies.add(detail_reply(first));
    replies.add(more);
  }
  for (const auto* topic : topics_of(input))
    for (const auto& reply : topic->replies)
      if (is_carried(reply, input))
        replies.add(reply);
  if (replies.empty())
    for (const auto& reply : input.rules->default_replies)
      replies.add(reply);
  return replies.take();
}

} // namespace flipsync::concierge
