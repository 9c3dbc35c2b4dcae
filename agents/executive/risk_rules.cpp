#include "agents/executive/risk_rules.hpp"

#include <algorithm>
#include <optional>

#include "agents/common/margin.hpp"
#include "agents/common/wording.hpp"
#include "agents/competitor/rival_rules.hpp"
#include "agents/inventory/stock_facts.hpp"

namespace flipsync::executive {

namespace {

using wording::count;
using wording::label;
using wording::percent;

constexpr std::size_t named = 3;

/// Names the first few of a list of products.
std::string some(const std::vector<std::string>& names) {
  auto first = names;
  if (first.size() > named)
    first.resize(named);
  return wording::list(first) + (names.size() > named ? " among others" : "");
}

void find_stock_outs(const shop_figures& figures, std::vector<risk>& risks) {
  std::vector<std::string> names;
  for (const auto& line : figures.low_stock.lines) {
    const auto v = velocity_of(line);
    if (line.item && line.item->stock && *line.item->stock <= 0 && v && v->per_day > 0)
      names.push_back(label(*line.item));
  }
  const auto& shop = figures.shop;
  const bool many =
    shop.products > 0 && shop.out_of_stock * 10 >= shop.products && shop.out_of_stock > 0;
  if (!names.empty())
    risks.push_back(
      {risk_level::high, "stock_out",
       "Sales are lost while products that sell have no stock: " + some(names) + "."});
  else if (shop.out_of_stock > 0)
    risks.push_back({many ? risk_level::high : risk_level::medium, "stock_out",
                     std::to_string(shop.out_of_stock) + " of "
                       + count(static_cast<std::int64_t>(shop.products), "product")
                       + " are out of stock."});
}

void find_undercuts(const shop_figures& figures, std::vector<risk>& risks) {
  std::vector<std::string> names;
  double widest = 0;
  bool severe = false;
  for (const auto& line : figures.undercut.lines) {
    const auto cut =
      line.item ? competitor::find_undercut(line.item->price, line.rivals) : std::nullopt;
    if (!cut)
      continue;
    names.push_back(label(*line.item));
    widest = std::max(widest, cut->share);
    severe = severe || cut->severe;
  }
  if (!names.empty())
    risks.push_back(
      {severe ? risk_level::high : risk_level::medium, "undercut",
       "Competitors undercut the shop by up to " + percent(widest) + ": " + some(names) + "."});
}

void find_thin_margins(const shop_figures& figures, std::vector<risk>& risks) {
  std::vector<std::string> names;
  bool below = false;
  for (const auto& line : figures.thin_margin.lines) {
    if (!line.item || !line.item->cost || margin_at_least(line.item->price, *line.item->cost, 15))
      continue;
    names.push_back(label(*line.item));
    below = below || below_floor(line.item->price, *line.item->cost);
  }
  if (!names.empty())
    risks.push_back({below ? risk_level::high : risk_level::medium, "thin_margin",
                     "Margins are below 15 %"
                       + std::string{below ? ", some below the floor of cost × 1.1" : ""} + ": "
                       + some(names) + "."});
}

void find_dead_stock(const shop_figures& figures, const shop_rules& rules,
                     std::vector<risk>& risks) {
  const auto& dead = figures.dead_stock;
  std::vector<std::string> names;
  for (const auto& line : dead.lines)
    if (line.item && inventory::overstocked(inventory::facts_of(line, rules)))
      names.push_back(label(*line.item));
  if (!names.empty())
    risks.push_back({risk_level::medium, "dead_stock",
                     show(dead.tied_up_at_cost) + " at cost are tied up in the stock of "
                       + count(static_cast<std::int64_t>(dead.total), "product")
                       + ", which lasts more than 180 days: " + some(names) + "."});
}

void find_concentration(const shop_summary_row& shop, std::vector<risk>& risks) {
  if (shop.categories.size() < 2 || shop.revenue_30_days.cents <= 0)
    return;
  const auto& first = shop.categories.front();
  const double share = ratio(first.revenue_30_days, shop.revenue_30_days);
  if (share > 0.6 && !first.category.empty())
    risks.push_back({risk_level::medium, "concentration",
                     "The category " + first.category + " brings " + percent(share)
                       + " of the revenue of the last 30 days."});
}

} // namespace

std::string_view to_string(risk_level l) noexcept {
  return l == risk_level::high ? "high" : "medium";
}

std::vector<risk> find_risks(const shop_figures& figures, const shop_rules& rules) {
  std::vector<risk> risks;
  find_stock_outs(figures, risks);
  find_undercuts(figures, risks);
  find_thin_margins(figures, risks);
  find_dead_stock(figures, rules, risks);
  if (!figures.part_of_shop)
    find_concentration(figures.shop, risks);
  std::stable_sort(risks.begin(), risks.end(),
                   [](const risk& a, const risk& b) { return a.level < b.level; });
  return risks;
}

std::vector<risk> find_risks(const product_dossier_row& row, const shop_rules& rules) {
  if (!row.item)
    return {};
  const shop_summary_row no_shop;
  attention_rows one;
  one.lines.push_back(row);
  attention_rows dead = one;
  const auto facts = inventory::facts_of(row, rules);
  dead.total = 1;
  dead.tied_up_at_cost = times(facts.cost.value_or(money{}), facts.stock.value_or(0));
  auto risks = find_risks({no_shop, one, one, one, dead}, rules);
  const auto cover = inventory::cover_days(facts);
  if (cover && *facts.stock > 0 && *cover < facts.lead_time_days)
    risks.insert(risks.begin(), {risk_level::high, "low_stock",
                                 "The stock of " + label(*row.item) + " lasts "
                                   + inventory::show_cover(cover) + ", and new stock takes "
                                   + wording::decimal(facts.lead_time_days) + " days."});
  return risks;
}

std::optional<double> margin_30_days(const shop_summary_row& shop) {
  if (shop.revenue_with_cost_30_days.cents <= 0)
    return std::nullopt;
  return ratio(shop.revenue_with_cost_30_days - shop.cost_of_sales_30_days,
               shop.revenue_with_cost_30_days);
}

} // namespace flipsync::executive
