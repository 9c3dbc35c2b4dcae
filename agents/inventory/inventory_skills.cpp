#include "agents/inventory/inventory_skills.hpp"

#include <cmath>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/period.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/inventory/stock_facts.hpp"

namespace flipsync::inventory {

namespace {

using wording::count;
using wording::decimal;
using wording::label;
using wording::percent;

constexpr std::string_view human_buys =
  "A purchase is never made by itself: a human has to approve it.";

std::string lead_time(const product& item, const stock_facts& facts) {
  return decimal(facts.lead_time_days) + " days"
         + (item.lead_time_days ? "" : " (the shop's default)");
}

// --- stock cover
// ------------------------------------------------------------------------------------

std::string cover_sentence(const product_dossier_row& row, const stock_facts& facts) {
  const auto& item = *row.item;
  if (!facts.stock)
    return "The stock of " + label(item) + " is not recorded.";
  auto text = label(item) + " has " + count(*facts.stock, "unit") + " in stock";
  const auto v = velocity_of(row);
  if (!v)
    return text + "; how fast it sells is not known, so neither is how long that lasts.";
  text += " and sells " + decimal(v->per_day, 2) + " a day (" + origin(*v) + ")";
  return text + ", so the stock lasts " + show_cover(cover_days(facts)) + ".";
}

std::string cover_json(const product_dossier_row& row, const stock_facts& facts) {
  json_object json;
  json.add("sku", row.item->sku).add("title", row.item->title).add("stock", facts.stock);
  json.add("velocity_per_day", facts.per_day).add("cover_days", cover_days(facts));
  json.add("lead_time_days", facts.lead_time_days).add("overstock", overstocked(facts));
  return json.str();
}

class stock_cover final : public product_skill {
public:
  stock_cover()
    : product_skill{
      {"stock_cover", "Stock, sales per day and how many days the stock lasts.", product_schema},
      attention::low_stock} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    return {.period = target_of(input.message).named};
  }
  [[nodiscard]] std::optional<time_span> sales_span(const skill_input& input) const override {
    return span_of(other_period(input));
  }
  [[nodiscard]] std::vector<store_query> extra_reads(const skill_input& input) const override {
    return {shop_summary_query{scope_of(input.message)}};
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto facts = facts_of(row, *input.rules);
    skill_output out;
    if (const auto period = other_period(input); period && row.in_period)
      out.facts.push_back(wording::capitalized(spoken(*period)) + " "
                          + count(row.in_period->units, "unit") + " were sold for "
                          + show(row.in_period->revenue) + ".");
    out.facts.push_back(cover_sentence(row, facts));
    if (const auto cover = cover_days(facts)) {
      const auto lead = lead_time(*row.item, facts);
      if (*facts.stock <= 0)
        out.facts.push_back("It is sold out; new stock takes " + lead + ".");
      else if (overstocked(facts))
        out.facts.emplace_back("More than 180 days of cover count as overstock.");
      else if (*cover < facts.lead_time_days)
        out.facts.push_back("That is less than the lead time of " + lead
                            + ", so it runs out before new stock can arrive.");
      else if (std::isfinite(*cover))
        out.facts.push_back("The lead time is " + lead + ", so new stock can arrive in time.");
    }
    if (!facts.stock)
      out.missing.emplace_back("stock");
    if (!facts.per_day)
      out.missing.emplace_back("sales velocity");
    say_missing(out);
    out.json = cover_json(row, facts);
    return out;
  }
  [[nodiscard]] skill_output
  about_shop(const skill_input& input, const std::vector<const product_dossier_row*>& lines,
             const std::vector<const store_rows*>& extra) const override {
    const auto& shop = row_as<shop_summary_row>(extra, 0);
    skill_output out;
    out.facts.push_back(std::to_string(shop.out_of_stock) + " of "
                        + count(static_cast<std::int64_t>(shop.products), "product")
                        + " are out of stock; the stock is worth " + show(shop.stock_value_at_price)
                        + " at sales prices.");
    std::vector<std::string> json;
    for (const auto* line : lines) {
      const auto facts = facts_of(*line, *input.rules);
      out.facts.push_back(cover_sentence(*line, facts));
      json.push_back(cover_json(*line, facts));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}
                 .add("products", shop.products)
                 .add("out_of_stock", shop.out_of_stock)
                 .add("stock_value_at_price", shop.stock_value_at_price)
                 .add("stock_value_at_cost", shop.stock_value_at_cost)
                 .raw("lowest_cover", json_array(json))
                 .str();
    return out;
  }
};

// --- reorder advice
// ---------------------------------------------------------------------------------

std::string reorder_headline(const product& item, const stock_facts& facts,
                             const reorder_advice& advice) {
  if (!facts.stock)
    return "Whether to reorder " + label(item)
           + " cannot be said, because its stock is not recorded.";
  if (advice.overstock)
    return "Do not reorder " + label(item) + ": it is overstocked, with "
           + count(*facts.stock, "unit") + " lasting " + show_cover(cover_days(facts))
           + " (more than 180 days).";
  if (!advice.reorder && !advice.lead_time_demand)
    return "Whether to reorder " + label(item)
           + " cannot be said, because its sales velocity is not known.";
  if (!advice.reorder)
    return "No reorder of " + label(item) + " is due: its stock is " + std::to_string(*facts.stock)
           + ".";
  if (advice.quantity == 0)
    return label(item) + " is at its reorder point with a stock of " + std::to_string(*facts.stock)
           + ", but no quantity follows from its demand and maximum stock.";
  return "Reorder " + count(advice.quantity, "unit") + " of " + label(item) + "; the urgency is "
         + std::string{to_string(advice.how_urgent)} + ".";
}

std::string point_sentence(const product& item, const stock_facts& facts,
                           const reorder_advice& advice) {
  const auto point = *advice.lead_time_demand + *advice.safety_stock;
  return "Its stock of " + std::to_string(*facts.stock)
         + (advice.reorder ? " is at or below" : " is above") + " the reorder point of "
         + decimal(point) + ": a demand of " + decimal(*advice.lead_time_demand)
         + " over the lead time of " + lead_time(item, facts) + " plus a safety stock of "
         + decimal(*advice.safety_stock) + ".";
}

std::string reorder_json(const product& item, const stock_facts& facts,
                         const reorder_advice& advice) {
  json_object json;
  json.add("sku", item.sku).add("title", item.title).add("stock", facts.stock);
  json.add("reorder", advice.reorder)
    .add("quantity", advice.quantity)
    .add("overstock", advice.overstock);
  json.add("urgency", to_string(advice.how_urgent)).add("cover_days", cover_days(facts));
  json.add("lead_time_demand", advice.lead_time_demand).add("safety_stock", advice.safety_stock);
  json.add("purchase_cost",
           facts.cost ? std::optional{times(*facts.cost, advice.quantity)} : std::nullopt);
  json.add("confidence", advice.confidence).add("approval", "human").add("missing", advice.missing);
  return json.str();
}

class reorder_advice_skill final : public product_skill {
public:
  reorder_advice_skill()
    : product_skill{
      {"reorder_advice", "Whether to reorder, how many, how urgent, and why.", product_schema},
      attention::low_stock,
      10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto facts = facts_of(row, *input.rules);
    const auto advice = advise_reorder(facts);
    const auto& item = *row.item;
    skill_output out;
    out.facts.push_back(reorder_headline(item, facts, advice));
    if (facts.stock && advice.lead_time_demand && !advice.overstock)
      out.facts.push_back(point_sentence(item, facts, advice));
    if (advice.reorder && advice.quantity > 0) {
      if (facts.cost)
        out.facts.push_back("That purchase costs " + show(times(*facts.cost, advice.quantity))
                            + " at " + show(*facts.cost) + " a unit; confidence is "
                            + decimal(advice.confidence) + ".");
      out.facts.emplace_back(human_buys);
    }
    out.missing = advice.missing;
    if (!facts.cost)
      out.missing.emplace_back("cost");
    say_missing(out);
    out.json = reorder_json(item, facts, advice);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines) {
      const auto facts = facts_of(*line, *input.rules);
      const auto advice = advise_reorder(facts);
      if (!advice.reorder)
        continue;
      auto text = reorder_headline(*line->item, facts, advice);
      text.insert(text.size() - 1, " (stock " + std::to_string(*facts.stock) + ", cover "
                                     + show_cover(cover_days(facts)) + ")");
      out.facts.push_back(std::move(text));
      json.push_back(reorder_json(*line->item, facts, advice));
    }
    const auto n = static_cast<std::int64_t>(json.size());
    out.facts.insert(out.facts.begin(),
                     n == 0 ? std::string{"No product is at its reorder point now."}
                            : wording::capitalized(counted(json.size(), lines.size()))
                                + (n == 1 ? " is" : " are")
                                + " at or below the reorder point, the most urgent first.");
    if (n > 0)
      out.facts.emplace_back(human_buys);
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- buying opportunity
// -------------------------------------------------------------------------------

std::string buying_headline(const product& item, const buying_advice& advice) {
  if (!advice.missing.empty())
    return "Whether buying " + label(item) + " pays cannot be computed.";
  if (!advice.opportunity)
    return "Buying " + label(item) + " is no opportunity now: " + wording::list(advice.against)
           + ".";
  return "Buying " + count(advice.quantity, "unit") + " of " + label(item)
         + " is an opportunity: the return is " + percent(*advice.roi) + ", it pays back in "
         + decimal(*advice.payback_days) + " days, and the margin is " + percent(*advice.margin)
         + ".";
}

std::string buying_json(const product& item, const buying_advice& advice) {
  json_object json;
  json.add("sku", item.sku).add("title", item.title).add("opportunity", advice.opportunity);
  json.add("quantity", advice.quantity)
    .add("roi", advice.roi)
    .add("payback_days", advice.payback_days);
  json.add("margin", advice.margin).add("confidence", advice.confidence).add("approval", "human");
  return json.add("against", advice.against).add("missing", advice.missing).str();
}

class buying_opportunity final : public product_skill {
public:
  buying_opportunity()
    : product_skill{{"buying_opportunity",
                     "Return, payback and margin of buying more of a product.", product_schema},
                    attention::best_sellers,
                    10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto advice = advise_buying(facts_of(row, *input.rules));
    skill_output out;
    out.facts.push_back(buying_headline(*row.item, advice));
    if (advice.missing.empty())
      out.facts.push_back(
        "An opportunity needs a return of at least 20 %, a payback within 90 days and a margin of "
        "at least 15 %; confidence is "
        + decimal(advice.confidence) + ".");
    if (advice.opportunity)
      out.facts.emplace_back(human_buys);
    out.missing = advice.missing;
    say_missing(out);
    out.json = buying_json(*row.item, advice);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines) {
      const auto advice = advise_buying(facts_of(*line, *input.rules));
      if (!advice.opportunity)
        continue;
      out.facts.push_back(buying_headline(*line->item, advice));
      json.push_back(buying_json(*line->item, advice));
    }
    out.facts.insert(
      out.facts.begin(),
      json.empty() ? "None of the best sellers meets the conditions of a buying opportunity now."
                   : "Among the best sellers these are worth buying.");
    if (!json.empty())
      out.facts.emplace_back(human_buys);
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- dead stock
// -----------------------------------------------------------------------------------------

bool dead(const product_dossier_row& row, const stock_facts& facts) {
  const bool unsold = row.last_90_days.days_observed >= 90 && row.last_90_days.units == 0;
  return facts.stock && *facts.stock > 0 && (overstocked(facts) || unsold);
}

std::string dead_sentence(const product_dossier_row& row, const stock_facts& facts) {
  const auto cover = cover_days(facts);
  auto text = label(*row.item) + " has " + count(*facts.stock, "unit");
  text +=
    cover && !std::isfinite(*cover) ? ", which do not sell" : ", lasting " + show_cover(cover);
  if (facts.cost)
    text += ", and ties up " + show(times(*facts.cost, *facts.stock)) + " at cost";
  return text + ".";
}

class dead_stock final : public product_skill {
public:
  dead_stock()
    : product_skill{{"dead_stock",
                     "Stock that lasts more than 180 days or does not sell, and the money in it.",
                     product_schema},
                    attention::dead_stock,
                    10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto facts = facts_of(row, *input.rules);
    skill_output out;
    if (dead(row, facts)) {
      out.facts.push_back(dead_sentence(row, facts));
      out.facts.emplace_back(
        "More than 180 days of cover count as overstock; a lower price would free the money.");
    } else {
      out.facts.push_back(facts.stock ? label(*row.item)
                                          + " is not dead stock: " + count(*facts.stock, "unit")
                                          + " last " + show_cover(cover_days(facts)) + "."
                                      : "The stock of " + label(*row.item) + " is not recorded.");
      if (!facts.stock)
        out.missing.emplace_back("stock");
    }
    out.json = cover_json(row, facts);
    return out;
  }
  [[nodiscard]] skill_output
  about_shop(const skill_input& input, const std::vector<const product_dossier_row*>& lines,
             const std::vector<const store_rows*>& extra) const override {
    const auto& all = row_as<attention_rows>(extra, 0);
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines) {
      const auto facts = facts_of(*line, *input.rules);
      if (!dead(*line, facts))
        continue;
      out.facts.push_back(dead_sentence(*line, facts));
      json.push_back(cover_json(*line, facts));
    }
    const auto n = json.empty() ? 0 : static_cast<std::int64_t>(all.total);
    out.facts.insert(out.facts.begin(),
                     n == 0 ? std::string{"No product has more than 180 days of cover."}
                            : count(n, "product") + (n == 1 ? " is" : " are") + " overstocked and "
                                + (n == 1 ? "ties" : "tie") + " up " + show(all.tied_up_at_cost)
                                + " at cost"
                                + (n > std::ssize(json) ? "; most of it lies in these." : "."));
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}
                 .add("overstocked", n)
                 .add("tied_up_at_cost", all.tied_up_at_cost)
                 .raw("products", json_array(json))
                 .str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<stock_cover>(), std::make_shared<reorder_advice_skill>(),
          std::make_shared<buying_opportunity>(), std::make_shared<dead_stock>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"stock_cover",
     asked_by_default::for_product,
     {"cover", "last", "lasts", "run out", "runs out", "running out", "how many", "how much stock",
      "days of stock", "stock level", "stock levels", "how is the stock", "our stock", "on hand"}},
    {"reorder_advice",
     asked_by_default::always,
     {"reorder", "restock", "replenish", "order more", "purchase", "low stock", "running low",
      "run out", "runs out", "runs low", "ran out"}},
    {"buying_opportunity",
     asked_by_default::never,
     {"opportunity", "opportunities", "roi", "payback", "buy", "buying", "invest", "worth",
      "return on investment"}},
    {"dead_stock",
     asked_by_default::never,
     {"dead",           "overstock",      "overstocked",      "slow",           "slow moving",
      "not sell",       "dont sell",      "doesnt sell",      "didnt sell",     "not selling",
      "isnt selling",   "arent selling",  "not sold",         "never sold",     "havent sold",
      "hasnt sold",     "nobody buys",    "nobody is buying", "anybody buying", "anyone buying",
      "not moving",     "gathering dust", "collecting dust",  "excess",         "surplus",
      "too much stock", "unsold",         "sitting",          "clear",          "clearance"},
     {"buying_opportunity"}},
  });
}

} // namespace flipsync::inventory
