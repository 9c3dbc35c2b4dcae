#include "runtime/core/ports/store.hpp"

namespace flipsync {

std::string_view to_string(import_kind k) noexcept {
  switch (k) {
  case import_kind::products:
    return "products";
  case import_kind::prices:
    return "prices";
  case import_kind::orders:
    return "orders";
  case import_kind::rates:
    return "rates";
  }
  return "unknown";
}

result<import_kind> parse_import_kind(std::string_view name) {
  for (const auto kind :
       {import_kind::products, import_kind::prices, import_kind::orders, import_kind::rates})
    if (to_string(kind) == name)
      return kind;
  return error{errc::invalid_request, "an import is of products, prices, orders or rates"}.with(
    "field", "kind");
}

} // namespace flipsync
