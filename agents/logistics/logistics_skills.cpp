#include "agents/logistics/logistics_skills.hpp"

#include <algorithm>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/logistics/carrier_rules.hpp"

namespace flipsync::logistics {

namespace {

using wording::count;
using wording::label;

constexpr std::string_view load_schema =
  R"({"type":"object","properties":{"sku":{"type":"string"},)"
  R"("subject":{"type":"string","description":"product name"},)"
  R"("quantity":{"type":"integer","minimum":1},"weight_g":{"type":"integer","minimum":1},)"
  R"("zone":{"type":"string"},"text":{"type":"string","description":"the promise, as in: within 3 days"}},)"
  R"("additionalProperties":false})";

/// What is to be sent, and the rate table.
struct load {
  const product* item = nullptr; ///< null where only a weight is known
  std::int64_t units = 1;
  std::optional<std::int64_t> unit_weight_g;
  std::string zone;
  const rate_rows* table = nullptr;
  bool not_found = false;
  [[nodiscard]] std::int64_t weight_g() const {
    std::int64_t all = 0;
    return __builtin_mul_overflow(units, unit_weight_g.value_or(0), &all) ? INT64_MAX : all;
  }
  [[nodiscard]] std::string text() const {
    const auto what = item != nullptr ? count(units, "unit") + " of " + label(*item)
                      : units > 1 ? count(units, "unit") + " of " + wording::weight(*unit_weight_g)
                                  : std::string{"a parcel"};
    return what + ", " + wording::weight(weight_g()) + " in all,";
  }
};

class load_skill : public seller_skill {
public:
  using seller_skill::seller_skill;

private:
  [[nodiscard]] virtual skill_output tell(const skill_input& input, const load& what) const = 0;

  /// All weights are read, and all zones where none is named as such: a product's weight and the
  /// names of zones are only known once their rows are there.
  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const final {
    std::vector<store_query> queries{rate_query{0, input.message.zone}};
    if (auto dossier = dossier_query(target_of(input.message)))
      queries.emplace_back(std::move(*dossier));
    return queries;
  }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const final {
    const auto& message = input.message;
    const auto target = target_of(message);
    load what;
    what.table = &row_as<rate_rows>(rows, 0);
    what.zone = zone_of(message, what.table->zones);
    what.units = std::max<std::int64_t>(message.quantity.value_or(1), 1);
    const auto& row = row_as<product_dossier_row>(rows, 1);
    if (row.item && (target.named || means(message, *row.item)))
      what.item = &*row.item;
    if (what.item == nullptr && target.named && !message.weight_g)
      return product_not_found(message);
    if (message.weight_g && *message.weight_g > 0) {
      what.unit_weight_g = message.weight_g;
      what.item = nullptr; // the weight that was said wins over the recorded one
    } else if (what.item != nullptr && what.item->weight_g && *what.item->weight_g > 0) {
      what.unit_weight_g = what.item->weight_g;
    }
    auto out = tell(input, what);
    if (what.item != nullptr)
      out.skus = {what.item->sku};
    else if (message.unresolved_pronoun && !what.unit_weight_g)
      ask_which(out);
    if (row.item)
      say_other_products(message, *row.item, out);
    return out;
  }
  /// Weights, days and prices of parcels are its own matter.
  [[nodiscard]] heard hears(const skill_input&) const final { return heard::everything(); }
};

std::string rate_text(const shipping_rate& rate) {
  auto text =
    rate.carrier + " " + rate.service + " to zone " + rate.zone + " for " + show(rate.price);
  if (rate.days)
    text += " in " + count(*rate.days, "day");
  return text;
}

std::string rate_json(const shipping_rate& rate) {
  return json_object{}
    .add("carrier", rate.carrier)
    .add("service", rate.service)
    .add("zone", rate.zone)
    .add("max_weight_g", rate.max_weight_g)
    .add("price", rate.price)
    .add("days", rate.days)
    .str();
}

bool unknown_zone(const load& what) {
  return !what.zone.empty()
         && std::none_of(what.table->zones.begin(), what.table->zones.end(),
                         [&](const std::string& zone) { return fold(zone) == fold(what.zone); });
}

/// Says so where the table is larger than what is read of it.
void say_cut(const load& what, skill_output& out) {
  if (!what.table->cut)
    return;
  out.facts.push_back("The rate table is large, so only its cheapest "
                      + std::to_string(what.table->rates.size()) + " rates were compared"
                      + (what.zone.empty() ? "; name a zone to have its own." : "."));
  out.missing.emplace_back("dearer rates");
}

/// True where there is nothing to compute with; then it says what is missing.
bool say_unanswerable(const load& what, skill_output& out) {
  if (what.table->rates.empty() && !unknown_zone(what)) {
    out.facts.emplace_back("The shop has no shipping rates, so no carrier can be chosen.");
    out.missing.emplace_back("shipping rates");
  } else if (unknown_zone(what)) {
    out.facts.push_back("The rate table has no zone " + what.zone + "; its zones are "
                        + wording::list(what.table->zones) + ".");
    out.missing.emplace_back("rates for zone " + what.zone);
  } else if (!what.unit_weight_g && what.item != nullptr) {
    out.facts.push_back("The weight of " + label(*what.item)
                        + " is not recorded, so its shipping cannot be computed.");
    out.missing.emplace_back("weight");
  } else {
    return false;
  }
  out.json = json_object{}.add("missing", out.missing).str();
  return true;
}

class carrier_options final : public load_skill {
public:
  carrier_options()
    : load_skill{
      {"carrier_options",
       "Carriers for a weight and a zone with cost and days, the cheapest within a promise first.",
       load_schema}} {}

private:
  static constexpr std::size_t told = 4;

  [[nodiscard]] skill_output tell(const skill_input& input, const load& what) const override {
    skill_output out;
    if (say_unanswerable(what, out))
      return out;
    const auto within = promised_days(input.message.words);
    const auto found = options(what.table->rates, what.weight_g(), what.zone, within);
    const bool weighed = what.unit_weight_g.has_value();
    if (found.empty()) {
      out.facts.push_back("No rate carries "
                          + (weighed ? wording::weight(what.weight_g()) : std::string{"that"})
                          + (what.zone.empty() ? "" : " to zone " + what.zone)
                          + (within ? " within " + count(*within, "day") : "") + " in one parcel.");
    } else {
      out.facts.push_back(
        "The cheapest way for " + (weighed ? what.text() : std::string{"a light parcel"}) + " is "
        + rate_text(found.front())
        + (within ? ", within the promise of " + count(*within, "day") : "") + ".");
      say_others(found, out);
    }
    if (!weighed) {
      out.missing.emplace_back("weight");
      out.facts.emplace_back("Name a product or a weight to have the rates that fit it.");
    }
    if (what.zone.empty() && what.table->zones.size() > 1)
      out.facts.push_back("Name one of the zones " + wording::list(what.table->zones)
                          + " to narrow this down.");
    if (holds_phrase(input.message.words, "tracking")
        || holds_phrase(input.message.words, "track")) {
      out.missing.emplace_back("tracking numbers");
      out.facts.emplace_back(
        "The shop's data holds no tracking numbers, so a parcel's place cannot be told.");
    }
    say_cut(what, out);
    out.json = options_json(what, found);
    return out;
  }

  static void say_others(const std::vector<shipping_rate>& found, skill_output& out) {
    const auto quickest = fastest(found);
    if (quickest && !(*quickest == found.front()))
      out.facts.push_back("The fastest is " + rate_text(*quickest) + ".");
    std::vector<std::string> others;
    for (std::size_t i = 1; i < found.size() && others.size() < told; ++i)
      if (!quickest || !(found[i] == *quickest))
        others.push_back(rate_text(found[i]));
    if (!others.empty())
      out.facts.push_back("Other ways are " + wording::list(others) + ".");
  }

  static std::string options_json(const load& what, const std::vector<shipping_rate>& found) {
    std::vector<std::string> json;
    json.reserve(found.size());
    for (const auto& rate : found)
      json.push_back(rate_json(rate));
    json_object object;
    if (what.item != nullptr)
      object.add("sku", what.item->sku);
    object.add("weight_g", what.unit_weight_g ? std::optional{what.weight_g()} : std::nullopt);
    return object.add("zone", what.zone).raw("options", json_array(json)).str();
  }
};

class parcel_split final : public load_skill {
public:
  parcel_split()
    : load_skill{{"parcel_split",
                  "How a load is split into parcels that a carrier takes, and what that costs.",
                  load_schema}} {}

private:
  [[nodiscard]] skill_output tell(const skill_input&, const load& what) const override {
    skill_output out;
    if (say_unanswerable(what, out))
      return out;
    if (!what.unit_weight_g) {
      out.facts.emplace_back("Name a product and a quantity to have the load split into parcels.");
      out.missing.emplace_back("weight");
      out.json = json_object{}.add("missing", out.missing).str();
      return out;
    }
    const auto made = cheapest_split(what.table->rates, what.units, *what.unit_weight_g, what.zone);
    say_cut(what, out);
    if (!made) {
      out.facts.push_back(
        "One unit of " + wording::weight(*what.unit_weight_g)
        + " is heavier than any rate carries, so it cannot be sent by these carriers.");
      out.json = json_object{}.add("parcels", 0).str();
      return out;
    }
    if (made->parcels == 1)
      out.facts.push_back("One parcel is enough for " + wording::weight(what.weight_g()) + ".");
    else
      out.facts.push_back("For " + what.text() + " the cheapest way is "
                          + count(made->parcels, "parcel") + " of up to "
                          + count(made->units_per_parcel, "unit") + " each, with "
                          + made->full.carrier + " " + made->full.service + " to zone "
                          + made->full.zone + ", " + show(made->total) + " in all.");
    out.json = json_object{}
                 .add("parcels", made->parcels)
                 .add("units_per_parcel", made->units_per_parcel)
                 .add("carrier", made->full.carrier)
                 .add("service", made->full.service)
                 .add("zone", made->full.zone)
                 .add("total", made->total)
                 .str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<carrier_options>(), std::make_shared<parcel_split>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"carrier_options",
     asked_by_default::always,
     {"carrier", "carriers", "shipping", "ship", "rate", "rates", "deliver", "delivery", "send",
      "cheapest", "fastest", "zone", "tracking", "track", "how long", "overnight"}},
    {"parcel_split",
     asked_by_default::never,
     {"split", "parcels", "boxes", "packages", "how many parcels", "bulk"}},
  });
}

} // namespace flipsync::logistics
