#include "adapters/store/shopify.hpp"

#include <algorithm>

#include "adapters/store/html_text.hpp"
#include "adapters/store/product_rows.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

std::string_view cell(const record& row, std::string_view name) {
  for (const auto& f : row.fields)
    if (f.name == name)
      return trim(f.value);
  return {};
}

bool has_cell(const record& row, std::string_view name) {
  return std::any_of(row.fields.begin(), row.fields.end(),
                     [&](const field& f) { return f.name == name; });
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

bool begins_with_any(std::string_view name, const auto& list) {
  return std::any_of(list.begin(), list.end(), [&](auto head) { return name.starts_with(head); });
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

void shopify_rows::inherit(const record& in, std::string_view handle) {
  if (handle != parent_.handle) {
    parent_ = {};
    parent_.handle = handle;
  }
  const auto take = [](std::string& into, std::string value) {
    if (!value.empty())
      into = std::move(value);
  };
  take(parent_.title, std::string{cell(in, "Title")});
  take(parent_.description, text_of_html(cell(in, "Body (HTML)")));
  take(parent_.brand, std::string{cell(in, "Vendor")});
  auto category = std::string{cell(in, "Type")};
  if (category.empty() && parent_.category.empty())
    category = last_step(cell(in, "Product Category"));
  take(parent_.category, std::move(category));
  take(parent_.tags, join_tags(split_tags(cell(in, "Tags"), ',')));
  for (std::size_t i = 0; i < option_names.size(); ++i)
    take(parent_.option_names[i], std::string{cell(in, option_names[i])});
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
    const auto value = cell(in, option_values[i]);
    if (!value.empty() && value != "Default Title" && !parent_.option_names[i].empty())
      add(out, made_.emplace_back(parent_.option_names[i]), std::string{value}, true);
  }
}

void shopify_rows::add_further(const record& in, record& out) {
  for (const auto& f : in.fields) {
    if (trim(f.value).empty() || begins_with_any(f.name, plumbing)
        || begins_with_any(f.name, variant_plumbing))
      continue;
    auto name = f.name;
    if (name.starts_with("Variant "))
      name.remove_prefix(8);
    add(out, name, std::string{without_apostrophe(trim(f.value))}, true);
  }
}

bool shopify_rows::map(const record& in, record& out) {
  made_.clear();
  out.line = in.line;
  out.error = in.error;
  out.fields.clear();
  if (!in.error.empty())
    return true;
  const auto handle = cell(in, "Handle");
  const auto sku = cell(in, "Variant SKU");
  const auto price = cell(in, "Variant Price");
  inherit(in, handle);
  if (sku.empty() && price.empty() && cell(in, "Title").empty()
      && cell(in, option_values[0]).empty())
    return false;
  add(out, "sku", sku.empty() ? made_sku(in) : std::string{without_apostrophe(sku)});
  add(out, "title", parent_.title);
  add(out, "price", std::string{price});
  add(out, "brand", parent_.brand);
  add(out, "category", parent_.category);
  add(out, "description", parent_.description);
  add(out, "tags", parent_.tags);
  // A column that the export lacks must not clear what is stored.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> figures{
    {{"cost", "Cost per item"}, {"stock", "Variant Inventory Qty"}, {"weight_g", "Variant Grams"}}};
  for (const auto& [ours, theirs] : figures)
    if (has_cell(in, theirs))
      add(out, ours, std::string{cell(in, theirs)});
  add_options(in, out);
  add_further(in, out);
  return true;
}

} // namespace flipsync
