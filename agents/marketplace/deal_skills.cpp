/// offer_evaluation and fee_calculation.
#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/marketplaces.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/wording.hpp"
#include "agents/marketplace/deal_rules.hpp"
#include "agents/marketplace/marketplace_parts.hpp"

namespace flipsync::marketplace {

namespace {

using wording::label;
using wording::percent;

constexpr std::string_view deal_schema =
  R"({"type":"object","properties":{"sku":{"type":"string"},)"
  R"("subject":{"type":"string","description":"product name"},)"
  R"("amount":{"type":"number","minimum":0,"description":"the offer, or a price to test"},)"
  R"("text":{"type":"string","description":"names of marketplaces"}},"additionalProperties":false})";

/// The one marketplace that the message names; null where it names none or several.
const marketplace_rules* only_marketplace(const skill_input& input) {
  const auto named = marketplaces_of(input);
  return named.size() == 1 ? named.front() : nullptr;
}

/// An offer for some units of a product, and what these sell for and cost.
struct offer_terms {
  money amount; ///< for all of them
  std::int64_t units = 1;
  money price;
  std::optional<money> cost;
  [[nodiscard]] money each() const { return {(amount.cents + units / 2) / units}; }
};

offer_terms terms_of(const message_reading& message, const product& item) {
  constexpr std::array<std::string_view, 6> for_one{"each",      "apiece",  "per unit",
                                                    "per piece", "a piece", "a unit"};
  offer_terms terms;
  terms.units = std::max<std::int64_t>(message.quantity.value_or(1), 1);
  terms.amount = holds_any_phrase(message.words, for_one) ? times(*message.amount, terms.units)
                                                          : *message.amount;
  terms.price = times(item.price, terms.units);
  if (item.cost)
    terms.cost = times(*item.cost, terms.units);
  return terms;
}

class offer_evaluation final : public product_skill {
public:
  offer_evaluation()
    : product_skill{{"offer_evaluation",
                     "Whether to accept, counter or decline a buyer's offer, by margin after fees.",
                     deal_schema},
                    attention::thin_margin,
                    3} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    return {.condition = input.message.amount.has_value()};
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    skill_output out;
    if (!input.message.amount)
      return no_amount(item);
    const auto offer = terms_of(input.message, item);
    const auto* rules = only_marketplace(input);
    const auto verdict = evaluate_offer(offer.amount, offer.price, offer.cost, rules);
    out.facts.push_back(headline(item, offer, verdict) + ": " + verdict.reason + ".");
    if (verdict.margin)
      out.facts.push_back("At " + show(offer.amount) + (offer.units > 1 ? " for all" : "")
                          + " the margin is " + percent(*verdict.margin)
                          + (rules != nullptr
                               ? " after the fee of " + show(verdict.fee) + " on " + spoken(*rules)
                               : " before marketplace fees")
                          + "; the price is " + show(item.price) + " and the cost "
                          + show(*item.cost) + (offer.units > 1 ? " a unit." : "."));
    say_without_rules(input, out);
    if (!item.cost) {
      out.missing.emplace_back("cost");
      say_missing(out);
    }
    out.json = json_object{}
                 .add("sku", item.sku)
                 .add("offer", offer.amount)
                 .add("quantity", offer.units)
                 .add("price", item.price)
                 .add("answer", to_string(verdict.answer))
                 .add("counter", verdict.counter)
                 .add("margin", verdict.margin)
                 .add("fee", verdict.fee)
                 .add("needs_human", verdict.needs_human)
                 .add("reason", verdict.reason)
                 .str();
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input&,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    out.facts.emplace_back("To judge an offer, name the product and the amount; an offer below "
                           "cost × 1.1 is never accepted without a human.");
    std::vector<std::string> json;
    for (const auto* line : lines)
      if (line->item->cost) {
        out.facts.push_back(label(*line->item) + " leaves least room: its price is "
                            + show(line->item->price) + " and its floor "
                            + show(floor_price(*line->item->cost)) + ".");
        json.push_back(json_object{}
                         .add("sku", line->item->sku)
                         .add("floor", floor_price(*line->item->cost))
                         .str());
      }
    out.missing.emplace_back("product and amount of the offer");
    out.json = json_object{}.raw("floors", json_array(json)).add("missing", out.missing).str();
    return out;
  }

  static skill_output no_amount(const product& item) {
    skill_output out;
    out.facts.push_back("Name the amount of the offer for " + label(item) + ", which sells at "
                        + show(item.price) + ".");
    if (item.cost)
      out.facts.push_back("An offer below " + show(floor_price(*item.cost))
                          + " (cost × 1.1) is not accepted without a human.");
    out.missing.emplace_back("amount of the offer");
    out.json = json_object{}.add("sku", item.sku).add("missing", out.missing).str();
    return out;
  }
  static std::string headline(const product& item, const offer_terms& offer,
                              const offer_verdict& verdict) {
    const auto what = "the offer of " + show(offer.amount) + " for "
                      + (offer.units > 1 ? wording::count(offer.units, "unit") + " of " : "")
                      + label(item) + (offer.units > 1 ? " (" + show(offer.each()) + " each)" : "");
    switch (verdict.answer) {
    case offer_answer::accept:
      return "Accept " + what;
    case offer_answer::counter:
      return "Counter " + what + " with " + show(*verdict.counter);
    case offer_answer::decline:
      return "Do not accept " + what;
    }
    return {};
  }
};

class fee_calculation final : public product_skill {
public:
  fee_calculation()
    : product_skill{
      {"fee_calculation", "A marketplace's fee on a price, and what is left of it.", deal_schema},
      attention::best_sellers,
      1} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    return {.condition = input.message.amount.has_value()};
  }
  static std::string fee_json(money price, const marketplace_rules& rules) {
    return json_object{}
      .add("marketplace", rules.name)
      .add("price", price)
      .add("fee", fee_of(price, rules))
      .add("net", price - fee_of(price, rules))
      .str();
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    skill_output out;
    std::vector<std::string> json;
    out.facts.push_back("These are the fees for " + label(item)
                        + (item.cost ? ", which costs the shop " + show(*item.cost) + "." : "."));
    say_without_rules(input, out);
    for (const auto* rules : marketplaces_of(input)) {
      // Where no price is named, a marketplace's fee falls on its own listing price.
      const auto price = input.message.amount.value_or(scale(item.price, rules->price_thousandths));
      const auto net = price - fee_of(price, *rules);
      auto text = "On " + spoken(*rules) + ", at " + show(price) + ", the fee is "
                  + show(fee_of(price, *rules)) + " and " + show(net) + " is left";
      if (item.cost && price.cents > 0)
        text += ", a margin of " + percent(ratio(net - *item.cost, price)) + " after the cost";
      out.facts.push_back(text + ".");
      json.push_back(fee_json(price, *rules));
    }
    if (!item.cost) {
      out.missing.emplace_back("cost");
      say_missing(out);
    }
    out.json = json_object{}.add("sku", item.sku).raw("fees", json_array(json)).str();
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>&,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    say_without_rules(input, out);
    for (const auto* rules : marketplaces_of(input)) {
      auto text = "The fee on " + spoken(*rules) + " is "
                  + wording::decimal(static_cast<double>(rules->fee_thousandths) / 10)
                  + " % of the price";
      if (rules->fixed_fee.cents != 0)
        text += " plus " + show(rules->fixed_fee) + " an order";
      if (const auto price = input.message.amount)
        text += ": " + show(fee_of(*price, *rules)) + " of " + show(*price) + ", which leaves "
                + show(*price - fee_of(*price, *rules));
      out.facts.push_back(text + ".");
      json.push_back(json_object{}
                       .add("marketplace", rules->name)
                       .add("share", static_cast<double>(rules->fee_thousandths) / 1000)
                       .add("fixed", rules->fixed_fee)
                       .str());
    }
    if (json.empty())
      out.facts.emplace_back("No marketplace is configured, so there are no fees.");
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("fees", json_array(json)).str();
    return out;
  }
};

} // namespace

std::shared_ptr<const skill> make_offer_evaluation() {
  return std::make_shared<offer_evaluation>();
}
std::shared_ptr<const skill> make_fee_calculation() { return std::make_shared<fee_calculation>(); }

} // namespace flipsync::marketplace
