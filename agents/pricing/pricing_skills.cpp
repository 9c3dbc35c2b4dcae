#include "agents/pricing/pricing_skills.hpp"

#include <algorithm>
#include <array>

#include "agents/common/approval.hpp"
#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/rivals.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/velocity.hpp"
#include "agents/common/wording.hpp"
#include "agents/pricing/price_rules.hpp"
#include "agents/pricing/tested_price.hpp"

namespace flipsync::pricing {

namespace {

using wording::count;
using wording::decimal;
using wording::label;
using wording::percent;

price_facts facts_of(const product_dossier_row& row, wall_time now) {
  price_facts facts;
  facts.current = row.item->price;
  facts.cost = row.item->cost;
  facts.stock = row.item->stock;
  if (const auto v = velocity_of(row))
    facts.per_day = v->per_day;
  facts.rivals = summarize(row.rivals);
  if (facts.rivals)
    facts.data_age = data_age(*facts.rivals, now);
  return facts;
}

std::string dynamic_reason(const price_facts& facts) {
  const auto average = show(facts.rivals->average);
  if (!facts.per_day)
    return "the sales velocity is not known, so the price is the competitors' average " + average
           + " × 0.99";
  const auto pace = "it sells " + decimal(*facts.per_day, 2) + " a day";
  if (*facts.per_day > 2)
    return pace
           + " (more than 2), so the price is the lower of the current price × 1.03 and the "
             "competitors' average "
           + average;
  if (*facts.per_day < 0.5)
    return pace
           + " (less than 0.5), so the price is the higher of the current price × 0.97 and cost × "
             "1.15";
  return pace + ", so the price is the competitors' average " + average + " × 0.99";
}

std::string reason_of(strategy s, const price_facts& facts) {
  switch (s) {
  case strategy::cost_plus:
    return "no competitor price is known, so the price is cost × 1.25";
  case strategy::penetration:
    return "stock of " + std::to_string(*facts.stock)
           + " is above 50, so the price is the higher of the lowest competitor price "
           + show(facts.rivals->lowest) + " × 0.95 and cost × 1.1";
  case strategy::premium:
    return "stock of " + std::to_string(*facts.stock) + " is below 10 and the margin of "
           + percent(*margin_of(facts.current, facts.cost))
           + " is above 30 %, so the price is the lower of the highest competitor price "
           + show(facts.rivals->highest) + " × 1.05 and cost × 1.5";
  case strategy::competitive:
    return "the current price is more than 1.1 times the competitors' average "
           + show(facts.rivals->average) + ", so the price is that average × 0.98";
  case strategy::dynamic:
    return dynamic_reason(facts);
  }
  return {};
}

std::string headline(const product& item, const price_advice& advice) {
  if (!advice.price)
    return "No new price can be computed for " + label(item) + "; it stays at " + show(item.price)
           + ".";
  if (*advice.price == item.price)
    return "Keep " + label(item) + " at " + show(item.price) + ".";
  auto text =
    "Charge " + show(*advice.price) + " for " + label(item) + " instead of " + show(item.price);
  if (item.price.cents > 0) {
    const auto change = ratio(*advice.price - item.price, item.price);
    text += " (" + std::string{change > 0 ? "+" : ""} + percent(change) + ")";
  }
  return text + ".";
}

/// True where only a human may say yes: the floor cannot be checked.
approval verdict(const price_advice& advice) {
  return approve("pricing", advice.confidence, advice.needs_human);
}

std::string confidence_sentence(const price_facts& facts, const price_advice& advice) {
  auto text = "Confidence is " + decimal(advice.confidence, 2) + ", from ";
  if (facts.rivals)
    text += count(static_cast<std::int64_t>(facts.rivals->competitors), "competitor")
            + ", data that is " + wording::age(*facts.data_age) + " old";
  else
    text += "no competitors";
  text += " and the size of the change";
  switch (verdict(advice)) {
  case approval::automatic:
    return text + "; that is enough for an automatic approval.";
  case approval::human:
    return text + "; a human decides.";
  case approval::rejected:
    return text + "; that is too little to propose the change.";
  }
  return text + ".";
}

std::string advice_json(const product& item, const price_facts& facts, const price_advice& advice) {
  json_object json;
  json.add("sku", item.sku).add("title", item.title).add("current_price", item.price);
  json.add("recommended_price", advice.price);
  if (advice.by)
    json.add("strategy", to_string(*advice.by));
  json.add("confidence", advice.confidence).add("cost", item.cost);
  json.add("margin", advice.price ? margin_of(*advice.price, item.cost) : std::nullopt);
  if (item.cost)
    json.add("floor_price", floor_price(*item.cost));
  json.add("rule_price_below_floor", advice.below_floor);
  if (facts.rivals) {
    json.add("competitors", facts.rivals->competitors).add("competitor_min", facts.rivals->lowest);
    json.add("competitor_average", facts.rivals->average)
      .add("competitor_max", facts.rivals->highest);
  }
  if (advice.price)
    json.add("approval", to_string(verdict(advice)));
  return json.add("missing", advice.missing).str();
}

/// What a price would do to the margin.
std::string at_price(money price, money cost) {
  const auto margin = margin_of(price, cost);
  auto text = "At " + show(price) + " the margin would be "
              + (margin ? percent(*margin) : std::string{"undefined"});
  return text
         + (below_floor(price, cost) ? "; that is below the floor, so only a human may allow it."
                                     : ".");
}

/// Says it of the price that the message wants tested, if it does.
void say_tested(const message_reading& message, const product& item, skill_output& out) {
  const auto price = tested_price(message, item.price);
  if (price && item.cost)
    out.facts.push_back(at_price(*price, *item.cost));
  else if (price)
    out.facts.push_back("The margin at " + show(*price)
                        + " is not known, because the cost is not.");
}

/// A condition or a percentage is heard where it makes a price that can be tested.
heard hears_price(const message_reading& message) {
  const bool tested = tested_price(message, money{10000}).has_value() && target_of(message).named;
  return {.percentage = tested, .condition = tested};
}

class price_recommendation final : public product_skill {
public:
  price_recommendation()
    : product_skill{{"price_recommendation",
                     "Recommends a price by the shop's pricing rules: strategy, price, floor and "
                     "confidence.",
                     product_schema},
                    attention::thin_margin} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    return hears_price(input.message);
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto facts = facts_of(row, input.now);
    const auto advice = advise(facts);
    const auto& item = *row.item;
    skill_output out;
    for (const auto& one : named_rivals(input.message, row.rivals))
      out.facts.push_back(asks_sentence(one, item));
    say_tested(input.message, item, out);
    out.facts.push_back(headline(item, advice));
    if (advice.by) {
      out.facts.push_back("The strategy is " + std::string{to_string(*advice.by)} + ": "
                          + (advice.price || *advice.by != strategy::dynamic
                               ? reason_of(*advice.by, facts)
                               : "it sells less than 0.5 a day, and that rule needs the cost")
                          + ".");
    }
    if (advice.below_floor)
      out.facts.push_back("The rule alone gives " + show(*advice.below_floor)
                          + ", which is below the floor of cost × 1.1; only a human may go below "
                          + show(*advice.price) + ".");
    if (advice.price)
      out.facts.push_back(confidence_sentence(facts, advice));
    if (advice.needs_human)
      out.facts.emplace_back(
        "Without the cost the floor of cost × 1.1 cannot be checked, so a human "
        "has to confirm this price.");
    out.missing = advice.missing;
    say_missing(out);
    out.json = advice_json(item, facts, advice);
    return out;
  }

  /// Where no margin is thin, the products that rivals undercut most need their price looked at.
  [[nodiscard]] std::vector<store_query> extra_reads(const skill_input& input) const override {
    return {attention_query{attention::undercut, 5, scope_of(input.message)}};
  }

  [[nodiscard]] skill_output
  about_shop(const skill_input& input, const std::vector<const product_dossier_row*>& thin,
             const std::vector<const store_rows*>& extra) const override {
    skill_output out;
    std::vector<std::string> json;
    auto lines = thin;
    if (!thin.empty()) {
      out.facts.emplace_back(
        "The products with the thinnest margins need a look at their price first.");
    } else {
      out.facts.emplace_back("No margin of a product with a known cost is below 15 %.");
      for (const auto& line : row_as<attention_rows>(extra, 0).lines)
        if (line.item)
          lines.push_back(&line);
      if (!lines.empty())
        out.facts.emplace_back(
          "Competitors undercut these products most, and the pricing rules say this.");
    }
    for (const auto* line : lines) {
      const auto facts = facts_of(*line, input.now);
      const auto advice = advise(facts);
      auto text = headline(*line->item, advice);
      if (const auto margin = margin_of(line->item->price, line->item->cost))
        text.insert(text.size() - 1, ", where the margin is " + percent(*margin) + " now");
      out.facts.push_back(std::move(text));
      json.push_back(advice_json(*line->item, facts, advice));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

std::string margin_sentence(const product& item) {
  auto text = label(item) + " sells at " + show(item.price);
  if (!item.cost)
    return text + "; its cost is not known, so its margin is not either.";
  text += "; the cost is " + show(*item.cost);
  const auto margin = margin_of(item.price, item.cost);
  return margin ? text + ", so the margin is " + percent(*margin) + " ("
                    + show(item.price - *item.cost) + " a unit)."
                : text + ", and a price of zero has no margin.";
}

std::string margin_json(const product& item) {
  json_object json;
  json.add("sku", item.sku)
    .add("title", item.title)
    .add("price", item.price)
    .add("cost", item.cost);
  json.add("margin", margin_of(item.price, item.cost));
  if (item.cost)
    json.add("floor_price", floor_price(*item.cost))
      .add("below_floor", below_floor(item.price, *item.cost));
  return json.str();
}

/// What the amount that a message names stands for.
enum class amount_meaning { price, cost, other };

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Told by the nearest telling word before it ("if the cost rises to $45"), else a price.
amount_meaning meaning_of_amount(const message_reading& message) {
  constexpr std::array<std::string_view, 7> costs{"cost",   "costs",     "supplier", "buy",
                                                  "buying", "wholesale", "purchase"};
  constexpr std::array<std::string_view, 16> others{
    "shipping", "ship", "postage", "delivery",  "packaging", "fee",   "fees",    "ad",
    "ads",      "tax",  "taxes",   "marketing", "duty",      "labor", "storage", "handling"};
  constexpr std::array<std::string_view, 5> prices{"price", "sell", "sells", "sold", "charge"};
  constexpr std::size_t reach = 5; // words
  const auto& words = message.words;
  const auto at = message.amount_at;
  if (at >= words.size())
    return amount_meaning::price;
  const auto before = [&](std::size_t back) {
    return back <= at ? std::string_view{words[at - back]} : std::string_view{};
  };
  for (std::size_t back = 1; back <= reach; ++back) {
    if (is_one_of(before(back), others))
      return amount_meaning::other;
    if (is_one_of(before(back), costs)) // "if shipping costs me $5"
      return is_one_of(before(back + 1), others) ? amount_meaning::other : amount_meaning::cost;
    if (is_one_of(before(back), prices))
      return amount_meaning::price;
  }
  return at + 1 < words.size() && is_one_of(words[at + 1], others) ? amount_meaning::other
                                                                   : amount_meaning::price;
}

class margin_check final : public product_skill {
public:
  margin_check()
    : product_skill{{"margin_check",
                     "The margin of a product at its price, or at a price that is named, and the "
                     "lowest price without a human's word.",
                     R"({"type":"object","properties":{"sku":{"type":"string"},)"
                     R"("subject":{"type":"string","description":"product name"},)"
                     R"("amount":{"type":"number","minimum":0,"description":"a price to test"}},)"
                     R"("additionalProperties":false})"},
                    attention::thinnest_margin} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    auto heeded = hears_price(input.message);
    heeded.condition = heeded.condition || input.message.amount.has_value();
    return heeded;
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    skill_output out;
    out.facts.push_back(margin_sentence(item));
    if (item.cost) {
      out.facts.push_back(
        "The lowest price without a human's word is " + show(floor_price(*item.cost))
        + " (cost × 1.1)"
        + (below_floor(item.price, *item.cost) ? ", and the current price is below it." : "."));
      if (input.message.amount)
        out.facts.push_back(at_amount(input.message, item));
      else
        say_tested(input.message, item, out);
    } else {
      out.missing.emplace_back("cost");
      say_missing(out);
    }
    out.json = margin_json(item);
    return out;
  }

  [[nodiscard]] skill_output about_shop(const skill_input&,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    out.facts.push_back(headline_of(lines));
    for (const auto* line : lines) {
      out.facts.push_back(margin_sentence(*line->item));
      json.push_back(margin_json(*line->item));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }

  static std::string headline_of(const std::vector<const product_dossier_row*>& lines) {
    if (lines.empty())
      return "No cost of a product is known, so no margin is either.";
    const auto& first = *lines.front()->item;
    const bool thin = first.cost && !margin_at_least(first.price, *first.cost, 15);
    return "The thinnest margins of the shop are these"
           + std::string{thin ? "." : "; none is below 15 %, where a margin begins to be thin."};
  }

  /// The margin at the price or the cost that the message names.
  static std::string at_amount(const message_reading& message, const product& item) {
    const auto amount = *message.amount;
    switch (meaning_of_amount(message)) {
    case amount_meaning::price:
      return at_price(amount, *item.cost);
    case amount_meaning::cost: {
      const auto margin = margin_of(item.price, amount);
      return "At a cost of " + show(amount) + " the margin would be "
             + (margin ? percent(*margin) : std::string{"undefined"}) + " at the price of "
             + show(item.price) + ", and the lowest price without a human's word "
             + show(floor_price(amount)) + ".";
    }
    case amount_meaning::other:
      break;
    }
    return "The " + show(amount)
           + " that you name is neither a price nor the cost of the product, so it does not count "
             "here; name a price (“at $20”) or a new cost (“a cost of $10”).";
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<price_recommendation>(), std::make_shared<margin_check>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"price_recommendation",
     asked_by_default::always,
     {"charge", "price", "prices", "pricing", "reprice", "strategy", "raise", "lower", "discount",
      "markdown"}},
    {"margin_check",
     asked_by_default::for_product,
     {"margin", "margins", "profit", "profitable", "floor", "cost"}},
  });
}

} // namespace flipsync::pricing
