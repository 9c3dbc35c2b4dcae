#include "agents/concierge/pitch.hpp"

#include <algorithm>
#include <array>

#include "agents/common/json_writer.hpp"
#include "agents/common/wording.hpp"
#include "runtime/core/text/public_columns.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t pitch_attributes = 3;
constexpr std::size_t pitch_length = 160;

constexpr std::size_t most_attributes = 8;

/// Appends `lead` and up to `limit` attributes that a shopper may read, as a list; nothing where
/// there is none.
void append_attributes(std::string& text, const product& item, std::size_t limit,
                       std::string_view lead) {
  std::array<const std::pair<std::string, std::string>*, most_attributes> told{};
  std::size_t count = 0;
  for (const auto& each : item.attributes) {
    if (count == std::min(limit, told.size()))
      break;
    if (!each.second.empty() && is_public_column(each.first))
      told.at(count++) = &each;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [name, value] = *told.at(i);
    text.append(i == 0 ? lead : i + 1 == count ? " and " : ", ");
    append_column_words(text, name);
    text.append(" ").append(value);
  }
}

/// With room for the rest of a sentence.
std::string title_by_brand(const product& item) {
  std::string text;
  text.reserve(item.title.size() + item.brand.size() + item.description.size() + 96);
  text = item.title;
  // "Ridge Headphones by Ridge" reads badly.
  const bool named = item.brand.empty() || item.title.find(item.brand) != std::string::npos
                     || fold(item.title).find(fold(item.brand)) != std::string::npos;
  if (!named)
    text.append(" by ").append(item.brand);
  return text;
}

/// The description's first sentence, at most as long as a pitch.
std::string_view about_line(const product& item) {
  return wording::clip(wording::first_sentence(item.description), pitch_length);
}

bool sold_out(const product& item) { return item.stock && *item.stock <= 0; }

std::string finished(std::string sentence) {
  if (!sentence.empty() && sentence.back() != '.' && sentence.back() != '!'
      && sentence.back() != '?')
    sentence += '.';
  return sentence;
}

std::string differing_attribute(const std::vector<const product*>& items, const std::string& name) {
  std::vector<std::string> values;
  for (const auto* item : items) {
    const auto found =
      std::find_if(item->attributes.begin(), item->attributes.end(),
                   [&](const auto& a) { return a.first == name && !a.second.empty(); });
    if (found == item->attributes.end())
      return {};
    values.push_back(found->second);
  }
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>{}) == values.end())
    return {};
  std::vector<std::string> told;
  for (std::size_t i = 0; i < items.size(); ++i)
    told.push_back(values[i] + " for " + items[i]->title);
  return "The " + column_words(name) + " is " + wording::list(told) + ".";
}

} // namespace

std::string pitch(const product& item) {
  auto text = title_by_brand(item);
  const auto title = text.size();
  if (const auto about = about_line(item); !about.empty())
    text.append(": ").append(about);
  else if (!item.tags.empty())
    text.append(": ").append(wording::list(item.tags));
  append_attributes(text, item, pitch_attributes, text.size() == title ? ": " : "; ");
  return finished(std::move(text));
}

product_card card(const product& item) {
  product_card card;
  card.sku = item.sku;
  card.title = item.title;
  card.price = item.price;
  card.brand = item.brand;
  card.category = item.category;
  card.in_stock = !sold_out(item);
  card.pitch = pitch(item);
  return card;
}

std::string offer_sentence(const product& item) {
  auto text = title_by_brand(item);
  text.append(" costs ").append(show(item.price));
  if (item.stock)
    text.append(sold_out(item) ? " but is sold out" : " and is in stock");
  if (const auto about = about_line(item); !about.empty())
    text.append(": ").append(about);
  return finished(std::move(text));
}

const telling& telling_of(const product& item) {
  return item.beside.get<telling>([&item] { return telling{card(item), offer_sentence(item)}; });
}

std::vector<std::string> detail_sentences(const product& item) {
  auto first = title_by_brand(item) + " costs " + show(item.price);
  if (item.stock)
    first += sold_out(item) ? " but is sold out" : " and is in stock";
  std::vector<std::string> told{first + "."};
  if (!item.description.empty())
    told.push_back(finished(item.description));
  std::string attributes;
  append_attributes(attributes, item, most_attributes, "In detail: ");
  if (!attributes.empty())
    told.push_back(attributes + ".");
  if (!item.category.empty())
    told.push_back("It belongs to " + item.category
                   + (item.subcategory.empty() ? "" : ", " + item.subcategory) + ".");
  return told;
}

std::vector<std::string> comparison_sentences(const std::vector<const product*>& items) {
  if (items.size() < 2)
    return {};
  const auto by_price = [](const product* a, const product* b) { return a->price < b->price; };
  const auto [cheapest, dearest] = std::minmax_element(items.begin(), items.end(), by_price);
  std::vector<std::string> told;
  if ((*cheapest)->price == (*dearest)->price)
    told.push_back("They all cost " + show((*cheapest)->price) + ".");
  else
    told.push_back((*cheapest)->title + " is the cheapest at " + show((*cheapest)->price) + ", "
                   + show((*dearest)->price - (*cheapest)->price) + " less than "
                   + (*dearest)->title + ".");
  for (const auto& [name, value] : items.front()->attributes) {
    if (!is_public_column(name))
      continue;
    if (auto sentence = differing_attribute(items, name); !sentence.empty())
      told.push_back(std::move(sentence));
  }
  return told;
}

std::string card_json(const product_card& card) {
  return json_object{}
    .add("sku", card.sku)
    .add("title", card.title)
    .add("price", card.price)
    .add("brand", card.brand)
    .add("category", card.category)
    .add("in_stock", card.in_stock)
    .add("pitch", card.pitch)
    .str();
}

} // namespace flipsync::concierge
