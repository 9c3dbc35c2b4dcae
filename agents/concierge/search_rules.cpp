#include "agents/concierge/search_rules.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/target.hpp"
#include "runtime/core/text/number_text.hpp"
#include "runtime/core/text/stem.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t shown_when_more = 20;

/// Words that ask for best sellers, or for those of now, and name no product.
constexpr std::array<std::string_view, 12> best_seller_words{
  "best",    "bestseller", "bestsellers", "item",    "items", "month",
  "popular", "seller",     "sellers",     "selling", "top",   "week"};

bool holds_any(const message_reading& message, std::initializer_list<std::string_view> phrases) {
  return holds_any_phrase(message.words, {phrases.begin(), phrases.size()});
}

bool wants_more(const message_reading& message) {
  return holds_any(message, {"more", "all", "everything"});
}
bool wants_cheapest(const message_reading& message) {
  return holds_any(message, {"cheapest", "lowest price", "least expensive", "most affordable"});
}
bool wants_others(const message_reading& message) {
  return holds_any(message, {"similar", "alternative", "alternatives", "others", "other", "instead",
                             "something like"});
}
bool wants_in_stock(const message_reading& message) {
  return holds_any(message, {"in stock", "available", "available now", "ready to ship"});
}

bool is_upper_bound(std::string_view word) {
  return word == "under" || word == "below" || word == "max" || word == "maximum";
}
bool is_lower_bound(std::string_view word) {
  return word == "over" || word == "above" || word == "min" || word == "minimum";
}

/// The attribute whose name ends with that word ("thc" finds "thc_percent"'s first word too).
const std::string* attribute_value(const product& item, const std::string& name) {
  for (const auto& [key, value] : item.attributes) {
    const auto words = words_of(key);
    if (std::find(words.begin(), words.end(), name) != words.end())
      return &value;
  }
  return nullptr;
}

bool has_attribute(const std::vector<product_hit>& hits, const std::string& name) {
  return std::any_of(hits.begin(), hits.end(), [&](const product_hit& hit) {
    return attribute_value(hit.item, name) != nullptr;
  });
}

bool within(const product& item, const attribute_limit& limit) {
  const auto* text = attribute_value(item, limit.name);
  if (text == nullptr)
    return false;
  const auto value = leading_number(*text); // "18%" counts as 18
  return value && (!limit.low || *value >= *limit.low) && (!limit.high || *value <= *limit.high);
}

/// Whether two names fold to the same. Nearly all differ in their first letters, or one is empty.
bool is_called(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (a.empty() || b.empty())
    return a.empty() && b.empty();
  const char first = lower(a.front());
  const char second = lower(b.front());
  return (first == second || !is_letter(first) || !is_letter(second)) && folds_alike(a, b);
}

} // namespace

bool wants_best_sellers(const message_reading& message) {
  return holds_any(message, {"best sellers", "best seller", "bestsellers", "best selling",
                             "most popular", "popular"});
}

product_scope best_seller_scope(const message_reading& message) {
  product_scope scope{message.category, message.brand};
  scope.min_price = message.min_price;
  scope.max_price = message.max_price;
  scope.in_stock_only = wants_in_stock(message);
  auto words = words_of(message.subject);
  for (const auto& name : {message.category, message.brand})
    for (const auto& taken : words_of(name))
      std::erase_if(words, [&](const auto& word) { return singular(word) == singular(taken); });
  for (const auto& word : words)
    if (std::find(best_seller_words.begin(), best_seller_words.end(), word)
        == best_seller_words.end())
      scope.text += (scope.text.empty() ? "" : " ") + word;
  return scope;
}

bool wants_cart(const message_reading& message) {
  return holds_any(message, {"cart", "basket", "buy it", "buy this", "check out", "checkout",
                             "i ll take", "ill take"});
}

bool asks_of_unknown(const message_reading& message) {
  return message.unresolved_pronoun && message.sku.empty() && message.entities.empty()
         && message.category.empty() && message.brand.empty();
}

bool about_named(const message_reading& message) {
  return !named_products(message, 1).empty() && !wants_others(message);
}

decision decide(const message_reading& message) {
  if (asks_of_unknown(message))
    return {false, "a pronoun refers to no earlier product"};
  if (!message.sku.empty())
    return {true, "a product is meant"};
  if (!message.entities.empty() || !message.category.empty() || !message.brand.empty())
    return {true, "words of the catalogue"};
  if (message.product_inquiry)
    return {true, "an inquiry phrase"};
  if (message.min_price || message.max_price)
    return {true, "a price limit"};
  if (wants_best_sellers(message))
    return {true, "best sellers are asked for"};
  return {false, "nothing in the message asks for products"};
}

std::vector<attribute_limit> attribute_limits(const message_reading& message) {
  std::vector<attribute_limit> limits;
  const auto& words = message.words;
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const bool upper = is_upper_bound(words[i]);
    const auto value = upper || is_lower_bound(words[i]) ? number_of(words[i + 1]) : std::nullopt;
    if (!value)
      continue;
    const auto is_price = [&](const std::optional<money>& price) {
      return price && static_cast<double>(price->cents) == *value * 100;
    };
    if (is_price(message.min_price) || is_price(message.max_price))
      continue;
    attribute_limit limit{words[i - 1], std::nullopt, std::nullopt};
    (upper ? limit.high : limit.low) = value;
    limits.push_back(std::move(limit));
  }
  return limits;
}

std::optional<product_search> search_query(const message_reading& message) {
  if (asks_of_unknown(message))
    return std::nullopt;
  product_search query;
  query.category = message.category;
  query.brand = message.brand;
  query.min_price = message.min_price;
  query.max_price = message.max_price;
  query.in_stock_only = wants_in_stock(message);
  const auto named = named_products(message, 1);
  const bool by_name = !named.empty() && !named.front().text.empty();
  query.text = by_name ? named.front().text : message.subject;
  query.loose_category = !by_name && !query.category.empty(); // the subject has its words
  const bool wide =
    wants_more(message) || wants_cheapest(message) || !attribute_limits(message).empty();
  query.limit = wide ? widened_search : shown_products;
  const bool by_something = !query.text.empty() || !query.category.empty() || !query.brand.empty()
                            || query.min_price || query.max_price || query.in_stock_only
                            || message.product_inquiry;
  if (!by_something)
    return std::nullopt;
  return query;
}

namespace {

/// `says_category`: its words are among the text's.
template <class Query>
std::string description_of(const Query& query, bool says_category) {
  std::string text;
  const auto part = [&](const std::string& words) { text += (text.empty() ? "" : " ") + words; };
  if (!query.text.empty())
    part("“" + query.text + "”");
  const auto spoken = fold(query.text);
  if (!query.brand.empty() && spoken.find(fold(query.brand)) == std::string::npos)
    part("of the brand " + query.brand);
  if (!query.category.empty() && !says_category
      && spoken.find(fold(query.category)) == std::string::npos)
    part("in " + query.category);
  if (query.min_price && query.max_price)
    part("between " + show(*query.min_price) + " and " + show(*query.max_price));
  else if (query.min_price)
    part("from " + show(*query.min_price));
  else if (query.max_price)
    part("up to " + show(*query.max_price));
  if (query.in_stock_only)
    part("in stock");
  return text;
}

} // namespace

std::string describe(const product_search& query) {
  return description_of(query, query.loose_category);
}
std::string describe(const product_scope& scope) { return description_of(scope, false); }

bool withheld(const product& item, const skill_input& input) {
  if (input.age_confirmed)
    return false;
  if (item.age_restricted)
    return true;
  const auto& gated = input.rules->age_gated_categories;
  return std::any_of(gated.begin(), gated.end(), [&](const std::string& each) {
    return is_called(each, item.category) || is_called(each, item.subcategory);
  });
}

bool may_withhold(const skill_input& input) {
  if (input.age_confirmed)
    return false;
  if (input.words == nullptr || input.words->for_adults)
    return true;
  const auto& gated = input.rules->age_gated_categories;
  const auto& known = input.words->categories();
  return std::any_of(gated.begin(), gated.end(), [&](const std::string& each) {
    return std::any_of(known.begin(), known.end(),
                       [&](const std::string& category) { return is_called(each, category); });
  });
}

selection select(const std::vector<product_hit>& hits, const skill_input& input) {
  const auto& message = input.message;
  auto limits = attribute_limits(message);
  // Only a word that is an attribute's name limits that attribute.
  std::erase_if(limits,
                [&](const attribute_limit& limit) { return !has_attribute(hits, limit.name); });
  const auto most = wants_more(message) ? shown_when_more : std::size_t{shown_products};
  const bool cheapest = wants_cheapest(message);
  selection chosen;
  for (const auto& hit : hits) {
    if (!cheapest && chosen.shown.size() == most)
      break;
    const auto fits = [&](const attribute_limit& limit) { return within(hit.item, limit); };
    if (!std::all_of(limits.begin(), limits.end(), fits))
      continue;
    if (withheld(hit.item, input))
      ++chosen.withheld;
    else
      chosen.shown.push_back(&hit.item);
  }
  if (cheapest)
    std::stable_sort(chosen.shown.begin(), chosen.shown.end(),
                     [](const product* a, const product* b) { return a->price < b->price; });
  if (chosen.shown.size() > most)
    chosen.shown.resize(most);
  return chosen;
}

} // namespace flipsync::concierge
