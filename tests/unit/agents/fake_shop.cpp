#include "tests/unit/agents/fake_shop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

#include <algorithm>

#include "agents/common/margin.hpp"
#include "runtime/core/agent/age_rules.hpp"

namespace flipsync::test {

namespace {

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>; // clang 14 wants to be told

/// What the store does for shoppers: the cost is never read.
product_dossier_row seen_by(product_dossier_row row, audience who) {
  if (who == audience::shopper && row.item)
    row.item->cost.reset();
  return row;
}

bool matches(const product& item, const product_search& query) {
  const auto text =
    fold(item.title + " " + item.brand + " " + item.category + " " + item.description);
  for (const auto& word : words_of(query.text))
    if (text.find(word) == std::string::npos)
      return false;
  for (const auto& unwanted : query.without)
    if (text.find(fold(unwanted)) != std::string::npos)
      return false;
  return (query.category.empty() || fold(query.category) == fold(item.category))
         && (query.brand.empty() || fold(query.brand) == fold(item.brand))
         && (!query.min_price || item.price >= *query.min_price)
         && (!query.max_price || item.price <= *query.max_price)
         && (!query.in_stock_only || !item.stock || *item.stock > 0)
         && !(query.gate.closed && is_for_adults(item, query.gate.categories));
}

bool matches(const order_line& line, const order_query& query) {
  return (query.sku.empty() || fold(line.sku) == fold(query.sku))
         && (query.statuses.empty()
             || std::find(query.statuses.begin(), query.statuses.end(), line.status)
                  != query.statuses.end())
         && (!query.open_only || line.state == order_state::open)
         && (query.marketplace.empty() || line.marketplace == query.marketplace)
         && (!query.period
             || (line.ordered_at >= query.period->from && line.ordered_at < query.period->to));
}

bool in_scope(const product& item, const product_scope& scope) {
  return matches(item, {.text = scope.text,
                        .category = scope.category,
                        .brand = scope.brand,
                        .min_price = scope.min_price,
                        .max_price = scope.max_price,
                        .in_stock_only = scope.in_stock_only,
                        .attributes = {},
                        .without = scope.without});
}

/// Whether a product of the shop with that SKU is in the scope.
bool in_scope(const fake_shop& shop, const std::string& sku, const product_scope& scope) {
  return scope.empty()
         || std::any_of(shop.products.begin(), shop.products.end(), [&](const auto& row) {
              return row.item && row.item->sku == sku && in_scope(*row.item, scope);
            });
}

} // namespace

wall_time noon() { return parse_rfc3339("2026-03-01T12:00:00Z").value(); }

product make_product(std::string sku, std::string title, std::int64_t price_cents) {
  product item;
  item.sku = std::move(sku);
  item.title = std::move(title);
  item.price = money{price_cents};
  return item;
}

product_dossier_row make_dossier(product item) {
  product_dossier_row row;
  row.item = std::move(item);
  return row;
}

rival_price make_rival(std::string competitor, std::int64_t price_cents,
                       std::chrono::milliseconds age) {
  rival_price rival;
  rival.competitor = std::move(competitor);
  rival.price = money{price_cents};
  rival.seen_at = noon() - age;
  return rival;
}

sales_window make_window(std::uint32_t days, std::int64_t units, std::int64_t revenue_cents) {
  return {days, units, money{revenue_cents}};
}

fake_shop::fake_shop() {
  rules.shop_name = "Test Shop";
  rules.marketplaces = {{"amazon", 1050, 200, 150, 5, 2000, 150, money{0}},
                        {"ebay", 980, 80, 0, 5, 4000, 136, money{40}},
                        {"storefront", 1000, 0, 0, 6, 0, 29, money{30}}};
  rules.inquiry_phrases = {"do you have", "show me", "looking for", "price of", "recommend"};
  rules.topics = {{"sleep", {"Show indica", "Show edibles"}},
                  {"pain", {"Show CBD", "Show topicals"}},
                  {"shipping", {"What does shipping cost?"}, "Shipping costs $3."},
                  {"return", {}, "Within {refund_days} days."}};
  rules.default_replies = {"Show best sellers", "What is in stock?", "Help me choose"};
  rules.banned_words = {"miracle", "risk free"};
  rules.age_gated_categories = {"Cannabis"};
}

vocabulary fake_shop::words() const {
  vocabulary words;
  for (const auto& row : products) {
    if (!row.item)
      continue;
    if (!row.item->category.empty())
      words.add(entity_kind::category, row.item->category);
    if (!row.item->brand.empty())
      words.add(entity_kind::brand, row.item->brand);
    words.add_product(row.item->title);
    words.add_sku(row.item->sku);
    words.for_adults = words.for_adults || row.item->age_restricted;
  }
  return words;
}

store_rows fake_shop::answer(const store_query& query, audience who) const {
  return std::visit(
    overloaded{
      [&](const product_search& q) -> store_rows {
        product_search_rows rows;
        for (const auto& row : products)
          if (row.item && matches(*row.item, q)) {
            ++rows.total;
            if (rows.hits.size() < q.limit)
              rows.hits.push_back({*seen_by(row, who).item, 1.0});
          }
        if (rows.hits.empty() && finds_any_word && !q.text.empty()) {
          auto any = q;
          any.text.clear();
          rows = std::get<product_search_rows>(answer(any, who));
          rows.all_words = false;
        }
        return rows;
      },
      [&](const product_dossier& q) -> store_rows {
        for (const auto& row : products)
          if (row.item
              && ((!q.sku.empty() && fold(row.item->sku) == fold(q.sku))
                  || (q.sku.empty()
                      && matches(*row.item, {.text = q.text,
                                             .category = {},
                                             .brand = {},
                                             .min_price = {},
                                             .max_price = {},
                                             .in_stock_only = false,
                                             .attributes = {},
                                             .limit = 1}))))
            return seen_by(row, who);
        return product_dossier_row{};
      },
      [&](const shop_summary_query& q) -> store_rows {
        return summary_of ? summary_of(q) : summary;
      },
      [&](const attention_query& q) -> store_rows {
        const std::vector<product_dossier_row>* lists[] = {
          &low_stock, &dead_stock, &undercut, &best_sellers, &thin_margin, &thinnest_margin};
        attention_rows rows;
        if (!q.rivals.empty())
          rows.rivals = rivals_named;
        for (const auto& row : *lists[static_cast<std::size_t>(q.what)])
          if (rows.lines.size() < q.limit && (!row.item || in_scope(*row.item, q.scope)))
            rows.lines.push_back(seen_by(row, who));
        if (q.what == attention::dead_stock)
          for (const auto& row : dead_stock) {
            ++rows.total;
            rows.tied_up_at_cost =
              plus(rows.tied_up_at_cost,
                   times(row.item->cost.value_or(money{}), row.item->stock.value_or(0)));
          }
        return rows;
      },
      [&](const price_feed_query& q) -> store_rows {
        price_feed_rows rows;
        for (const auto& move : moves)
          if ((q.sku.empty() || move.sku == q.sku) && in_scope(*this, move.sku, q.scope))
            rows.moves.push_back(move);
        return rows;
      },
      [&](const order_query& q) -> store_rows {
        order_rows rows;
        for (const auto& line : orders)
          if ((q.order_id.empty() || line.order_id == q.order_id)
              && in_scope(*this, line.sku, q.scope) && matches(line, q))
            rows.lines.push_back(line);
        if (q.counted)
          rows.orders = rows.lines.size(); // each is an order by itself
        if (q.order_id.empty() && rows.lines.size() > q.limit)
          rows.lines.resize(q.limit);
        return rows;
      },
      [&](const rate_query& q) -> store_rows {
        auto rows = rates;
        std::erase_if(rows.rates, [&](const auto& rate) {
          return !q.zone.empty() && fold(rate.zone) != fold(q.zone);
        });
        return rows;
      },
    },
    query);
}

result<skill_output> fake_shop::run(const skill& s, std::string_view message, audience who) const {
  const auto vocabulary = words();
  const auto reading = read_message(message, vocabulary, rules, earlier);
  skill_input input{.message = reading};
  input.who = who;
  input.age_confirmed = age_confirmed;
  input.now = noon();
  input.words = &vocabulary;
  input.rules = &rules;
  std::vector<store_rows> rows;
  for (const auto& query : s.needs(input))
    rows.push_back(answer(query, who));
  std::vector<const store_rows*> given;
  given.reserve(rows.size());
  for (const auto& row : rows)
    given.push_back(&row);
  return s.compute(input, given);
}

skill_output fake_shop::tell(const skill& s, std::string_view message, audience who) const {
  auto out = run(s, message, who);
  INFO(s.name() << ": " << message);
  REQUIRE(out.has_value());
  CHECK(is_json_object(out->json));
  return std::move(*out);
}

part_plan fake_shop::plan(const agent_plan& p, const agent_spec& spec, std::string_view message,
                          audience who) const {
  const auto vocabulary = words();
  const auto reading = read_message(message, vocabulary, rules, earlier);
  skill_input input{.message = reading};
  input.who = who;
  input.now = noon();
  input.words = &vocabulary;
  input.rules = &rules;
  return p.plan(spec, input);
}

const skill& find(const std::vector<std::shared_ptr<const skill>>& skills, std::string_view name) {
  const auto found =
    std::find_if(skills.begin(), skills.end(), [&](const auto& s) { return s->name() == name; });
  INFO(name);
  REQUIRE(found != skills.end());
  return **found;
}

std::string joined(const skill_output& out) {
  std::string text;
  for (const auto& fact : out.facts)
    text += (text.empty() ? "" : " ") + fact;
  return text;
}

bool is_json_object(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(text).get(object) == simdjson::SUCCESS;
}

const part_contract& part(const part_plan& plan, std::string_view name) {
  const auto found =
    std::find_if(plan.begin(), plan.end(), [&](const auto& p) { return p.name == name; });
  INFO(name);
  REQUIRE(found != plan.end());
  return *found;
}

} // namespace flipsync::test
