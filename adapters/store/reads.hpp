#pragma once
/// The answers to the store's queries, one function each. All run inside the caller's read
/// transaction and throw sql::failure.

#include <algorithm>
#include <utility>

#include "adapters/store/catalogue_view.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::reads {

/// What every read of a batch needs to know.
struct context {
  sql::connection& db;
  tenant_id tenant = 0;
  audience who = audience::any;
  wall_time now{};
  double default_lead_time_days = 7;
};

/// No answer has more rows than this, whatever was asked for.
inline constexpr std::uint32_t max_rows = 50;
/// 0 asks for nothing and gets one row: a search that shows nothing has no use.
constexpr std::uint32_t clamp_limit(std::uint32_t limit) {
  return limit < 1 ? 1 : limit > max_rows ? max_rows : limit;
}

product_search_rows search(const context& in, const product_search& query);
product_dossier_row dossier(const context& in, const product_dossier& query);
shop_summary_row summary(const context& in, const shop_summary_query& query);
attention_rows attend(const context& in, const attention_query& query);
price_feed_rows price_feed(const context& in, const price_feed_query& query);
order_rows find_orders(const context& in, const order_query& query);
rate_rows find_rates(const context& in, const rate_query& query);

/// The product's rivals and sales; `with_history` adds the earlier prices.
void add_figures(const context& in, product_dossier_row& row, bool with_history);
/// What was sold of a product in a span of time, until now at the latest.
sales_window sold_in(const context& in, std::string_view sku, const time_span& period);
/// When the shop's first order was placed.
std::optional<wall_time> first_order(const context& in);
/// Whole days since the shop's first order, at most `window`.
std::uint32_t days_observed(const context& in, std::uint32_t window);
/// Days back from `now`.
constexpr wall_time days_before(wall_time now, std::uint32_t days) {
  return now - std::chrono::hours{24} * days;
}
/// The first and the last moment at which orders count: of a period, else those days back; never
/// what lies ahead.
constexpr std::pair<wall_time, wall_time>
counted_times(const context& in, const std::optional<time_span>& period, std::uint32_t days) {
  if (!period)
    return {days_before(in.now, days), in.now};
  return {period->from, std::min(period->to - std::chrono::milliseconds{1}, in.now)};
}

} // namespace flipsync::reads
