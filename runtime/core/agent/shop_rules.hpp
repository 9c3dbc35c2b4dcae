#pragma once
/// Rule tables as data (BUSINESS): read from config/shop.toml, with these defaults.

#include <cstdint>
#include <string>
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

/// What the shop says where a message holds a word.
struct shop_topic {
  std::string word;                   ///< folded; a word of several counts as one of it
  std::vector<std::string> replies{}; ///< quick replies that are offered
  /// Told where the message asks for no product; "{refund_days}" stands for that rule.
  std::string answer{};
  friend bool operator==(const shop_topic&, const shop_topic&) = default;
};

struct shop_rules {
  std::string shop_name = "FlipSync Sample Shop";
  std::string currency = "USD";
  std::vector<marketplace_rules> marketplaces;
  /// Phrases that mean a shopper asks for products.
  std::vector<std::string> inquiry_phrases;
  std::vector<shop_topic> topics;
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
