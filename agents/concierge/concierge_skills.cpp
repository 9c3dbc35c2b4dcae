#include "agents/concierge/concierge_skills.hpp"

#include <algorithm>

#include "agents/common/json_writer.hpp"
#include "agents/common/rows.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/concierge/pitch.hpp"
#include "agents/concierge/question.hpp"
#include "agents/concierge/reply_rules.hpp"
#include "agents/concierge/search_rules.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::string_view which_product =
  "Which product do you mean? Name it, or choose one of those that the shop shows you.";
constexpr std::string_view age_first = "Products for adults are shown only once your age is "
                                       "confirmed; until then questions about how they work and "
                                       "how they are used can be answered.";

constexpr std::string_view search_schema =
  R"({"type":"object","properties":{"subject":{"type":"string","description":"what to look for"},)"
  R"("category":{"type":"string"},"brand":{"type":"string"},)"
  R"("min_price":{"type":"number","minimum":0},"max_price":{"type":"number","minimum":0}},)"
  R"("additionalProperties":false})";
constexpr std::string_view no_arguments =
  R"({"type":"object","properties":{},"additionalProperties":false})";

std::string shop_sentence(const skill_input& input) {
  auto text = input.rules->shop_name;
  if (input.words == nullptr || input.words->categories().empty())
    return text + " can be searched by name, brand, category or price.";
  std::vector<std::string> names;
  for (const auto& category : input.words->categories())
    if (names.size() < 8)
      names.push_back(category);
  return text + " carries " + wording::list(names)
         + (input.words->categories().size() > 8 ? ", and more." : ".");
}

/// The reads that the message's products need, and how they come back. The same for every skill of
/// the storefront, so that a turn reads each once.
struct storefront {
  storefront(const skill_input& input, bool reads)
    : queries{reads ? reads_of(input) : none},
      input_{input} {}

  /// Products to show and how many were withheld; pointers into `rows`.
  selection products(const std::vector<const store_rows*>& rows) {
    if (queries.empty())
      return {};
    if (std::holds_alternative<product_search>(queries.front())) {
      const auto& found = row_as<product_search_rows>(rows, 0);
      total = found.total;
      all_words = found.all_words;
      auto chosen = select(found.hits, input_);
      // The same search without the gate says what would have been among them.
      if (queries.size() > 1)
        chosen.withheld = select(row_as<product_search_rows>(rows, 1).hits, input_).withheld;
      return chosen;
    }
    selection chosen;
    const auto take = [&](const product_dossier_row& row) {
      if (row.item && withheld(*row.item, input_))
        ++chosen.withheld;
      else if (row.item)
        chosen.shown.push_back(&*row.item);
    };
    if (best_sellers() != nullptr) {
      const auto* lines = &row_as<attention_rows>(rows, 0).lines;
      all_words = !lines->empty() || queries.size() == 1;
      if (!all_words)
        lines = &row_as<attention_rows>(rows, 1).lines;
      for (const auto& line : *lines)
        if (chosen.shown.size() < shown_products)
          take(line);
    } else {
      for (std::size_t i = 0; i < rows.size(); ++i)
        take(row_as<product_dossier_row>(rows, i));
    }
    return chosen;
  }

  [[nodiscard]] const product_search* search() const {
    return queries.empty() ? nullptr : std::get_if<product_search>(&queries.front());
  }

  /// The best sellers that were asked for; null where something else was.
  [[nodiscard]] const attention_query* best_sellers() const {
    return queries.empty() ? nullptr : std::get_if<attention_query>(&queries.front());
  }
  /// What was looked for, in words; empty where there are none.
  [[nodiscard]] std::string described() const {
    if (const auto* list = best_sellers())
      return describe(list->scope);
    return search() != nullptr ? describe(*search()) : std::string{};
  }

  const std::vector<store_query>& queries;
  std::uint64_t total = 0;
  bool all_words = true; ///< false: nothing has all the words that were asked for

private:
  static const std::vector<store_query>& reads_of(const skill_input& input) {
    return may_withhold(input) ? careful_reads(input) : question_of(input.message).reads;
  }
  static inline const std::vector<store_query> none{};
  const skill_input& input_;
};

/// Whether a skill reads products even where the rules see no question for any: a model that was
/// asked may have decided otherwise, and a tool call means what it says.
enum class reading : std::uint8_t { always, when_asked_for };

/// What all storefront skills have in common: their reads, and the check of the rows.
class storefront_skill : public skill {
public:
  explicit storefront_skill(skill_text text, reading reads = reading::always)
    : text_{text},
      reads_{reads} {}
  [[nodiscard]] std::string_view name() const noexcept final { return text_.name; }
  [[nodiscard]] std::string_view description() const noexcept final { return text_.description; }
  [[nodiscard]] std::string_view schema() const noexcept final { return text_.schema; }
  [[nodiscard]] std::vector<store_query> needs(const skill_input& input) const final {
    return products_of(input).queries;
  }
  [[nodiscard]] result<skill_output>
  compute(const skill_input& input, const std::vector<const store_rows*>& rows) const final {
    auto shop = products_of(input);
    if (auto checked = check_rows(shop.queries, rows); !checked)
      return checked.error();
    const auto chosen = shop.products(rows);
    return tell(input, shop, chosen);
  }

private:
  [[nodiscard]] virtual skill_output tell(const skill_input& input, const storefront& shop,
                                          const selection& chosen) const = 0;
  [[nodiscard]] storefront products_of(const skill_input& input) const {
    return storefront{input, reads_ == reading::always
                               || question_of(input.message).decided.show_products};
  }
  skill_text text_;
  reading reads_;
};

void add_cards(skill_output& out, const selection& chosen) {
  out.products.reserve(chosen.shown.size());
  for (const auto* item : chosen.shown)
    out.products.push_back(telling_of(*item).card);
}

std::string cards_json(const std::vector<product_card>& cards) {
  std::vector<std::string> json;
  json.reserve(cards.size());
  for (const auto& one : cards)
    json.push_back(card_json(one));
  return json_array(json);
}

void say_nothing_shown(skill_output& out, const skill_input& input, const storefront& shop,
                       const selection& chosen) {
  if (chosen.withheld > 0) {
    out.facts.emplace_back(age_first);
    return;
  }
  const auto what = shop.described();
  const bool by_name = shop.search() == nullptr && shop.best_sellers() == nullptr;
  const auto asked = by_name ? named_products(input.message, 1) : std::vector<product_target>{};
  if (!asked.empty()) {
    const auto& name = asked.front().sku.empty() ? asked.front().text : asked.front().sku;
    out.facts.push_back("The shop has no product “" + name + "”.");
    out.missing.push_back("product " + name);
  } else {
    out.facts.push_back(
      what.empty() ? std::string{"No product matches."}
                   : std::string{shop.best_sellers() != nullptr ? "No best seller" : "No product"}
                       + " matches " + what + ".");
    out.missing.emplace_back("matching products");
  }
  out.facts.push_back(shop_sentence(input));
}

class product_search_skill final : public storefront_skill {
public:
  product_search_skill()
    : storefront_skill{
      {"product_search",
       "Finds products of the shop by words, category, brand and price, best match first.",
       search_schema}} {}

private:
  [[nodiscard]] skill_output tell(const skill_input& input, const storefront& shop,
                                  const selection& chosen) const override {
    skill_output out;
    if (question_of(input.message).of_unknown) {
      out.facts.emplace_back(which_product);
    } else if (shop.queries.empty()) {
      out.facts.push_back(shop_sentence(input));
    } else if (chosen.shown.empty()) {
      say_nothing_shown(out, input, shop, chosen);
    } else {
      add_cards(out, chosen);
      out.facts.push_back(found_sentence(shop, chosen, wanted_order(input.message)));
      for (const auto* item : chosen.shown)
        out.facts.push_back(telling_of(*item).offer);
      if (chosen.withheld > 0)
        out.facts.emplace_back(age_first);
    }
    if (auto unused = unused_amount(input.message); !unused.empty())
      out.facts.push_back(std::move(unused));
    if (input.wants_json)
      out.json = json(shop, chosen, out.products);
    return out;
  }

  static std::string json(const storefront& shop, const selection& chosen,
                          const std::vector<product_card>& cards) {
    json_object json;
    if (shop.search() != nullptr)
      json.add("query", describe(*shop.search()));
    json.add("total", shop.total); // what is withheld is not among them
    json.add("age_confirmation_needed", chosen.withheld > 0);
    return json.raw("products", cards_json(cards)).str();
  }

  static std::string found_sentence(const storefront& shop, const selection& chosen,
                                    price_order order) {
    const auto shown = static_cast<std::int64_t>(chosen.shown.size());
    const auto what = shop.described();
    if (const auto* list = shop.best_sellers()) {
      const auto of = (list->scope.text.empty() ? "" : "for ") + what;
      if (!shop.all_words)
        return "None of the best sellers matches “" + list->scope.text
               + "”; these sell best otherwise.";
      return what.empty() ? "These sell best now." : "The best sellers " + of + " are these.";
    }
    if (shop.search() == nullptr)
      return shown == 1 ? "This is what you asked for." : "These are the products you asked for.";
    if (!shop.all_words)
      return "Nothing matches all of " + what + "; "
             + (shown == 1 ? "this comes closest." : "these come closest.");
    const auto matched = std::max(static_cast<std::int64_t>(shop.total), shown);
    auto text = wording::count(matched, "product") + (matched == 1 ? " matches" : " match");
    text += what.empty() ? " your question" : " " + what;
    // Among more matches than are read, there may be others that cost less or more.
    const bool by_price =
      order != price_order::any && (shop.total <= widened_search || shop.search()->text.empty());
    const auto* why = !by_price                        ? " fit best."
                      : order == price_order::cheapest ? " cost least."
                                                       : " cost most.";
    return matched > shown ? text + "; these " + std::to_string(shown) + why : text + ".";
  }
};

class product_pitch_skill final : public storefront_skill {
public:
  product_pitch_skill()
    : storefront_skill{
      {"product_pitch",
       "Explains or compares the products that a message means, from their own data.",
       search_schema}} {}

private:
  [[nodiscard]] skill_output tell(const skill_input& input, const storefront& shop,
                                  const selection& chosen) const override {
    skill_output out;
    if (question_of(input.message).of_unknown) {
      out.facts.emplace_back(which_product);
    } else if (chosen.shown.empty()) {
      if (!shop.queries.empty())
        say_nothing_shown(out, input, shop, chosen);
    } else {
      add_cards(out, chosen);
      if (chosen.shown.size() == 1)
        out.facts = detail_sentences(*chosen.shown.front());
      else
        for (const auto* item : chosen.shown)
          out.facts.push_back(telling_of(*item).offer);
      if (question_of(input.message).about_named)
        for (auto& sentence : comparison_sentences(chosen.shown))
          out.facts.push_back(std::move(sentence));
      if (chosen.withheld > 0)
        out.facts.emplace_back(age_first);
    }
    if (input.wants_json)
      out.json = json_object{}
                   .add("age_confirmation_needed", chosen.withheld > 0)
                   .raw("products", cards_json(out.products))
                   .str();
    return out;
  }
};

class quick_replies_skill final : public storefront_skill {
public:
  quick_replies_skill()
    : storefront_skill{
      {"quick_replies", "Up to four short answers that a shopper may give next.", no_arguments},
      reading::when_asked_for} {}

private:
  static constexpr std::size_t more_from = 3;

  [[nodiscard]] skill_output tell(const skill_input& input, const storefront& shop,
                                  const selection& chosen) const override {
    // More only where there is more, and not of what matches only in part.
    const auto shown = chosen.shown.size();
    const bool has_more =
      shop.search() != nullptr && shown >= more_from && shop.total > shown && shop.all_words;
    skill_output out;
    out.quick_replies = quick_replies(chosen.shown, input,
                                      has_more ? more_reply(*shop.search(), input) : std::string{});
    if (input.wants_json)
      out.json = json_object{}.add("quick_replies", out.quick_replies).str();
    return out;
  }
};

class cart_hints_skill final : public storefront_skill {
public:
  cart_hints_skill()
    : storefront_skill{
      {"cart_hints",
       "What a shopper should know before a product goes into the cart: stock and subtotal.",
       R"({"type":"object","properties":{"sku":{"type":"string"},)"
       R"("subject":{"type":"string","description":"product name"},)"
       R"("quantity":{"type":"integer","minimum":1}},"additionalProperties":false})"}} {}

private:
  static constexpr std::int64_t few_left = 10;

  [[nodiscard]] skill_output tell(const skill_input& input, const storefront& shop,
                                  const selection& chosen) const override {
    skill_output out;
    const auto wanted = std::max<std::int64_t>(input.message.quantity.value_or(1), 1);
    std::vector<std::string> json;
    if (question_of(input.message).of_unknown) {
      out.facts.emplace_back(which_product);
    } else if (chosen.shown.empty() && !shop.queries.empty()) {
      say_nothing_shown(out, input, shop, chosen);
    } else if (question_of(input.message).about_named) {
      for (const auto* item : chosen.shown) {
        out.facts.push_back(hint(*item, wanted));
        if (input.wants_json)
          json.push_back(json_object{}
                           .add("sku", item->sku)
                           .add("quantity", wanted)
                           .add("available", !item->stock || *item->stock >= wanted)
                           .add("price", item->price)
                           .str());
      }
    }
    if (input.wants_json)
      out.json = json_object{}.raw("items", json_array(json)).str();
    return out;
  }

  static std::string hint(const product& item, std::int64_t wanted) {
    if (item.stock && *item.stock <= 0)
      return item.title + " is sold out, so it cannot go into the cart now.";
    if (item.stock && *item.stock < wanted)
      return "Only " + std::to_string(*item.stock) + " of " + item.title
             + " are left, fewer than the " + std::to_string(wanted) + " you want.";
    auto text = item.title + (item.stock ? " is in stock at " : " costs ") + show(item.price);
    std::int64_t sum = 0;
    if (wanted > 1 && !__builtin_mul_overflow(item.price.cents, wanted, &sum))
      text += "; " + std::to_string(wanted) + " of it come to " + show(money{sum});
    if (item.stock && *item.stock < few_left)
      text +=
        "; only " + std::to_string(*item.stock) + (*item.stock == 1 ? " is" : " are") + " left";
    return text + ".";
  }
};

void say_what_to_ask(skill_output& out, const skill_input& input) {
  out.facts.push_back(shop_sentence(input));
  auto unused = unused_amount(input.message);
  out.facts.push_back(unused.empty() ? "Name a product, a category or a price to see what fits."
                                     : std::move(unused));
}

class product_decision_skill final : public skill {
public:
  [[nodiscard]] std::string_view name() const noexcept override { return "product_decision"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "Whether the message asks for products, decided by rules.";
  }
  [[nodiscard]] std::string_view schema() const noexcept override { return no_arguments; }
  [[nodiscard]] std::vector<store_query> needs(const skill_input&) const override { return {}; }
  [[nodiscard]] result<skill_output> compute(const skill_input& input,
                                             const std::vector<const store_rows*>&) const override {
    const auto& asked = question_of(input.message);
    skill_output out;
    if (asked.of_unknown) {
      out.facts.emplace_back(which_product);
    } else if (!asked.decided.show_products) {
      out.facts = topic_answers(input);
      if (out.facts.empty())
        say_what_to_ask(out, input);
    }
    out.json = json_object{}
                 .add("show_products", asked.decided.show_products)
                 .add("reason", asked.decided.reason)
                 .str();
    return out;
  }
};

} // namespace

std::vector<std::shared_ptr<const skill>> skills() {
  return {std::make_shared<product_search_skill>(), std::make_shared<product_pitch_skill>(),
          std::make_shared<quick_replies_skill>(), std::make_shared<cart_hints_skill>(),
          std::make_shared<product_decision_skill>()};
}

} // namespace flipsync::concierge
