#pragma once
/// The folded texts of a product, as the index and the relevance columns have them.

#include <string>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync {

struct product_keys {
  std::string title;
  std::string brand;
  std::string category;
  std::string subcategory;
  std::string body; ///< everything else that a product is found by; no attribute that is not public
  friend bool operator==(const product_keys&, const product_keys&) = default;
};
product_keys keys_of(const product& item);

/// Gives SQL `body_key_of(sku, description, tags, attributes)`, which is `product_keys::body`, and
/// `is_public_column(name)`. Throws sql::failure.
void add_product_functions(sql::connection& db);

} // namespace flipsync
