#pragma once
/// What is told of a product to a shopper: from the product's own data, never a cost or a margin.
/// Pure.

#include <string>
#include <vector>

#include "runtime/core/types/product.hpp"

namespace flipsync::concierge {

/// One sentence without the price: "Blue Ridge Headphones by Ridge: warm sound for long days;
/// colour blue, battery hours 30".
std::string pitch(const product& item);
/// Card for the front end, with the pitch.
product_card card(const product& item);
/// "Title by Brand costs $49.90 and is in stock: first sentence of the description."
std::string offer_sentence(const product& item);
/// What nearly every turn tells of a product.
struct telling {
  product_card card;
  std::string offer; ///< offer_sentence()
};
/// As long as the product; kept beside it. Thread-safe.
const telling& telling_of(const product& item);
/// More sentences on one product: its whole description, attributes, stock.
std::vector<std::string> detail_sentences(const product& item);
/// Which is cheaper, and in what they differ; empty for fewer than two products.
std::vector<std::string> comparison_sentences(const std::vector<const product*>& items);
/// A card as JSON.
std::string card_json(const product_card& card);

} // namespace flipsync::concierge
