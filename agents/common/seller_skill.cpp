#include "agents/common/seller_skill.hpp"

#include <algorithm>
#include <utility>

#include "agents/common/json_writer.hpp"
#include "agents/common/rivals.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"

namespace flipsync {

std::vector<store_query> seller_skill::needs(const skill_input& input) const {
  if (input.who == audience::shopper)
    return {};
  return reads(input);
}

result<skill_output> seller_skill::compute(const skill_input& input,
                                           const std::vector<const store_rows*>& rows) const {
  if (input.who == audience::shopper)
    return error{errc::forbidden, "This skill answers sellers only."}.with("skill",
                                                                           std::string{text_.name});
  if (auto checked = check_rows(reads(input), rows); !checked)
    return checked.error();
  auto out = answer(input, rows);
  say_unheard(input, hears(input), out);
  return out;
}

heard seller_skill::hears(const skill_input&) const { return {}; }

namespace {

/// Adds the products of the lists whose SKU stands in the facts, in the order in which they do.
void note_told(const std::vector<const store_rows*>& lists, skill_output& out) {
  std::vector<std::pair<std::size_t, const std::string*>> told;
  for (const auto* rows : lists) {
    const auto* list = rows != nullptr ? std::get_if<attention_rows>(rows) : nullptr;
    if (list == nullptr)
      continue;
    for (const auto& line : list->lines) {
      if (!line.item)
        continue;
      const auto name = wording::label(*line.item);
      const auto fact =
        std::find_if(out.facts.begin(), out.facts.end(),
                     [&](const std::string& text) { return text.find(name) != std::string::npos; });
      if (fact != out.facts.end())
        told.emplace_back(fact - out.facts.begin(), &line.item->sku);
    }
  }
  std::stable_sort(told.begin(), told.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [fact, sku] : told)
    if (std::find(out.skus.begin(), out.skus.end(), *sku) == out.skus.end())
      out.skus.push_back(*sku);
}

} // namespace

std::vector<store_query> product_skill::extra_reads(const skill_input&) const { return {}; }

std::optional<time_span> product_skill::sales_span(const skill_input&) const {
  return std::nullopt;
}

std::vector<store_query> product_skill::reads(const skill_input& input) const {
  const auto target = target_of(input.message);
  const auto span = sales_span(input);
  std::vector<store_query> queries;
  if (auto dossier = dossier_query(target)) {
    dossier->period = span;
    queries.emplace_back(std::move(*dossier));
  }
  if (!target.named) {
    attention_query list{otherwise_, limit_, scope_of(input.message)};
    if (otherwise_ == attention::best_sellers)
      list.period = span;
    if (otherwise_ == attention::undercut)
      list.rivals = rival_words(input.message);
    queries.emplace_back(std::move(list));
  }
  for (auto& extra : extra_reads(input))
    queries.push_back(std::move(extra));
  return queries;
}

skill_output product_skill::answer(const skill_input& input,
                                   const std::vector<const store_rows*>& rows) const {
  const auto target = target_of(input.message);
  std::size_t next = 0;
  const product_dossier_row* dossier = nullptr;
  if (dossier_query(target))
    dossier = &row_as<product_dossier_row>(rows, next++);
  const bool found =
    dossier != nullptr && dossier->item && (target.named || means(input.message, *dossier->item));
  const attention_rows* lines = nullptr;
  if (!target.named)
    lines = &row_as<attention_rows>(rows, next++);
  std::vector<const store_rows*> extra(rows.begin() + static_cast<std::ptrdiff_t>(next),
                                       rows.end());
  if (found) {
    auto out = about_product(input, *dossier, extra);
    out.skus = {dossier->item->sku};
    if (!target.named)
      out.facts.push_back("This is the best match for “" + target.text
                          + "”; name a SKU to see another product.");
    say_other_products(input.message, *dossier->item, out);
    return out;
  }
  if (lines == nullptr)
    return product_not_found(input.message);
  std::vector<const product_dossier_row*> with_item;
  for (const auto& line : lines->lines)
    if (line.item)
      with_item.push_back(&line);
  extra.push_back(rows[next - 1]);
  auto out = about_shop(input, with_item, extra);
  note_told(extra, out);
  if (input.message.unresolved_pronoun)
    ask_which(out);
  say_scope(input.message, out);
  return out;
}

std::string product_skill::counted(std::size_t n, std::size_t lines) const {
  auto text = wording::count(static_cast<std::int64_t>(n), "product");
  return lines >= limit_ ? "at least " + text : text;
}

namespace {

/// The categories and brands that are not wanted, which are spelled as the catalogue does. Plain
/// words beside a "not" mean something else to a seller: "not selling".
std::vector<std::string> left_out(const message_reading& message) {
  std::vector<std::string> names;
  for (const auto& each : message.excluded)
    if (each != fold(each))
      names.push_back(each);
  return names;
}

} // namespace

product_scope scope_of(const message_reading& message) {
  product_scope scope{message.category, message.brand};
  scope.without = left_out(message);
  return scope;
}

void say_scope(const message_reading& message, skill_output& out) {
  if (const auto names = left_out(message); !names.empty())
    out.facts.push_back("This leaves out " + wording::list(names) + ".");
  std::vector<std::string> names;
  for (const auto& name : {message.category, message.brand})
    if (!name.empty())
      names.push_back(name);
  if (!names.empty())
    out.facts.push_back("This looks at " + wording::list(names) + " only.");
}

skill_output product_not_found(const message_reading& message) {
  const auto target = target_of(message);
  skill_output out;
  const auto asked =
    target.sku.empty() ? "named “" + target.text + "”" : "with the SKU " + target.sku;
  out.facts.push_back("The catalogue has no product " + asked + ".");
  out.missing.push_back("product " + (target.sku.empty() ? target.text : target.sku));
  out.json = json_object{}.add("found", false).add("asked_for", out.missing.front()).str();
  return out;
}

void ask_which(skill_output& out) {
  out.facts.insert(out.facts.begin(),
                   "Which product do you mean? What was said before does not tell; give its name "
                   "or its SKU.");
  out.missing.emplace_back("product");
}

std::string how_to_narrow() { return "Name a product or its SKU to see one product in detail."; }

void say_missing(skill_output& out) {
  if (!out.missing.empty())
    out.facts.push_back("This is missing: " + wording::list(out.missing) + ".");
}

} // namespace flipsync
