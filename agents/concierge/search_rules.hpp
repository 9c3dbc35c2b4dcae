#pragma once
/// What a shopper looks for (BUSINESS: storefront). Pure.

#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::concierge {

/// How many products a search reads, and how many of them are shown.
inline constexpr std::uint32_t shown_products = 6;
inline constexpr std::uint32_t widened_search = 50;

struct decision {
  bool show_products = false;
  std::string reason;
};
/// Whether products should be shown, by rules: an inquiry phrase, a category, brand, attribute or
/// product of the catalogue, a price limit, or a product meant by a pronoun says yes.
decision decide(const message_reading& message);
/// A pronoun with no earlier product, and nothing else that says what is meant.
bool asks_of_unknown(const message_reading& message);
/// One product is meant, or several by name, and no search for others ("similar", "other").
bool about_named(const message_reading& message);
/// "best sellers", "most popular".
bool wants_best_sellers(const message_reading& message);
/// What best sellers are asked for of: category, brand, price, stock, and the words that are left
/// ("headphones" of "best selling headphones").
product_scope best_seller_scope(const message_reading& message);
/// "add … to the cart", "buy", "checkout".
bool wants_cart(const message_reading& message);

/// "the cheapest", "the most expensive".
enum class price_order : std::uint8_t { any, cheapest, dearest };
price_order wanted_order(const message_reading& message);
/// "more", "all".
bool wants_more(const message_reading& message);

/// What is said of an amount that limits no price ("$50 headphones"); empty where there is none.
std::string unused_amount(const message_reading& message);

/// The search of a message; nullopt where there is nothing to search by. Reads more rows than it
/// shows where the shopper asks for more, for the cheapest or for the most expensive.
std::optional<product_search> search_query(const message_reading& message);
/// What it was searched for, for a sentence: "“headphones” under $50.00".
std::string describe(const product_search& query);
std::string describe(const product_scope& scope);

/// Not for this customer until the age is confirmed: a product marked so, or of a gated category.
bool withheld(const product& item, const skill_input& input);

/// Whether some of the shop's products may be withheld from this customer.
bool may_withhold(const skill_input& input);

struct selection {
  std::vector<const product*> shown; ///< at most `shown_products`, or 20 where more were asked for
  /// Left out for the customer's age, where they would have been shown.
  std::size_t withheld = 0;
};
/// Takes gated products out, and orders by price where the cheapest or the most expensive are asked
/// for.
selection select(const std::vector<product_hit>& hits, const skill_input& input);

} // namespace flipsync::concierge
