#include "agents/listing/listing_skills.hpp"

#include <algorithm>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/marketplaces.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/wording.hpp"
#include "agents/listing/listing_rules.hpp"

namespace flipsync::listing {

namespace {

using wording::count;
using wording::label;
using wording::list;

constexpr std::string_view listing_schema =
  R"({"type":"object","properties":{"sku":{"type":"string"},)"
  R"("subject":{"type":"string","description":"product name"},)"
  R"("text":{"type":"string","description":"names of marketplaces; all where none is named"}},)"
  R"("additionalProperties":false})";

// --- validation
// -----------------------------------------------------------------------------------------

std::string validation_json(const product& item, const std::vector<std::string>& marketplaces) {
  return json_object{}
    .add("sku", item.sku)
    .add("title", item.title)
    .raw("marketplaces", json_array(marketplaces))
    .str();
}

std::string findings_json(const marketplace_rules& rules, const findings& found) {
  return json_object{}
    .add("marketplace", rules.name)
    .add("ready", found.ready())
    .add("errors", found.errors)
    .add("warnings", found.warnings)
    .str();
}

class listing_validation final : public product_skill {
public:
  listing_validation()
    : product_skill{
      {"listing_validation",
       "What keeps a product from being listed on each marketplace, and what to improve.",
       listing_schema},
      attention::best_sellers,
      10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    std::vector<std::string> warnings;
    std::vector<std::string> ready;
    for (const auto* rules : marketplaces_of(input)) {
      const auto found = validate(*row.item, *rules, input.rules->banned_words);
      if (found.ready())
        ready.push_back(spoken(*rules));
      else
        out.facts.push_back(label(*row.item) + " cannot be listed on " + spoken(*rules) + ": "
                            + list(found.errors) + ".");
      // Most warnings are the same on every marketplace.
      for (const auto& warning : found.warnings)
        if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end())
          warnings.push_back(warning);
      json.push_back(findings_json(*rules, found));
    }
    if (!ready.empty())
      out.facts.push_back(label(*row.item) + " is ready for " + list(ready) + ".");
    if (!warnings.empty())
      out.facts.push_back("It could be better: " + list(warnings) + ".");
    out.json = validation_json(*row.item, json);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    for (const auto* line : lines) {
      std::vector<std::string> marketplaces;
      for (const auto* rules : marketplaces_of(input)) {
        const auto found = validate(*line->item, *rules, input.rules->banned_words);
        if (found.ready())
          continue;
        out.facts.push_back(label(*line->item) + " cannot be listed on " + spoken(*rules) + ": "
                            + list(found.errors) + ".");
        marketplaces.push_back(findings_json(*rules, found));
      }
      if (!marketplaces.empty())
        json.push_back(validation_json(*line->item, marketplaces));
    }
    if (json.empty())
      out.facts.push_back(lines.empty()
                            ? "No best sellers are recorded, so no listing was checked."
                            : "The " + count(static_cast<std::int64_t>(lines.size()), "best seller")
                                + " that were checked can all be listed.");
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- price
// ------------------------------------------------------------------------------------------------

std::string factor(const marketplace_rules& rules) {
  return wording::decimal(static_cast<double>(rules.price_thousandths) / 1000, 3);
}

class listing_price_skill final : public product_skill {
public:
  listing_price_skill()
    : product_skill{
      {"listing_price", "The price of a product on each marketplace.", listing_schema},
      attention::best_sellers} {}

private:
  static std::string prices(const skill_input& input, const product& item,
                            std::vector<std::string>& json) {
    std::vector<std::string> told;
    for (const auto* rules : marketplaces_of(input)) {
      const auto price = listing_price(item.price, *rules);
      told.push_back(show(price) + " on " + spoken(*rules) + " (list price × " + factor(*rules)
                     + ")");
      json.push_back(json_object{}
                       .add("sku", item.sku)
                       .add("marketplace", rules->name)
                       .add("price", price)
                       .str());
    }
    if (told.empty())
      return "No marketplace is configured, so " + label(item) + " keeps its list price of "
             + show(item.price) + ".";
    return "The listing price of " + label(item) + " is " + list(told) + "; the list price is "
           + show(item.price) + ".";
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    out.facts.push_back(prices(input, *row.item, json));
    out.json = json_object{}
                 .add("sku", row.item->sku)
                 .add("list_price", row.item->price)
                 .raw("prices", json_array(json))
                 .str();
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    std::vector<std::string> factors;
    for (const auto* rules : marketplaces_of(input))
      factors.push_back("× " + factor(*rules) + " on " + spoken(*rules));
    if (!factors.empty())
      out.facts.push_back("A listing price is the list price " + list(factors) + ".");
    for (const auto* line : lines)
      out.facts.push_back(prices(input, *line->item, json));
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("prices", json_array(json)).str();
    return out;
  }
};

// --- template
// ---------------------------------------------------------------------------------------------

class listing_template final : public product_skill {
public:
  listing_template()
    : product_skill{{"listing_template",
                     "A listing filled from the product's own data within a marketplace's limits.",
                     listing_schema},
                    attention::best_sellers,
                    3} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    for (const auto* rules : marketplaces_of(input)) {
      const auto made = draft(item, *rules);
      auto text =
        "On " + spoken(*rules) + " list it as “" + made.title + "” at " + show(made.price);
      if (!made.bullets.empty())
        text += ", with the bullets " + list(made.bullets);
      out.facts.push_back(text + ".");
      json.push_back(json_object{}
                       .add("marketplace", rules->name)
                       .add("title", made.title)
                       .add("price", made.price)
                       .add("bullets", made.bullets)
                       .add("description", made.description)
                       .str());
    }
    if (item.description.empty()) {
      out.missing.emplace_back("description");
      say_missing(out);
    }
    out.json = json_object{}.add("sku", item.sku).raw("listings", json_array(json)).str();
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>&,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    for (const auto* rules : marketplaces_of(input)) {
      out.facts.push_back(
        "A listing on " + spoken(*rules) + " needs a title of at most "
        + (rules->title_limit > 0 ? std::to_string(rules->title_limit) + " characters"
                                  : std::string{"any length"})
        + ", up to " + count(rules->bullets, "bullet")
        + ", a description and a price of the list price × " + factor(*rules) + ".");
      json.push_back(json_object{}
                       .add("marketplace", rules->name)
                       .add("title_limit", rules->title_limit)
                       .add("bullets", rules->bullets)
                       .add("description_limit", rules->description_limit)
                       .str());
    }
    out.facts.emplace_back("Name a product or its SKU to have its listing filled in.");
    out.json = json_object{}.raw("templates", json_array(json)).str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<listing_validation>(), std::make_shared<listing_price_skill>(),
          std::make_shared<listing_template>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"listing_validation",
     asked_by_default::always,
     {"validate", "valid", "check", "complete", "ready", "missing", "wrong", "problem", "problems",
      "improve", "error", "errors"}},
    {"listing_price", asked_by_default::for_product, {"price", "prices", "priced"}},
    {"listing_template",
     asked_by_default::never,
     {"create", "template", "draft", "make", "write", "new listing", "list it", "launch"}},
  });
}

} // namespace flipsync::listing
