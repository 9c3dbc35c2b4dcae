#include "agents/concierge/search_rules.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/target.hpp"
#include "runtime/core/agent/age_rules.hpp"
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

bool wants_others(const message_reading& message) {
  return holds_any(message, {"similar", "alternative", "alternatives", "others", "other", "instead",
                             "something like"});
}
bool wants_in_stock(const message_reading& message) {
  return holds_any(message, {"in stock", "available", "available now", "ready to ship"});
}

/// Whether anything that a product tells of itself beside its title holds a word.
template <class Holds>
bool data_holds(const product& item, const Holds& holds) {
  return holds(item.brand) || holds(item.category) || holds(item.subcategory)
         || holds(item.description) || std::any_of(item.tags.begin(), item.tags.end(), holds)
         || std::any_of(item.attributes.begin(), item.attributes.end(),
                        [&](const auto& each) { return holds(each.first) || holds(each.second); });
}

} // namespace

bool matches_whole(const std::string& text, const std::vector<const product*>& items) {
  const auto words = words_of(text);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    const auto one = singular(word);
    const std::array forms{std::string_view{word},
                           one == word ? std::string_view{} : std::string_view{one},
                           singular_in_ie(word), irregular_form(word)};
    const auto holds = [&](const std::string& data) {
      return std::any_of(forms.begin(), forms.end(), [&](std::string_view form) {
        return !form.empty() && folded_holds(data, form);
      });
    };
    // Nearly always it is in a title.
    return std::any_of(items.begin(), items.end(),
                       [&](const product* item) { return holds(item->title); })
           || std::any_of(items.begin(), items.end(),
                          [&](const product* item) { return data_holds(*item, holds); });
  });
}

bool wants_more(const message_reading& message) {
  return holds_any(message, {"more", "all", "everything"});
}

price_order wanted_order(const message_reading& message) {
  if (holds_any(message, {"cheapest", "lowest price", "least expensive", "most affordable"}))
    return price_order::cheapest;
  if (holds_any(message, {"most expensive", "highest price", "highest priced", "priciest",
                          "dearest", "costliest"}))
    return price_order::dearest;
  return price_order::any;
}

std::string unused_amount(const message_reading& message) {
  if (!message.amount || message.min_price || message.max_price)
    return {};
  const auto told = show(*message.amount);
  return "The amount " + told + " was not used to choose: say “under " + told + "”, “from " + told
         + "” or “around " + told + "”.";
}

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

namespace {

/// Words beside a topic's that name no product ("do you have free shipping?").
constexpr std::array<std::string_view, 6> topic_company{"express", "fast", "fee",
                                                        "fees",    "free", "policy"};

/// A topic with an answer, and nothing that says a product is meant. "How much is shipping?" asks
/// of it too, "do you have shipping boxes?" does not.
bool asks_of_topic(const message_reading& message) {
  const bool bounded = !message.amount && (message.min_price || message.max_price);
  if (!message.topic_answered || bounded || !message.measures.empty()
      || wants_best_sellers(message))
    return false;
  auto words = words_of(message.subject);
  std::erase_if(words, [](const std::string& word) {
    return std::find(topic_company.begin(), topic_company.end(), word) != topic_company.end();
  });
  return !message.product_inquiry || words.size() <= 1;
}

} // namespace

decision decide(const message_reading& message) {
  if (asks_of_unknown(message))
    return {false, "a pronoun refers to no earlier product"};
  if (!message.sku.empty())
    return {true, "a product is meant"};
  if (!message.entities.empty() || !message.category.empty() || !message.brand.empty())
    return {true, "words of the catalogue"};
  if (asks_of_topic(message))
    return {false, "a topic that the shop answers"};
  if (message.product_inquiry)
    return {true, "an inquiry phrase"};
  if (message.min_price || message.max_price)
    return {true, "a price limit"};
  if (!message.measures.empty())
    return {true, "a limit on an attribute"};
  if (wanted_order(message) != price_order::any)
    return {true, "the cheapest or the most expensive are asked for"};
  if (wants_best_sellers(message))
    return {true, "best sellers are asked for"};
  return {false, "nothing in the message asks for products"};
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
  query.text = !named.empty() && !named.front().text.empty() ? named.front().text : message.subject;
  query.attributes = message.measures;
  const auto order = wanted_order(message);
  query.dearest_first = order == price_order::dearest;
  const bool wide = wants_more(message) || order != price_order::any;
  query.limit = wide ? widened_search : shown_products;
  const bool by_something = !query.text.empty() || !query.category.empty() || !query.brand.empty()
                            || query.min_price || query.max_price || query.in_stock_only
                            || !query.attributes.empty() || order != price_order::any
                            || message.product_inquiry;
  if (!by_something)
    return std::nullopt;
  return query;
}

namespace {

template <class Query>
std::string description_of(const Query& query) {
  std::string text;
  const auto part = [&](const std::string& words) { text += (text.empty() ? "" : " ") + words; };
  if (!query.text.empty())
    part("“" + query.text + "”");
  const auto spoken = fold(query.text);
  if (!query.brand.empty() && spoken.find(fold(query.brand)) == std::string::npos)
    part("of the brand " + query.brand);
  if (!query.category.empty() && spoken.find(fold(query.category)) == std::string::npos)
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
  auto text = description_of(query);
  for (const auto& limit : query.attributes) {
    text += (text.empty() ? "with " : " with ") + limit.name;
    text += limit.low ? " from " + exact_text(*limit.low) : "";
    text += limit.high ? " up to " + exact_text(*limit.high) : "";
  }
  return text;
}
std::string describe(const product_scope& scope) { return description_of(scope); }

bool withheld(const product& item, const skill_input& input) {
  if (input.age_confirmed)
    return false;
  return is_for_adults(item, input.rules->age_gated_categories);
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
                       [&](const std::string& category) { return folds_alike(each, category); });
  });
}

selection select(const std::vector<product_hit>& hits, const skill_input& input) {
  const auto& message = input.message;
  const auto most = wants_more(message) ? shown_when_more : std::size_t{shown_products};
  const auto order = wanted_order(message);
  selection chosen;
  for (const auto& hit : hits) {
    if (order == price_order::any && chosen.shown.size() == most)
      break;
    if (withheld(hit.item, input))
      ++chosen.withheld;
    else
      chosen.shown.push_back(&hit.item);
  }
  if (order != price_order::any)
    std::stable_sort(
      chosen.shown.begin(), chosen.shown.end(), [&](const product* a, const product* b) {
        return order == price_order::cheapest ? a->price < b->price : b->price < a->price;
      });
  if (chosen.shown.size() > most)
    chosen.shown.resize(most);
  return chosen;
}

} // namespace flipsync::concierge
