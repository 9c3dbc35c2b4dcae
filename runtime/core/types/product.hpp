#pragma once
/// The shop's records (BUSINESS: data files) as values.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/types/derived.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

struct product {
  std::string sku;
  std::string title;
  money price;
  std::string brand;
  std::string category;
  std::string subcategory;
  std::string description;
  /// Never filled for a shopper's read.
  std::optional<money> cost;
  std::optional<std::int64_t> stock;
  std::optional<std::int64_t> max_stock;
  /// Units sold per day as the catalogue states it; the orders' figure wins where there is one.
  std::optional<double> velocity_per_day;
  std::optional<double> lead_time_days;
  std::optional<std::int64_t> weight_g;
  std::vector<std::string> tags;
  bool age_restricted = false;
  /// Extra columns of the import, in file order.
  std::vector<std::pair<std::string, std::string>> attributes;
  derived beside; ///< what agents say of it, made once while its rows are kept
  friend bool operator==(const product&, const product&) = default;
};

/// A rival's price for one of our products.
struct rival_price {
  std::string sku;
  std::string competitor;
  money price;
  std::string marketplace;
  wall_time seen_at{};
  friend bool operator==(const rival_price&, const rival_price&) = default;
};

/// What a status means for the shop's figures; the store knows which words mean what.
enum class order_state : std::uint8_t {
  open,   ///< still to be served
  sold,   ///< a sale
  undone, ///< no sale: cancelled, refunded, voided …
};

struct order_line {
  std::string order_id;
  std::string sku;
  std::int64_t quantity = 0;
  money unit_price;
  std::string marketplace;
  std::string buyer;
  std::string status;
  wall_time ordered_at{};
  order_state state = order_state::sold; ///< follows from the status; read, never imported
  friend bool operator==(const order_line&, const order_line&) = default;
};

struct shipping_rate {
  std::string carrier;
  std::string service;
  std::string zone;
  std::int64_t max_weight_g = 0;
  money price;
  std::optional<std::int64_t> days;
  friend bool operator==(const shipping_rate&, const shipping_rate&) = default;
};

/// What a shopper sees of a product: no cost, no margin.
struct product_card {
  std::string sku;
  std::string title;
  money price;
  std::string brand;
  std::string category;
  bool in_stock = true;
  std::string pitch; ///< one sentence made from the product's own data
  friend bool operator==(const product_card&, const product_card&) = default;
};

} // namespace flipsync
