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

/// The text's words that belong to none of the names.
std::string words_beside(const std::string& text, const std::vector<std::string>& names) {
  auto words = words_of(text);
  for (const auto& name : names)
    for (const auto& taken : words_of(name))
      std::erase_if(words, [&](const auto& word) { return singular(word) == singular(taken); });
  std::string left;
  for (const auto& word : words)
    left += (left.empty() ? "" : " ") + word;
  return left;
}

/// The names of a kind that the message has beside the first, each once.
std::vector<std::string> others_of(const message_reading& message, entity_kind kind,
                                   const std::string& first) {
  std::vector<std::string> names;
  for (const auto& hit : message.entities)
    if (hit.kind == kind && hit.name != first
        && std::find(names.begin(), names.end(), hit.name) == names.end())
      names.push_back(hit.name);
  return names;
}

/// "Headphones and speakers" are two things, "office lighting" is one: an "and" or "or" stands
/// between each two of the categories.
bool joins_categories(const message_reading& message) {
  const auto joins = [](const std::string& word) { return word == "and" || word == "or"; };
  const auto at = [&](std::size_t word) {
    return message.words.begin() + static_cast<std::ptrdiff_t>(word);
  };
  const entity* before = nullptr;
  for (const auto& hit : message.entities) {
    if (hit.kind != entity_kind::category)
      continue;
    if (before != nullptr
        && std::none_of(at(before->first_word + before->words), at(hit.first_word), joins))
      return false;
    before = &hit;
  }
  return true;
}

/// Of several brands, and of categories that are joined, each is one to search in; no product has
/// the words of them all.
void read_alternatives(const message_reading& message, product_search& query) {
  query.other_brands = others_of(message, entity_kind::brand, query.brand);
  query.other_categories = others_of(message, entity_kind::category, query.category);
  const auto take_words = [&](const std::string& first, std::vector<std::string> names) {
    names.push_back(first);
    query.text = words_beside(query.text, names);
  };
  if (!query.other_brands.empty())
    take_words(query.brand, query.other_brands);
  if (!query.other_categories.empty() && joins_categories(message)) {
    take_words(query.category, query.other_categories);
    query.loose_category = false;
  }
}

} // namespace

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
  scope.without = message.excluded;
  for (const auto& word :
       words_of(words_beside(message.subject, {message.category, message.brand})))
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
  if (message.names_goods)
    return {true, "words of products' names"};
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
  query.without = message.excluded;
  const auto named = named_products(message, 1);
  const bool by_name = !named.empty() && !named.front().text.empty();
  query.text = by_name ? named.front().text : message.subject;
  query.loose_category = !by_name && !query.category.empty(); // the subject has its words
  if (!by_name)
    read_alternatives(message, query);
  query.attributes = message.measures;
  const auto order = wanted_order(message);
  query.dearest_first = order == price_order::dearest;
  const bool wide = wants_more(message) || order != price_order::any;
  query.limit = wide ? widened_search : shown_products;
  const bool by_something = !query.text.empty() || !query.category.empty() || !query.brand.empty()
                            || query.min_price || query.max_price || query.in_stock_only
                            || !query.attributes.empty() || !query.without.empty()
                            || order != price_order::any || message.product_inquiry;
  if (!by_something)
    return std::nullopt;
  return query;
}

namespace {

std::string quoted(const std::string& text) { return text.empty() ? text : "“" + text + "”"; }

/// "Norvane or Tessura".
std::string either(const std::string& first, const std::vector<std::string>& others,
                   std::string (*spelled)(const std::string&)) {
  auto text = spelled(first);
  for (const auto& other : others)
    text += " or " + spelled(other);
  return text;
}

/// What is looked for by name; what is empty is not said.
struct said_names {
  std::string what;
  std::string brand;
  std::string category;
};

template <class Query>
std::string description_of(const Query& query, const said_names& names) {
  auto text = names.what;
  const auto part = [&](const std::string& words) { text += (text.empty() ? "" : " ") + words; };
  const auto spoken = fold(query.text);
  const auto is_said = [&](const std::string& name) {
    return name.empty() || spoken.find(fold(name)) != std::string::npos;
  };
  if (!is_said(names.brand))
    part("of the brand " + names.brand);
  if (!is_said(names.category))
    part("in " + names.category);
  if (query.min_price && query.max_price)
    part("between " + show(*query.min_price) + " and " + show(*query.max_price));
  else if (query.min_price)
    part("from " + show(*query.min_price));
  else if (query.max_price)
    part("up to " + show(*query.max_price));
  if (query.in_stock_only)
    part("in stock");
  for (const auto& unwanted : query.without)
    part((&unwanted == &query.without.front() ? "without " : "or ") + unwanted);
  return text;
}

} // namespace

std::string describe(const product_search& query) {
  const auto as_it_is = [](const std::string& name) { return name; };
  said_names names{quoted(query.text), either(query.brand, query.other_brands, as_it_is), {}};
  if (!query.loose_category) // else its words are the text's
    names.category = either(query.category, query.other_categories, as_it_is);
  // Where nothing else is looked for, the names themselves are.
  if (names.what.empty() && !query.other_categories.empty()) {
    names.what = either(query.category, query.other_categories, quoted);
    names.category.clear();
  } else if (names.what.empty() && !query.other_brands.empty()) {
    names.what = either(query.brand, query.other_brands, quoted);
    names.brand.clear();
  }
  auto text = description_of(query, names);
  for (const auto& limit : query.attributes) {
    text += (text.empty() ? "with " : " with ") + limit.name;
    text += limit.low ? " from " + exact_text(*limit.low) : "";
    text += limit.high ? " up to " + exact_text(*limit.high) : "";
  }
  return text;
}

std::string describe(const product_scope& scope) {
  return description_of(scope, {quoted(scope.text), scope.brand, scope.category});
}

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
