#include "agents/competitor/competitor_skills.hpp"

#include <algorithm>
#include <iterator>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/margin.hpp"
#include "agents/common/rivals.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/competitor/rival_rules.hpp"

namespace flipsync::competitor {

namespace {

using wording::count;
using wording::label;
using wording::percent;

std::string offers_of(const rival_summary& rivals) {
  return count(static_cast<std::int64_t>(rivals.competitors), "competitor");
}

std::string rival_json(const product& item, const std::vector<rival_price>& prices, wall_time now) {
  json_object json;
  json.add("sku", item.sku).add("title", item.title).add("price", item.price);
  const auto rivals = summarize(prices);
  json.add("competitors", rivals ? rivals->competitors : 0);
  if (rivals) {
    json.add("min", rivals->lowest).add("average", rivals->average).add("max", rivals->highest);
    json.add("data_age_minutes",
             std::chrono::duration_cast<std::chrono::minutes>(data_age(*rivals, now)).count());
  }
  std::vector<std::string> list;
  list.reserve(prices.size());
  for (const auto& one : prices)
    list.push_back(json_object{}
                     .add("competitor", one.competitor)
                     .add("price", one.price)
                     .add("marketplace", one.marketplace)
                     .add("seen_at", to_rfc3339(one.seen_at))
                     .str());
  return json.raw("prices", json_array(list)).str();
}

skill_output no_rivals(const product& item, std::string json) {
  skill_output out;
  out.facts.push_back("No competitor price is known for " + label(item) + ", which sells at "
                      + show(item.price) + ".");
  out.missing.emplace_back("competitor prices");
  out.json = std::move(json);
  return out;
}

std::string range_sentence(const product& item, const rival_summary& rivals) {
  return label(item) + " sells at " + show(item.price) + "; " + offers_of(rivals)
         + (rivals.competitors == 1 ? " asks" : " ask") + " between " + show(rivals.lowest)
         + " and " + show(rivals.highest) + ", " + show(rivals.average) + " on average.";
}

class rival_prices final : public product_skill {
public:
  rival_prices()
    : product_skill{
      {"rival_prices",
       "Competitors' lowest, average and highest price, their number, and how old the data is.",
       product_schema},
      attention::undercut} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto rivals = summarize(row.rivals);
    auto json = rival_json(*row.item, row.rivals, input.now);
    if (!rivals)
      return no_rivals(*row.item, std::move(json));
    skill_output out;
    out.json = std::move(json);
    for (const auto& one : named_rivals(input.message, row.rivals))
      out.facts.push_back(asks_sentence(one, *row.item));
    out.facts.push_back(range_sentence(*row.item, *rivals));
    std::vector<std::string> asked;
    for (const auto& one : row.rivals)
      if (asked.size() < 5 && one.price.cents > 0)
        asked.push_back(one.competitor + (one.marketplace.empty() ? "" : " on " + one.marketplace)
                        + " at " + show(one.price));
    out.facts.push_back("The prices seen are " + wording::list(asked)
                        + (row.rivals.size() > 5 ? ", and more." : "."));
    out.facts.push_back("The newest of these prices is "
                        + wording::age(data_age(*rivals, input.now)) + " old"
                        + (is_stale(*rivals, input.now) ? ", so check them before acting." : "."));
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines)
      if (const auto rivals = summarize(line->rivals)) {
        out.facts.push_back(range_sentence(*line->item, *rivals));
        json.push_back(rival_json(*line->item, line->rivals, input.now));
      }
    if (json.empty())
      out.facts.emplace_back(
        "No competitor asks less than the shop for any product, as far as prices are known.");
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

std::string undercut_sentence(const product& item, const undercut& cut) {
  return cut.by + " undercuts " + label(item) + ": " + show(cut.price) + " against "
         + show(item.price) + ", which is " + show(item.price - cut.price) + " or "
         + percent(cut.share) + " less.";
}

std::string undercut_json(const product& item, const std::optional<undercut>& cut) {
  json_object json;
  json.add("sku", item.sku)
    .add("title", item.title)
    .add("price", item.price)
    .add("undercut", cut.has_value());
  if (cut)
    json.add("by", cut->by)
      .add("rival_price", cut->price)
      .add("share", cut->share)
      .add("undercutters", cut->undercutters)
      .add("severity", cut->severe ? "high" : "normal");
  return json.str();
}

/// The prices of those rivals; all where none is named.
std::vector<rival_price> prices_of(const std::vector<std::string>& rivals,
                                   const std::vector<rival_price>& prices) {
  if (rivals.empty())
    return prices;
  std::vector<rival_price> theirs;
  std::copy_if(prices.begin(), prices.end(), std::back_inserter(theirs),
               [&](const rival_price& one) {
                 return std::find(rivals.begin(), rivals.end(), one.competitor) != rivals.end();
               });
  return theirs;
}

class undercut_detection final : public product_skill {
public:
  undercut_detection()
    : product_skill{{"undercut_detection",
                     "Which competitors ask less than the shop, and by how much.", product_schema},
                    attention::undercut,
                    10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto& item = *row.item;
    const auto named = named_rivals(input.message, row.rivals);
    const auto cut = find_undercut(item.price, named.empty() ? row.rivals : named);
    if (!summarize(row.rivals))
      return no_rivals(item, undercut_json(item, cut));
    skill_output out;
    out.json = undercut_json(item, cut);
    if (!cut && !named.empty()) {
      for (const auto& one : named)
        out.facts.push_back(asks_sentence(one, item));
      return out;
    }
    if (!cut) {
      out.facts.push_back("No competitor undercuts " + label(item) + " at " + show(item.price)
                          + ".");
      return out;
    }
    out.facts.push_back(undercut_sentence(item, *cut));
    if (cut->undercutters > 1)
      out.facts.push_back(count(static_cast<std::int64_t>(cut->undercutters), "competitor")
                          + " in all ask less than the shop.");
    if (item.cost && below_floor(cut->price, *item.cost))
      out.facts.push_back("Matching it would go below the floor of " + show(floor_price(*item.cost))
                          + " (cost × 1.1), which only a human may allow.");
    return out;
  }
  [[nodiscard]] skill_output
  about_shop(const skill_input&, const std::vector<const product_dossier_row*>& lines,
             const std::vector<const store_rows*>& extra) const override {
    const auto& only = row_as<attention_rows>(extra, 0).rivals;
    skill_output out;
    std::vector<std::string> json;
    for (const auto* line : lines)
      if (const auto cut = find_undercut(line->item->price, prices_of(only, line->rivals))) {
        out.facts.push_back(undercut_sentence(*line->item, *cut));
        json.push_back(undercut_json(*line->item, cut));
      }
    const auto n = static_cast<std::int64_t>(json.size());
    out.facts.insert(
      out.facts.begin(),
      n == 0 ? "No product is undercut" + (only.empty() ? "" : " by " + wording::list(only))
                 + ", as far as competitors' prices are known."
             : "The shop is undercut" + (only.empty() ? "" : " by " + wording::list(only)) + " on "
                 + counted(json.size(), lines.size()) + ", the widest gap first.");
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

std::string move_sentence(const price_move& move, wall_time now) {
  auto text = move.competitor + (move.after < move.before ? " lowered " : " raised ") + move.title
              + " (SKU " + move.sku + ") from " + show(move.before) + " to " + show(move.after);
  if (move.before.cents > 0)
    text += " (" + std::string{move.after > move.before ? "+" : ""}
            + percent(ratio(move.after - move.before, move.before)) + ")";
  return text + ", " + wording::age(now - move.seen_at) + " ago.";
}

class price_moves final : public seller_skill {
public:
  price_moves()
    : seller_skill{
      {"price_moves", "The latest price changes of competitors, newest first.", product_schema}} {}

private:
  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const override {
    const auto target = target_of(input.message);
    std::vector<store_query> queries;
    // By name, the feed of one product is its own dossier's history.
    if (target.named && target.sku.empty())
      queries.emplace_back(*dossier_query(target));
    else
      queries.emplace_back(
        price_feed_query{target.sku, 5, target.named ? product_scope{} : scope_of(input.message)});
    return queries;
  }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const override {
    const auto target = target_of(input.message);
    std::vector<price_move> moves;
    product shown;
    shown.sku = target.sku;
    if (target.named && target.sku.empty()) {
      const auto& row = row_as<product_dossier_row>(rows, 0);
      if (!row.item)
        return product_not_found(input.message);
      moves = moves_of(row);
      shown = *row.item;
    } else {
      moves = row_as<price_feed_rows>(rows, 0).moves;
    }
    skill_output out;
    std::vector<std::string> json;
    const auto whose = target.named ? " for this product" : "";
    out.facts.push_back(
      moves.empty()
        ? std::string{"No price change of a competitor has been recorded"} + whose + "."
        : std::string{"The latest price changes of competitors"} + whose + " are these.");
    for (const auto& move : moves) {
      if (json.size() == 5)
        break;
      out.facts.push_back(move_sentence(move, input.now));
      if (std::find(out.skus.begin(), out.skus.end(), move.sku) == out.skus.end())
        out.skus.push_back(move.sku);
      json.push_back(json_object{}
                       .add("sku", move.sku)
                       .add("competitor", move.competitor)
                       .add("before", move.before)
                       .add("after", move.after)
                       .add("seen_at", to_rfc3339(move.seen_at))
                       .str());
    }
    if (!target.named && input.message.unresolved_pronoun)
      ask_which(out);
    if (!target.named)
      say_scope(input.message, out);
    else
      say_other_products(input.message, shown, out);
    out.json = json_object{}.raw("moves", json_array(json)).str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<rival_prices>(), std::make_shared<undercut_detection>(),
          std::make_shared<price_moves>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"rival_prices",
     asked_by_default::for_product,
     {"prices", "price", "average", "lowest", "highest", "compare", "compared", "how many",
      "how old"}},
    {"undercut_detection",
     asked_by_default::always,
     {"undercut", "undercuts", "undercutting", "cheaper", "below us", "beat", "beaten", "match"}},
    {"price_moves",
     asked_by_default::for_shop,
     {"move", "moves", "change", "changes", "changed", "dropped", "raised", "feed", "news",
      "lately", "trend", "history"}},
  });
}

} // namespace flipsync::competitor
