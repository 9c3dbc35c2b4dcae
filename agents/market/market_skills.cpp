#include "agents/market/market_skills.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/period.hpp"
#include "agents/common/rivals.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/velocity.hpp"
#include "agents/common/wording.hpp"
#include "agents/market/position_rules.hpp"

namespace flipsync::market {

namespace {

using wording::count;
using wording::decimal;
using wording::label;
using wording::percent;

// --- price band
// ---------------------------------------------------------------------------------------

std::string band_sentence(const product& item, const rival_summary& rivals, double place) {
  return label(item) + " sells at " + show(item.price) + " in a market from " + show(rivals.lowest)
         + " to " + show(rivals.highest) + "; " + percent(place)
         + " of the competitors' prices are lower, which is a "
         + std::string{to_string(position_of(place))} + " position.";
}

std::string band_json(const product& item, const std::optional<rival_summary>& rivals,
                      std::optional<double> place) {
  json_object json;
  json.add("sku", item.sku)
    .add("title", item.title)
    .add("price", item.price)
    .add("percentile", place);
  if (rivals)
    json.add("min", rivals->lowest)
      .add("average", rivals->average)
      .add("max", rivals->highest)
      .add("competitors", rivals->competitors)
      .add("position", to_string(position_of(*place)));
  return json.str();
}

class price_band final : public product_skill {
public:
  price_band()
    : product_skill{{"price_band",
                     "The price band of the market and the product's percentile in it.",
                     product_schema},
                    attention::best_sellers} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    const auto rivals = summarize(row.rivals);
    const auto place = percentile(item.price, row.rivals);
    skill_output out;
    out.json = band_json(item, rivals, place);
    if (!rivals) {
      out.facts.push_back(label(item) + " sells at " + show(item.price)
                          + ", and no competitor's price is known to compare it with.");
      out.missing.emplace_back("competitor prices");
      return out;
    }
    out.facts.push_back(band_sentence(item, *rivals, *place));
    out.facts.push_back("The competitors' average is " + show(rivals->average) + ", from "
                        + count(static_cast<std::int64_t>(rivals->offers), "price")
                        + " the newest of which is " + wording::age(data_age(*rivals, input.now))
                        + " old.");
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input&,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines)
      if (const auto rivals = summarize(line->rivals)) {
        const auto place = percentile(line->item->price, line->rivals);
        out.facts.push_back(band_sentence(*line->item, *rivals, *place));
        json.push_back(band_json(*line->item, rivals, place));
      }
    if (json.empty()) {
      out.facts.emplace_back("No competitor's price is known for any of the best sellers.");
      out.missing.emplace_back("competitor prices");
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- sales velocity
// -----------------------------------------------------------------------------------

std::string velocity_sentence(const product_dossier_row& row) {
  const auto v = velocity_of(row);
  if (!v)
    return "How fast " + label(*row.item) + " sells is not known.";
  auto text = label(*row.item) + " sells " + decimal(v->per_day, 2) + " a day (" + origin(*v) + ")";
  if (row.last_30_days.days_observed > 0)
    text += "; the last " + count(row.last_30_days.days_observed, "day") + " brought "
            + count(row.last_30_days.units, "unit") + " and " + show(row.last_30_days.revenue);
  return text + ".";
}

/// Units a day in the last 14 days against the last 90, where both windows are full.
std::optional<double> trend_of(const product_dossier_row& row) {
  const auto& recent = row.last_14_days;
  const auto& before = row.last_90_days;
  if (recent.days_observed < 14 || before.days_observed < 90 || before.units <= 0)
    return std::nullopt;
  const double now = static_cast<double>(recent.units) / 14;
  return now / (static_cast<double>(before.units) / 90) - 1;
}

std::string velocity_json(const product_dossier_row& row) {
  const auto v = velocity_of(row);
  json_object json;
  json.add("sku", row.item->sku).add("title", row.item->title);
  json.add("velocity_per_day", v ? std::optional{v->per_day} : std::nullopt);
  json.add("units_14_days", row.last_14_days.units).add("units_30_days", row.last_30_days.units);
  json.add("units_90_days", row.last_90_days.units)
    .add("revenue_30_days", row.last_30_days.revenue);
  if (row.in_period)
    json.add("units_in_period", row.in_period->units)
      .add("revenue_in_period", row.in_period->revenue);
  return json.add("trend", trend_of(row)).str();
}

/// "12 units of Stone Mug (SKU X) were sold for $120.00.", of the period that was asked for.
std::string sold_sentence(const product_dossier_row& row) {
  const auto sold = row.in_period.value_or(sales_window{});
  return count(sold.units, "unit") + " of " + label(*row.item)
         + (sold.units == 1 ? " was sold for " : " were sold for ") + show(sold.revenue) + ".";
}

/// Words that ask where sales are going.
constexpr std::array<std::string_view, 8> trend_words{
  "trend", "growing", "shrinking", "rising", "falling", "increasing", "decreasing", "declining"};

class sales_velocity final : public product_skill {
public:
  sales_velocity()
    : product_skill{{"sales_velocity", "Units sold per day, the windows behind it, and the trend.",
                     product_schema},
                    attention::best_sellers} {}

private:
  [[nodiscard]] heard hears(const skill_input&) const override {
    return {.period = true, .marketplace = false};
  }
  [[nodiscard]] std::optional<time_span> sales_span(const skill_input& input) const override {
    return span_of(other_period(input));
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    skill_output out;
    if (const auto period = other_period(input))
      out.facts.push_back(wording::capitalized(spoken(*period)) + " " + sold_sentence(row));
    out.facts.push_back(velocity_sentence(row));
    if (const auto trend = trend_of(row))
      out.facts.push_back("The last 14 days run " + percent(*trend < 0 ? -*trend : *trend)
                          + (*trend < 0 ? " below" : " above") + " the pace of the last 90 days.");
    else if (holds_any_phrase(input.message.words, trend_words))
      out.facts.push_back("Whether it grows or shrinks cannot be told: that takes sales within 90 "
                          "recorded days, and "
                          + count(row.last_90_days.days_observed, "day")
                          + (row.last_90_days.days_observed == 1 ? " is" : " are")
                          + " recorded so far.");
    if (!velocity_of(row)) {
      out.missing.emplace_back("orders of at least 14 days or the column velocity_per_day");
      say_missing(out);
    }
    out.json = velocity_json(row);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    const auto period = other_period(input);
    const auto when = period ? " " + spoken(*period) : std::string{};
    out.facts.push_back(lines.empty() ? "No sales are recorded" + when + "."
                                      : "The best sellers of the shop" + when + " are these.");
    for (const auto* line : lines) {
      out.facts.push_back(period ? wording::capitalized(sold_sentence(*line))
                                 : velocity_sentence(*line));
      json.push_back(velocity_json(*line));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- opportunity score
// --------------------------------------------------------------------------------

opportunity opportunity_of(const product_dossier_row& row) {
  opportunity_facts facts;
  facts.price = row.item->price;
  facts.cost = row.item->cost;
  if (const auto v = velocity_of(row))
    facts.per_day = v->per_day;
  if (const auto rivals = summarize(row.rivals)) {
    facts.average = rivals->average;
    facts.competitors = rivals->competitors;
  }
  return score(facts);
}

std::string opportunity_sentence(const product& item, const opportunity& found) {
  if (found.shares.empty())
    return "No opportunity score can be computed for " + label(item) + ".";
  std::vector<std::string> shares;
  for (const auto& one : found.shares)
    shares.push_back(decimal(one.share * one.weight) + " of " + decimal(one.weight) + " points for "
                     + one.name);
  return label(item) + " has an opportunity score of " + decimal(found.score) + " of 100, from "
         + wording::list(shares)
         + (found.missing.empty() ? "." : "; what is not known does not count.");
}

std::string opportunity_json(const product& item, const opportunity& found) {
  json_object shares;
  for (const auto& one : found.shares)
    shares.add(one.name, one.share);
  return json_object{}
    .add("sku", item.sku)
    .add("title", item.title)
    .add("score", found.score)
    .raw("shares", shares.str())
    .add("missing", found.missing)
    .str();
}

class opportunity_score final : public product_skill {
public:
  opportunity_score()
    : product_skill{
      {"opportunity_score",
       "How promising a product is, 0 to 100, from demand, price room, margin and competition.",
       product_schema},
      attention::best_sellers,
      10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input&, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto found = opportunity_of(row);
    skill_output out;
    out.facts.push_back(opportunity_sentence(*row.item, found));
    out.missing = found.missing;
    say_missing(out);
    out.json = opportunity_json(*row.item, found);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input&,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    std::vector<std::pair<opportunity, const product*>> ranked;
    ranked.reserve(lines.size());
    for (const auto* line : lines)
      ranked.emplace_back(opportunity_of(*line), &*line->item);
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first.score > b.first.score; });
    skill_output out;
    std::vector<std::string> json;
    out.facts.emplace_back(ranked.empty()
                             ? "No sales are recorded, so no opportunity can be ranked."
                             : "Among the best sellers these are the most promising.");
    for (const auto& [found, item] : ranked) {
      if (json.size() < 5)
        out.facts.push_back(opportunity_sentence(*item, found));
      json.push_back(opportunity_json(*item, found));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<price_band>(), std::make_shared<sales_velocity>(),
          std::make_shared<opportunity_score>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"price_band",
     asked_by_default::for_product,
     {"band", "percentile", "position", "positioned", "positioning", "price", "compare", "range"}},
    {"sales_velocity",
     asked_by_default::always,
     {"velocity", "demand", "sales", "sell", "sells", "selling", "sold", "trend", "trending",
      "popular", "best sellers"}},
    {"opportunity_score",
     asked_by_default::always,
     {"opportunity", "opportunities", "promising", "potential", "score"}},
  });
}

} // namespace flipsync::market
