#include "agents/content/content_skills.hpp"

#include <algorithm>
#include <optional>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/marketplaces.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/wording.hpp"
#include "agents/content/content_rules.hpp"

namespace flipsync::content {

namespace {

using wording::count;
using wording::label;

std::string seo_sentence(const product& item, const seo_result& seo) {
  return "The text of " + label(item) + " scores " + std::to_string(seo.score) + " of 100: length "
         + std::to_string(seo.length) + " of 30, keywords " + std::to_string(seo.keywords)
         + " of 35, readability " + std::to_string(seo.readability) + " of 20, and no banned words "
         + std::to_string(seo.clean) + " of 15.";
}

std::vector<std::string> seo_advice(const product& item, const seo_result& seo) {
  std::vector<std::string> advice;
  const auto title = wording::length(item.title);
  if (title < 40 || title > 80)
    advice.push_back("The title has " + count(static_cast<std::int64_t>(title), "character")
                     + "; 40 to 80 are best.");
  if (item.description.empty())
    advice.emplace_back("There is no description.");
  else if (const auto length = wording::length(item.description); length < 150)
    advice.push_back("The description has " + count(static_cast<std::int64_t>(length), "character")
                     + "; at least 150 are best.");
  if (!seo.missing_keywords.empty())
    advice.push_back("These keywords occur neither in the title nor in the description: "
                     + wording::list(seo.missing_keywords) + ".");
  if (seo.words_per_sentence > 20)
    advice.push_back("The sentences have " + wording::decimal(seo.words_per_sentence)
                     + " words on average; 20 read easily.");
  if (!seo.banned.empty())
    advice.push_back("These banned words have to go: " + wording::list(seo.banned) + ".");
  return advice;
}

std::string seo_json(const product& item, const seo_result& seo) {
  return json_object{}
    .add("sku", item.sku)
    .add("title", item.title)
    .add("score", seo.score)
    .add("length", seo.length)
    .add("keywords", seo.keywords)
    .add("readability", seo.readability)
    .add("clean", seo.clean)
    .add("missing_keywords", seo.missing_keywords)
    .add("banned", seo.banned)
    .str();
}

class seo_score final : public product_skill {
public:
  seo_score()
    : product_skill{{"seo_score",
                     "How good a product's title and description are: length, keywords, "
                     "readability, banned words.",
                     product_schema},
                    attention::best_sellers,
                    10} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    const auto seo = score_seo(*row.item, input.rules->banned_words);
    skill_output out;
    out.facts.push_back(seo_sentence(*row.item, seo));
    for (auto& advice : seo_advice(*row.item, seo))
      out.facts.push_back(std::move(advice));
    if (row.item->description.empty())
      out.missing.emplace_back("description");
    out.json = seo_json(*row.item, seo);
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    std::vector<std::pair<seo_result, const product*>> ranked;
    ranked.reserve(lines.size());
    for (const auto* line : lines)
      ranked.emplace_back(score_seo(*line->item, input.rules->banned_words), &*line->item);
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first.score < b.first.score; });
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    out.facts.emplace_back(ranked.empty()
                             ? "No best sellers are recorded, so no text can be ranked."
                             : "Among the best sellers these texts need work most.");
    for (const auto& [seo, item] : ranked) {
      if (json.size() < 3)
        out.facts.push_back(seo_sentence(*item, seo));
      json.push_back(seo_json(*item, seo));
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("products", json_array(json)).str();
    return out;
  }
};

// --- limits
// ---------------------------------------------------------------------------------------------

std::string limits_sentence(const marketplace_rules& rules) {
  return "On " + spoken(rules) + " a title may have "
         + (rules.title_limit > 0 ? count(rules.title_limit, "character")
                                  : std::string{"any length"})
         + (rules.title_warn > 0
              ? " (more than " + std::to_string(rules.title_warn) + " is not advised)"
              : "")
         + ", a description "
         + (rules.description_limit > 0 ? count(rules.description_limit, "character")
                                        : std::string{"any length"})
         + ", and there are up to " + count(rules.bullets, "bullet") + ".";
}

/// Of a title that does not simply fit.
std::string title_sentence(std::string_view title, const marketplace_rules& rules) {
  const auto length = count(static_cast<std::int64_t>(wording::length(title)), "character");
  if (check_title(title, rules) == limit_state::too_long)
    return "The title is too long for " + spoken(rules) + ": " + length + ", and "
           + std::to_string(rules.title_limit) + " are allowed.";
  return "The title fits " + spoken(rules) + " with " + length + ", but more than "
         + std::to_string(rules.title_warn) + " is not advised.";
}

std::string_view name_of(limit_state state) {
  switch (state) {
  case limit_state::too_long:
    return "too_long";
  case limit_state::long_title:
    return "warning";
  case limit_state::fits:
    return "fits";
  }
  return "fits";
}

/// A title that stands in quotation marks in the message.
std::optional<std::string> in_quotes(std::string_view text) {
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"\"", "\""}, {"“", "”"}}) {
    const auto from = text.find(open);
    if (from == std::string_view::npos)
      continue;
    const auto begin = from + open.size();
    if (const auto end = text.find(close, begin); end != std::string_view::npos && end > begin)
      return std::string{text.substr(begin, end - begin)};
  }
  return std::nullopt;
}

class content_limits final : public product_skill {
public:
  content_limits()
    : product_skill{{"content_limits",
                     "Whether a product's title and description, or a title in quotation marks, "
                     "fit each marketplace.",
                     product_schema},
                    attention::best_sellers,
                    10} {}

private:
  /// The message may hold the text that is to be checked.
  [[nodiscard]] heard hears(const skill_input&) const override { return heard::everything(); }
  static skill_output check(const skill_input& input, const std::string& title,
                            const std::string& description) {
    skill_output out;
    std::vector<std::string> json;
    std::vector<std::string> fitting;
    for (const auto* rules : marketplaces_of(input)) {
      if (check_title(title, *rules) == limit_state::fits)
        fitting.push_back(spoken(*rules));
      else
        out.facts.push_back(title_sentence(title, *rules));
      const bool long_text = description_too_long(description, *rules);
      if (long_text)
        out.facts.push_back(
          "The description is too long for " + spoken(*rules) + ": "
          + count(static_cast<std::int64_t>(wording::length(description)), "character") + ", and "
          + std::to_string(rules->description_limit) + " are allowed.");
      json.push_back(json_object{}
                       .add("marketplace", rules->name)
                       .add("title", name_of(check_title(title, *rules)))
                       .add("title_limit", rules->title_limit)
                       .add("description_too_long", long_text)
                       .str());
    }
    if (!fitting.empty())
      out.facts.push_back("The title fits " + wording::list(fitting) + " with "
                          + count(static_cast<std::int64_t>(wording::length(title)), "character")
                          + ".");
    if (const auto banned = banned_in(title, input.rules->banned_words); !banned.empty())
      out.facts.push_back("The title holds banned words: " + wording::list(banned) + ".");
    out.json = json_object{}.add("title", title).raw("marketplaces", json_array(json)).str();
    return out;
  }
  [[nodiscard]] skill_output about_product(const skill_input& input, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    if (const auto title = in_quotes(input.message.text))
      return check(input, *title, {});
    return check(input, row.item->title, row.item->description);
  }
  [[nodiscard]] skill_output about_shop(const skill_input& input,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    if (const auto title = in_quotes(input.message.text))
      return check(input, *title, {});
    skill_output out;
    say_without_rules(input, out);
    std::vector<std::string> json;
    for (const auto* rules : marketplaces_of(input)) {
      out.facts.push_back(limits_sentence(*rules));
      for (const auto* line : lines)
        if (check_title(line->item->title, *rules) == limit_state::too_long)
          out.facts.push_back("The title of " + label(*line->item) + " is too long for "
                              + spoken(*rules) + ".");
      json.push_back(json_object{}
                       .add("marketplace", rules->name)
                       .add("title_limit", rules->title_limit)
                       .add("title_warn", rules->title_warn)
                       .add("bullets", rules->bullets)
                       .add("description_limit", rules->description_limit)
                       .str());
    }
    out.facts.push_back(how_to_narrow());
    out.json = json_object{}.raw("marketplaces", json_array(json)).str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<seo_score>(), std::make_shared<content_limits>()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"seo_score",
     asked_by_default::always,
     {"seo", "keyword", "keywords", "score", "improve", "better", "optimise", "optimize",
      "readability", "rewrite", "write"}},
    {"content_limits",
     asked_by_default::for_product,
     {"limit", "limits", "too long", "length", "characters", "fit", "fits", "allowed", "bullets",
      "amazon", "ebay"}},
  });
}

} // namespace flipsync::content
