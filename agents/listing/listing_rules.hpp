#pragma once
/// A product as a marketplace listing (BUSINESS: listing and marketplace). Pure.

#include <string>
#include <vector>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync::listing {

/// The list price times the marketplace's factor: Amazon × 1.05, eBay × 0.98, own storefront × 1,
/// rounded half away from zero to the cent.
money listing_price(money list_price, const marketplace_rules& rules);

struct findings {
  std::vector<std::string> errors;   ///< the listing cannot go out so
  std::vector<std::string> warnings; ///< it can, but should be better
  [[nodiscard]] bool ready() const noexcept { return errors.empty(); }
};
/// Whole sentences' halves ("the title has 93 characters, 80 are allowed").
/// Errors: no title, no price, title or description over the limit, banned words, a listing price
/// below cost × 1.1. Warnings: title over the advised length, no brand, category, description,
/// weight or stock.
findings validate(const product& item, const marketplace_rules& rules,
                  const std::vector<std::string>& banned_words);

struct listing_draft {
  std::string title; ///< cut between words to the limit
  money price;
  std::vector<std::string> bullets; ///< attributes, then tags, up to the marketplace's number
  std::string description;          ///< cut between words to the limit
};
/// From the product's own data alone. Columns of the shop's own business are left out.
listing_draft draft(const product& item, const marketplace_rules& rules);

} // namespace flipsync::listing
