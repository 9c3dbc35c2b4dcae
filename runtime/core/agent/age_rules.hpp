#pragma once
/// Which products a customer sees only once the age is confirmed (BUSINESS: storefront). Pure.

#include <string>
#include <vector>

#include "runtime/core/types/product.hpp"

namespace flipsync {

/// A product marked so, or one of a gated category or subcategory.
bool is_for_adults(const product& item, const std::vector<std::string>& gated_categories);

} // namespace flipsync
