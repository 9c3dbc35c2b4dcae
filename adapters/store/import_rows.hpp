#pragma once
/// From a row of texts to a value of ours: pure. What is wrong with a row is said in words for its
/// owner.

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/store/columns.hpp"
#include "adapters/store/record.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync {

/// Names of things (SKUs, orders, carriers …), in bytes.
inline constexpr std::size_t max_name_bytes = 200;

/// Which columns a row has. Those it lacks keep what the store has.
class column_set {
public:
  void add(column c) noexcept { bits_ |= bit(c); }
  void remove(column c) noexcept { bits_ &= ~bit(c); }
  [[nodiscard]] bool has(column c) const noexcept { return (bits_ & bit(c)) != 0; }

private:
  static std::uint64_t bit(column c) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(c);
  }
  std::uint64_t bits_ = 0;
};

/// A decoded row: the value, and what the row said at all. A product's blank attributes (an empty
/// cell) are in `item.attributes` with an empty value: they take the stored one away.
template <class T>
struct decoded_row {
  T item;
  column_set present;
};

/// The times that a row may lean on.
struct row_clock {
  wall_time now{};    ///< the import's time
  wall_time anchor{}; ///< what relative times count from
};

/// Errors: invalid_request with the reason as message ("price 'abc' is no amount of money").
result<decoded_row<product>> decode_product(const record& row, column_names& names);
result<decoded_row<rival_price>> decode_price(const record& row, column_names& names,
                                              const row_clock& clock);
/// Without `status` or `ordered_at` in `present` where the row says nothing of them.
result<decoded_row<order_line>> decode_order(const record& row, column_names& names,
                                             const row_clock& clock);
result<decoded_row<shipping_rate>> decode_rate(const record& row, column_names& names);

/// RFC 3339, or a time back from the anchor: "-3d", "-12h", "-45m", also together ("-3d12h30m"). At
/// most 100 years back. Errors: invalid_request.
result<wall_time> parse_import_time(std::string_view text, wall_time anchor);

/// The product after the row: what the row says, over what was stored.
product merged(const product& stored, const decoded_row<product>& row);

} // namespace flipsync
