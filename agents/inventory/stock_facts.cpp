#include "agents/inventory/stock_facts.hpp"

#include <cmath>

#include "agents/common/wording.hpp"
#include "runtime/core/text/number_text.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::inventory {

namespace {

std::optional<double> safety_stock_of(const product& item) {
  for (const auto& [name, value] : item.attributes) {
    if (fold(name) != "safety stock")
      continue;
    if (const auto units = number_of(value); units && *units >= 0)
      return units;
  }
  return std::nullopt;
}

} // namespace

stock_facts facts_of(const product_dossier_row& row, const shop_rules& rules) {
  const auto& item = *row.item;
  stock_facts facts;
  facts.price = item.price;
  facts.cost = item.cost;
  facts.stock = item.stock;
  facts.max_stock = item.max_stock;
  if (const auto v = velocity_of(row))
    facts.per_day = v->per_day;
  const bool stated =
    item.lead_time_days && std::isfinite(*item.lead_time_days) && *item.lead_time_days >= 0;
  facts.lead_time_days =
    stated ? *item.lead_time_days : static_cast<double>(rules.default_lead_time_days);
  facts.safety_stock = safety_stock_of(item);
  return facts;
}

std::string show_cover(const std::optional<double>& days) {
  if (!days)
    return "an unknown number of days";
  if (!std::isfinite(*days))
    return "an unlimited number of days, since it does not sell";
  const auto text = wording::decimal(*days);
  return text + (text == "1" ? " day" : " days");
}

} // namespace flipsync::inventory
