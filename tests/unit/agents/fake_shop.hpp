#pragma once
/// A shop in memory for the tests of skills: answers their queries from hand-made rows, the way the
/// store would, and runs a skill on a message.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::test {

/// A fixed time that all tests count from.
wall_time noon();
/// A product with the given SKU, title and price in cents, all else empty.
product make_product(std::string sku, std::string title, std::int64_t price_cents);
product_dossier_row make_dossier(product item);
rival_price make_rival(std::string competitor, std::int64_t price_cents,
                       std::chrono::milliseconds age = std::chrono::minutes{10});
sales_window make_window(std::uint32_t days, std::int64_t units, std::int64_t revenue_cents = 0);

struct fake_shop {
  fake_shop();
  shop_rules rules;
  std::vector<product_dossier_row> products;
  std::vector<product_dossier_row> low_stock, dead_stock, undercut, best_sellers, thin_margin,
    thinnest_margin;
  shop_summary_row summary;
  /// Answers in the place of `summary`, where it is set.
  std::function<shop_summary_row(const shop_summary_query&)> summary_of;
  std::vector<std::string> rivals_named; ///< in whatever words may name them
  std::vector<price_move> moves;
  std::vector<order_line> orders;
  rate_rows rates;
  earlier_talk earlier; ///< what was spoken of before
  bool age_confirmed = false;
  bool finds_any_word = false; ///< a search whose words no product has together finds all of them

  [[nodiscard]] vocabulary words() const;
  [[nodiscard]] store_rows answer(const store_query& query, audience who) const;
  /// Reads the message, fetches what the skill needs, computes.
  [[nodiscard]] result<skill_output> run(const skill& s, std::string_view message,
                                         audience who = audience::seller) const;
  /// As `run`, and requires success.
  [[nodiscard]] skill_output tell(const skill& s, std::string_view message,
                                  audience who = audience::seller) const;
  [[nodiscard]] part_plan plan(const agent_plan& p, const agent_spec& spec,
                               std::string_view message, audience who = audience::seller) const;
};

/// The skill of that name; fails the test where there is none.
const skill& find(const std::vector<std::shared_ptr<const skill>>& skills, std::string_view name);
/// All facts as one text.
std::string joined(const skill_output& out);
/// True if `text` is one JSON value; reads it fully.
bool is_json_object(const std::string& text);
/// The part of that name; fails the test where there is none.
const part_contract& part(const part_plan& plan, std::string_view name);

} // namespace flipsync::test
