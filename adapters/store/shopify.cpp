#include "adapters/store/shopify.hpp"

#include <algorithm>

#include "adapters/store/columns.hpp"
#include "adapters/store/html_text.hpp"
#include "adapters/store/product_rows.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

const field* find_cell(const record& row, std::string_view name) {
  const auto at = std::find_if(row.fields.begin(), row.fields.end(),
                               [&](const field& f) { return f.name == name; });
  return at == row.fields.end() ? nullptr : &*at;
}

std::string_view cell(const record& row, std::string_view name) {
  const auto* found = find_cell(row, name);
  return found ? trim(found->value) : std::string_view{};
}

constexpr std::array<std::string_view, 3> option_values{"Option1 Value", "Option2 Value",
                                                        "Option3 Value"};
constexpr std::array<std::string_view, 3> option_names{"Option1 Name", "Option2 Name",
                                                       "Option3 Name"};

/// Columns of the shop system's own workings, which say nothing of the product; by their
/// beginnings.
constexpr std::array<std::string_view, 20> plumbing{"Handle",
                                                    "Title",
                                                    "Body (HTML)",
                                                    "Vendor",
                                                    "Type",
                                                    "Tags",
                                                    "Published",
                                                    "Option",
                                                    "Image",
                                                    "Variant Image",
                                                    "Variant SKU",
                                                    "SEO",
                                                    "Google Shopping",
                                                    "Gift Card",
                                                    "Cost per item",
                                                    "Product Category",
                                                    "Custom Product Type",
                                                    "Included /",
                                                    "Price /",
                                                    "Compare At Price /"};
constexpr std::array<std::string_view, 9> variant_plumbing{"Variant Price",
                                                           "Variant Grams",
                                                           "Variant Inventory Qty",
                                                           "Variant Inventory Tracker",
                                                           "Variant Inventory Policy",
                                                           "Variant Fulfillment Service",
                                                           "Variant Requires Shipping",
                                                           "Variant Taxable",
                                                           "Variant Weight Unit"};

constexpr std::string_view status_column = "Status";

bool begins_with_any(std::string_view name, const auto& list) {
  return std::any_of(list.begin(), list.end(), [&](auto head) { return name.starts_with(head); });
}

/// A column of ours to be: not of the shop system's workings.
bool is_further(std::string_view name) {
  return name != status_column && !begins_with_any(name, plumbing)
         && !begins_with_any(name, variant_plumbing);
}

/// Whether each variant has a value of its own in the column. All others are the product's, whose
/// first row has them.
bool is_of_variant(std::string_view name) {
  return name.starts_with("Variant ") || name.starts_with("Unit Price ")
         || name.find("variant.metafields") != std::string_view::npos;
}

/// "Apparel & Accessories > Clothing > Shirts" → "Shirts".
std::string last_step(std::string_view path) {
  const auto step = path.rfind('>');
  return std::string{trim(step == std::string_view::npos ? path : path.substr(step + 1))};
}

/// Spreadsheets keep a SKU of digits as text by an apostrophe, and the export carries it along.
std::string_view without_apostrophe(std::string_view text) {
  if (text.size() > 1 && text.front() == '\'')
    text.remove_prefix(1);
  return text;
}

std::string hyphenated(std::string_view text) {
  auto out = fold(text);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

} // namespace

result<void> shopify_rows::check_header(const std::vector<std::string>& names) {
  for (const auto* wanted : {"Handle", "Title", "Variant Price"})
    if (std::find(names.begin(), names.end(), wanted) == names.end())
      return error{errc::invalid_request,
                   "the file is no Shopify product export: it has no column '" + std::string{wanted}
                     + "'"}
        .with("field", wanted);
  return {};
}

void shopify_rows::add(record& out, std::string_view name, std::string value, bool attribute) {
  out.fields.push_back({name, made_.emplace_back(std::move(value)), attribute});
}

void shopify_rows::add_inherited(record& out, std::string_view name,
                                 const std::optional<std::string>& value) {
  if (value)
    add(out, name, *value);
}

void shopify_rows::inherit(const record& in, std::string_view handle) {
  if (handle.empty() || handle != parent_.handle) {
    parent_ = {};
    parent_.handle = handle;
    for (const auto& f : in.fields)
      if (!trim(f.value).empty() && !is_of_variant(f.name) && is_further(f.name))
        parent_.further.emplace(f.name, trim(f.value));
  }
  const auto take = [&](std::string& into, std::string_view name) {
    if (const auto text = cell(in, name); !text.empty())
      into = text;
  };
  const auto take_column = [&](std::optional<std::string>& into, std::string_view name,
                               auto&& reading) {
    const auto* found = find_cell(in, name);
    if (!found)
      return;
    auto value = reading(trim(found->value));
    if (!into || !value.empty())
      into = std::move(value);
  };
  const auto as_it_is = [](std::string_view text) { return std::string{text}; };
  take(parent_.title, "Title");
  take_column(parent_.description, "Body (HTML)", text_of_html);
  take_column(parent_.brand, "Vendor", as_it_is);
  take_column(parent_.category, "Type", as_it_is);
  if (!parent_.category || parent_.category->empty())
    take_column(parent_.category, "Product Category", last_step);
  take_column(parent_.tags, "Tags",
              [](std::string_view text) { return join_tags(split_tags(text, ',')); });
  take(parent_.status, status_column);
  take(parent_.published, "Published");
  for (std::size_t i = 0; i < option_names.size(); ++i)
    take(parent_.option_names[i], option_names[i]);
}

bool shopify_rows::is_for_sale() const {
  return (parent_.status.empty() || fold(parent_.status) == "active")
         && fold(parent_.published) != "false";
}

bool shopify_rows::is_option(std::string_view name) const {
  return std::any_of(parent_.option_names.begin(), parent_.option_names.end(),
                     [&](const std::string& option) { return same_column(option, name); });
}

std::string shopify_rows::made_sku(const record& in) const {
  auto sku = parent_.handle;
  for (const auto name : option_values)
    if (const auto value = cell(in, name); !value.empty() && value != "Default Title")
      sku += '-' + hyphenated(value);
  return sku;
}

void shopify_rows::add_options(const record& in, record& out) {
  for (std::size_t i = 0; i < option_values.size(); ++i) {
    const auto* found = find_cell(in, option_values[i]);
    if (!found || parent_.option_names[i].empty() || trim(found->value) == "Default Title")
      continue;
    add(out, made_.emplace_back(parent_.option_names[i]), std::string{trim(found->value)}, true);
  }
}

void shopify_rows::add_further(const record& in, record& out) {
  for (const auto& f : in.fields) {
    auto name = f.name;
    auto value = trim(f.value);
    if (!is_further(name))
      continue;
    if (const auto above = parent_.further.find(name);
        value.empty() && above != parent_.further.end())
      value = above->second;
    if (name.starts_with("Variant "))
      name.remove_prefix(8);
    if (!is_option(name))
      add(out, name, std::string{without_apostrophe(value)}, true);
  }
  // An attribute of earlier versions, which is cleared.
  if (find_cell(in, status_column) && !is_option(status_column))
    add(out, status_column, "", true);
}

shopify_row shopify_rows::map(const record& in, record& out) {
  made_.clear();
  out.line = in.line;
  out.error = in.error;
  out.fields.clear();
  if (!in.error.empty())
    return shopify_row::product;
  const auto handle = cell(in, "Handle");
  const auto sku = cell(in, "Variant SKU");
  const auto price = cell(in, "Variant Price");
  inherit(in, handle);
  if (sku.empty() && price.empty() && cell(in, "Title").empty()
      && cell(in, option_values[0]).empty())
    return shopify_row::image;
  add(out, "sku", sku.empty() ? made_sku(in) : std::string{without_apostrophe(sku)});
  if (!is_for_sale())
    return shopify_row::not_for_sale;
  add(out, "title", parent_.title);
  add(out, "price", std::string{price});
  // A column that the export lacks must not clear what is stored.
  add_inherited(out, "description", parent_.description);
  add_inherited(out, "brand", parent_.brand);
  add_inherited(out, "category", parent_.category);
  add_inherited(out, "tags", parent_.tags);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> figures{
    {{"cost", "Cost per item"}, {"stock", "Variant Inventory Qty"}, {"weight_g", "Variant Grams"}}};
  for (const auto& [ours, theirs] : figures)
    if (const auto* found = find_cell(in, theirs))
      add(out, ours, std::string{trim(found->value)});
  add_options(in, out);
  add_further(in, out);
  return shopify_row::product;
}

} // namespace flipsync
