#pragma once
/// The answers to the store's queries, one function each. All run inside the caller's read
/// transaction and throw sql::failure.

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
/// Whole days since the shop's first order, at most `window`.
std::uint32_t days_observed(const context& in, std::uint32_t window);
/// Days back from `now`.
constexpr wall_time days_before(wall_time now, std::uint32_t days) {
  return now - std::chrono::hours{24} * days;
}

} // namespace flipsync::reads
