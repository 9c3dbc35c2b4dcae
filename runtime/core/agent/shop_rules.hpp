#pragma once
/// Rule tables as data (BUSINESS): read from config/shop.toml, with these defaults.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync {

struct marketplace_rules {
  std::string name;                      ///< "amazon", "ebay", "storefront"
  std::int64_t price_thousandths = 1000; ///< listing price as a share of the list price
  std::uint32_t title_limit = 0;         ///< characters; 0: none
  std::uint32_t title_warn = 0;          ///< characters from which a warning is given; 0: none
  std::uint32_t bullets = 5;
  std::uint32_t description_limit = 0;
  std::int64_t fee_thousandths = 0; ///< share of the price
  money fixed_fee;                  ///< per order
};

struct shop_rules {
  std::string shop_name = "FlipSync Sample Shop";
  std::string currency = "USD";
  std::vector<marketplace_rules> marketplaces;
  /// Phrases that mean a shopper asks for products.
  std::vector<std::string> inquiry_phrases;
  /// Quick replies by topic: folded words in the message → replies.
  std::vector<std::pair<std::string, std::vector<std::string>>> topic_replies;
  std::vector<std::string> default_replies;
  std::vector<std::string> banned_words;
  /// Categories that need the shopper's age, beside products marked so.
  std::vector<std::string> age_gated_categories;
  std::int64_t default_lead_time_days = 7;
  money human_refund_above{10000};
  std::uint32_t refund_days = 30;
};

/// The built-in tables: what config/shop.toml ships with.
shop_rules default_shop_rules();

} // namespace flipsync
