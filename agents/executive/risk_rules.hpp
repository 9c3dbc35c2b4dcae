#pragma once
/// What may go wrong in the shop, read from its figures. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::executive {

enum class risk_level : std::uint8_t { high, medium };
std::string_view to_string(risk_level l) noexcept;

struct risk {
  risk_level level = risk_level::medium;
  /// "stock_out", "low_stock", "undercut", "thin_margin", "dead_stock", "concentration"
  std::string kind;
  std::string sentence;
};

struct shop_figures {
  const shop_summary_row& shop;
  const attention_rows& low_stock;
  const attention_rows& undercut;
  const attention_rows& thin_margin;
  const attention_rows& dead_stock;
  bool part_of_shop = false; ///< of a category or a brand: nothing is said of concentration
};
/// High first. Levels:
/// - stock_out: high where a product that sells has no stock, or a tenth of the products have none
/// - undercut: high where a rival is more than 10 % below
/// - thin_margin: a margin below 15 %; high below cost × 1.1
/// - dead_stock: more than 180 days of cover
/// - concentration: a category with more than 60 % of the revenue of 30 days, where there are
/// several
std::vector<risk> find_risks(const shop_figures& figures, const shop_rules& rules);
/// Of one product, by the same levels; and low_stock, high: it runs out before new stock can
/// arrive.
std::vector<risk> find_risks(const product_dossier_row& row, const shop_rules& rules);

/// Gross margin over the lines whose product has a cost; nullopt without such revenue.
std::optional<double> margin_30_days(const shop_summary_row& shop);

} // namespace flipsync::executive
