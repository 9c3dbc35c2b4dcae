#include "agents/executive/executive_skills.hpp"

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/period.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/executive/options.hpp"
#include "agents/executive/risk_rules.hpp"

namespace flipsync::executive {

namespace {

using wording::count;
using wording::decimal;
using wording::percent;

constexpr std::string_view overview_schema =
  R"({"type":"object","properties":{)"
  R"("sku":{"type":"string","description":"SKU of a product; without one, the whole shop"},)"
  R"("category":{"type":"string"},"brand":{"type":"string"}},"additionalProperties":false})";
constexpr std::string_view options_schema =
  R"({"type":"object","properties":{"text":{"type":"string","description":)"
  R"("options with figures: A: revenue 5, risk 2; B: revenue 3, risk 1; weights: revenue 2, risk 1"}},)"
  R"("required":["text"],"additionalProperties":false})";
constexpr std::string_view votes_schema =
  R"({"type":"object","properties":{"text":{"type":"string","description":)"
  R"("votes of agents with confidence: pricing: A 0.9; inventory: B 0.6"}},)"
  R"("required":["text"],"additionalProperties":false})";

/// About the shop, a category or brand of it, or one product that the message surely names.
class overview_skill : public seller_skill {
public:
  using seller_skill::seller_skill;

private:
  [[nodiscard]] virtual std::vector<store_query>
  reads_of(const product_scope& scope, const std::optional<time_span>& period) const = 0;
  [[nodiscard]] virtual skill_output about_product(const skill_input& input,
                                                   const product_dossier_row& row) const = 0;
  [[nodiscard]] virtual skill_output
  about_shop(const skill_input& input, const std::vector<const store_rows*>& rows) const = 0;

  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const final {
    const auto target = target_of(input.message);
    const auto period = span_of(other_period(input));
    if (!target.named)
      return reads_of(scope_of(input.message), period);
    auto dossier = *dossier_query(target);
    dossier.period = period;
    return {std::move(dossier)};
  }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const final {
    if (target_of(input.message).named) {
      const auto& row = row_as<product_dossier_row>(rows, 0);
      if (!row.item)
        return product_not_found(input.message);
      auto out = about_product(input, row);
      say_other_products(input.message, *row.item, out);
      return out;
    }
    auto out = about_shop(input, rows);
    say_scope(input.message, out);
    return out;
  }
};

// --- business summary
// -----------------------------------------------------------------------------------

class business_summary final : public overview_skill {
public:
  business_summary()
    : overview_skill{
      {"business_summary",
       "Revenue, margin, orders and stock value of the shop, a category or brand, or "
       "one product.",
       overview_schema}} {}

private:
  [[nodiscard]] heard hears(const skill_input&) const override {
    return {.period = true, .marketplace = false};
  }
  [[nodiscard]] std::vector<store_query>
  reads_of(const product_scope& scope, const std::optional<time_span>& period) const override {
    return {shop_summary_query{scope, period}};
  }
  [[nodiscard]] skill_output about_product(const skill_input& input,
                                           const product_dossier_row& row) const override {
    const auto& item = *row.item;
    const auto period = other_period(input);
    const auto& sold = period && row.in_period ? *row.in_period : row.last_30_days;
    const auto margin = margin_of(item.price, item.cost);
    skill_output out;
    out.facts.push_back(wording::capitalized(when(period)) + " " + count(sold.units, "unit")
                        + " of " + wording::label(item) + " brought " + show(sold.revenue)
                        + " in revenue.");
    auto text = "It sells at " + show(item.price)
                + (margin ? ", with a margin of " + percent(*margin) : std::string{});
    if (item.stock)
      text += (margin ? ", and has " : " and has ") + count(*item.stock, "unit") + " in stock";
    out.facts.push_back(text + ".");
    if (!item.cost)
      out.missing.emplace_back("cost");
    out.json = json_object{}
                 .add("sku", item.sku)
                 .add(period ? "units" : "units_30_days", sold.units)
                 .add(period ? "revenue" : "revenue_30_days", sold.revenue)
                 .add("price", item.price)
                 .add("margin", margin)
                 .add("stock", item.stock)
                 .str();
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const store_rows*>& rows) const override {
    const auto& shop = row_as<shop_summary_row>(rows, 0);
    const auto scope = scope_of(input.message);
    skill_output out;
    if (shop.products == 0) {
      out.facts.emplace_back(scope.empty()
                               ? "The catalogue is empty; import products to have a summary."
                               : "The catalogue has no such product.");
      out.missing.emplace_back("products");
      out.json = json_object{}.add("products", 0).str();
      return out;
    }
    const auto period = other_period(input);
    say_sales(shop, when(period), out);
    if (period)
      say_first_order(shop, *period, out);
    else
      say_present(shop, scope, out);
    if (scope.category.empty())
      say_categories(shop, out);
    out.json = period ? period_json(shop, *period) : summary_json(shop);
    return out;
  }

  static std::string when(const std::optional<asked_period>& period) {
    return period ? spoken(*period) : "in the last 30 days";
  }

  static void say_sales(const shop_summary_row& shop, const std::string& when, skill_output& out) {
    if (shop.orders_30_days == 0) {
      out.facts.emplace_back("No order was placed " + when + ".");
      out.missing.emplace_back("orders " + when);
      return;
    }
    auto text = wording::capitalized(when) + " "
                + count(static_cast<std::int64_t>(shop.orders_30_days), "order") + " brought "
                + show(shop.revenue_30_days) + " in revenue";
    if (const auto margin = margin_30_days(shop)) {
      text += ", with a margin of " + percent(*margin);
      if (shop.revenue_with_cost_30_days < shop.revenue_30_days)
        text += " over the " + percent(ratio(shop.revenue_with_cost_30_days, shop.revenue_30_days))
                + " of it whose cost is known";
    } else {
      out.missing.emplace_back("costs");
      text += "; the margin is not known, because no cost is";
    }
    out.facts.push_back(text + ".");
  }

  /// Where the period begins before the shop's records do, its figures are of a part of it.
  static void say_first_order(const shop_summary_row& shop, const asked_period& period,
                              skill_output& out) {
    if (!shop.first_order)
      return;
    const auto first = std::chrono::floor<std::chrono::days>(*shop.first_order);
    if (first > period.first)
      out.facts.push_back("The first order that is recorded was placed "
                          + spoken(asked_period{first, first}) + ".");
  }

  /// What is of now, whatever the sales are of.
  static void say_present(const shop_summary_row& shop, const product_scope& scope,
                          skill_output& out) {
    if (shop.open_orders > 0)
      out.facts.push_back(count(static_cast<std::int64_t>(shop.open_orders), "order")
                          + (shop.open_orders == 1 ? " is" : " are") + " still open.");
    out.facts.push_back((scope.empty() ? "The catalogue has " : "There are ")
                        + count(static_cast<std::int64_t>(shop.products), "product") + ", "
                        + std::to_string(shop.out_of_stock)
                        + " of them out of stock; the stock is worth "
                        + show(shop.stock_value_at_price) + " at sales prices and "
                        + show(shop.stock_value_at_cost) + " at cost.");
  }

  static void say_categories(const shop_summary_row& shop, skill_output& out) {
    std::vector<std::string> told;
    for (const auto& line : shop.categories)
      // What has no category has no name to be told by.
      if (told.size() < 3 && line.revenue_30_days.cents > 0 && !line.category.empty())
        told.push_back(line.category + " with " + show(line.revenue_30_days));
    if (!told.empty())
      out.facts.push_back("The strongest "
                          + std::string{told.size() == 1 ? "category is " : "categories are "}
                          + wording::list(told) + ".");
  }

  static std::string period_json(const shop_summary_row& shop, const asked_period& period) {
    std::vector<std::string> categories;
    for (const auto& line : shop.categories)
      categories.push_back(json_object{}
                             .add("category", line.category)
                             .add("units", line.units_30_days)
                             .add("revenue", line.revenue_30_days)
                             .str());
    const auto span = span_of(period);
    return json_object{}
      .add("from", to_rfc3339(span.from))
      .add("before", to_rfc3339(span.to))
      .add("orders", shop.orders_30_days)
      .add("revenue", shop.revenue_30_days)
      .add("margin", margin_30_days(shop))
      .raw("categories", json_array(categories))
      .str();
  }

  static std::string summary_json(const shop_summary_row& shop) {
    std::vector<std::string> categories;
    for (const auto& line : shop.categories)
      categories.push_back(json_object{}
                             .add("category", line.category)
                             .add("products", line.products)
                             .add("units_30_days", line.units_30_days)
                             .add("revenue_30_days", line.revenue_30_days)
                             .str());
    return json_object{}
      .add("products", shop.products)
      .add("out_of_stock", shop.out_of_stock)
      .add("orders_30_days", shop.orders_30_days)
      .add("open_orders", shop.open_orders)
      .add("revenue_30_days", shop.revenue_30_days)
      .add("margin_30_days", margin_30_days(shop))
      .add("stock_value_at_cost", shop.stock_value_at_cost)
      .add("stock_value_at_price", shop.stock_value_at_price)
      .raw("categories", json_array(categories))
      .str();
  }
};

// --- risk list
// --------------------------------------------------------------------------------------------

class risk_list final : public overview_skill {
public:
  risk_list()
    : overview_skill{
      {"risk_list",
       "What may go wrong: stock-outs, undercuts, thin margins, dead stock, concentration; for the "
       "shop, a category or brand, or one product.",
       overview_schema}} {}

private:
  /// It says that it is of today.
  [[nodiscard]] heard hears(const skill_input&) const override { return {.period = true}; }
  [[nodiscard]] std::vector<store_query> reads_of(const product_scope& scope,
                                                  const std::optional<time_span>&) const override {
    return {shop_summary_query{scope}, attention_query{attention::low_stock, 10, scope},
            attention_query{attention::undercut, 10, scope},
            attention_query{attention::thin_margin, 5, scope},
            attention_query{attention::dead_stock, 10, scope}};
  }
  [[nodiscard]] skill_output about_product(const skill_input& input,
                                           const product_dossier_row& row) const override {
    return tell(find_risks(row, *input.rules), "of " + wording::label(*row.item) + " ");
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const store_rows*>& rows) const override {
    const shop_figures figures{row_as<shop_summary_row>(rows, 0), row_as<attention_rows>(rows, 1),
                               row_as<attention_rows>(rows, 2),   row_as<attention_rows>(rows, 3),
                               row_as<attention_rows>(rows, 4),   !scope_of(input.message).empty()};
    return tell(find_risks(figures, *input.rules), "");
  }

  static skill_output tell(const std::vector<risk>& risks, const std::string& whose) {
    skill_output out;
    std::vector<std::string> json;
    const auto n = static_cast<std::int64_t>(risks.size());
    out.facts.push_back(n == 0 ? (whose.empty() ? "The shop's figures " : "The figures " + whose)
                                   + "show no risk that needs attention today."
                               : count(n, "risk") + " " + whose + (n == 1 ? "needs" : "need")
                                   + " attention today, the gravest first.");
    for (const auto& one : risks) {
      out.facts.push_back(one.sentence);
      json.push_back(json_object{}
                       .add("level", to_string(one.level))
                       .add("kind", one.kind)
                       .add("text", one.sentence)
                       .str());
    }
    out.json = json_object{}.raw("risks", json_array(json)).str();
    return out;
  }
};

// --- options and votes
// ------------------------------------------------------------------------------------

class option_scoring final : public seller_skill {
public:
  option_scoring()
    : seller_skill{
      {"option_scoring", "Scores named options by weighted criteria.", options_schema}} {}

private:
  [[nodiscard]] heard hears(const skill_input&) const override { return heard::everything(); }
  [[nodiscard]] std::vector<store_query> reads(const skill_input&) const override { return {}; }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>&) const override {
    const auto set = read_options(input.message.text);
    skill_output out;
    if (set.options.size() < 2) {
      out.missing.emplace_back(
        "at least two options, as in \"A: revenue 5, risk 2; B: revenue 3, risk 1\"");
      out.json = json_object{}.add("missing", out.missing).str();
      return out;
    }
    const auto scored = score_options(set);
    if (scored.empty())
      return without_figures(set);
    const bool tied = scored[0].score == scored[1].score;
    out.facts.push_back(tied ? scored[0].name + " and " + scored[1].name + " score the same, "
                                 + decimal(scored[0].score) + " of 100."
                             : scored[0].name + " scores best with " + decimal(scored[0].score)
                                 + " of 100.");
    std::vector<std::string> others;
    std::vector<std::string> json;
    for (const auto& one : scored) {
      if (&one != &scored[0] && !(tied && &one == &scored[1]))
        others.push_back(one.name + " with " + decimal(one.score));
      for (const auto& criterion : one.missing)
        out.missing.push_back(criterion + " of " + one.name);
      json.push_back(json_object{}
                       .add("option", one.name)
                       .add("score", one.score)
                       .add("missing", one.missing)
                       .str());
    }
    if (!others.empty())
      out.facts.push_back(std::string{tied ? "They are followed by " : "It is followed by "}
                          + wording::list(others) + ".");
    out.facts.push_back(set.weights.empty()
                          ? "All criteria weigh the same, since no weights were named."
                          : "The criteria weigh as named.");
    out.facts.emplace_back("A strategic decision is always a human's.");
    say_missing(out);
    out.json = json_object{}.raw("options", json_array(json)).add("approval", "human").str();
    return out;
  }
  static skill_output without_figures(const option_set& set) {
    std::vector<std::string> names;
    for (const auto& one : set.options)
      names.push_back(one.name);
    skill_output out;
    out.facts.push_back(
      "The options " + wording::list(names)
      + " have no figures to be scored by; give each a number per criterion, as in \""
      + names.front() + ": revenue 5, risk 2\".");
    out.missing.emplace_back("figures of the options");
    out.json = json_object{}.add("options", names).add("missing", out.missing).str();
    return out;
  }
};

class consensus_vote final : public seller_skill {
public:
  consensus_vote()
    : seller_skill{{"consensus_vote",
                    "Counts agents' votes on named options, weighted by confidence.",
                    votes_schema}} {}

private:
  [[nodiscard]] heard hears(const skill_input&) const override { return heard::everything(); }
  [[nodiscard]] std::vector<store_query> reads(const skill_input&) const override { return {}; }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>&) const override {
    const auto result = count_votes(read_votes(input.message.text));
    skill_output out;
    if (result.shares.empty()) {
      out.missing.emplace_back("votes, as in \"pricing: A 0.9; inventory: B 0.6\"");
      out.json = json_object{}.add("missing", out.missing).str();
      return out;
    }
    const auto& [best, share] = result.shares.front();
    out.facts.push_back(result.accepted
                          ? best + " is accepted with " + percent(share)
                              + " of the votes' confidence; 70 % are needed."
                          : "No option is accepted: " + best + " leads with " + percent(share)
                              + " of the votes' confidence, and 70 % are needed.");
    std::vector<std::string> told;
    std::vector<std::string> json;
    for (const auto& [option, its_share] : result.shares) {
      told.push_back(option + " " + percent(its_share));
      json.push_back(json_object{}.add("option", option).add("share", its_share).str());
    }
    out.facts.push_back("The shares are " + wording::list(told) + ".");
    out.json = json_object{}.add("accepted", result.accepted).raw("shares", json_array(json)).str();
    return out;
  }
};

/// Options and votes are told by their form, all else by cues.
class executive_plan final : public agent_plan {
public:
  [[nodiscard]] part_plan plan(const agent_spec& spec, const skill_input& input) const override {
    auto parts = usual_->plan(spec, input);
    std::vector<std::string> asked;
    for (const auto& skill : spec.skills)
      if ((skill == "option_scoring" && read_options(input.message.text).options.size() >= 2)
          || (skill == "consensus_vote" && !read_votes(input.message.text).empty()))
        asked.push_back(skill);
    if (!asked.empty())
      parts.front().skills = std::move(asked);
    return parts;
  }

private:
  std::shared_ptr<const agent_plan> usual_ = make_focus_plan({
    {"business_summary",
     asked_by_default::always,
     {"summary", "revenue", "how are we doing", "how is business", "turnover", "report", "overview",
      "stock value"}},
    {"risk_list",
     asked_by_default::always,
     {"risk", "risks", "worry", "danger", "problem", "problems", "threat", "threats"}},
    {"option_scoring", asked_by_default::never, {}},
    {"consensus_vote", asked_by_default::never, {}},
  });
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<business_summary>(), std::make_shared<option_scoring>(),
          std::make_shared<risk_list>(), std::make_shared<consensus_vote>()};
}

std::shared_ptr<const agent_plan> plan() { return std::make_shared<executive_plan>(); }

} // namespace flipsync::executive
