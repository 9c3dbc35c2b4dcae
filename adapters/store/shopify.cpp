#include "adapters/store/shopify.hpp"

#include <algorithm>

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

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

/// "#39" or "#x27" as a code point; 0 for what is none that text may hold.
std::uint32_t numeric_entity(std::string_view name) {
  const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  std::uint32_t point = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const auto digit = std::string_view{"0123456789abcdef"}.find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos || (!hex && digit > 9) || point > 0x10FFFF)
      return 0;
    point = point * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < 0x20 || point > 0x10FFFF || surrogate ? 0 : point;
}

/// The entity's text; empty for one that is not known.
std::string entity_text(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> known{{{"amp", "&"},
                                                                                 {"lt", "<"},
                                                                                 {"gt", ">"},
                                                                                 {"quot", "\""},
                                                                                 {"apos", "'"},
                                                                                 {"nbsp", " "},
                                                                                 {"ndash", "–"},
                                                                                 {"mdash", "—"},
                                                                                 {"hellip", "…"},
                                                                                 {"rsquo", "’"},
                                                                                 {"lsquo", "‘"},
                                                                                 {"rdquo", "”"},
                                                                                 {"ldquo", "“"},
                                                                                 {"deg", "°"},
                                                                                 {"reg", "®"},
                                                                                 {"trade", "™"}}};
  for (const auto& [entity, text] : known)
    if (entity == name)
      return std::string{text};
  std::string out;
  if (name.size() > 1 && name.front() == '#')
    if (const auto point = numeric_entity(name); point != 0)
      append_utf8(out, point == 0xA0 ? ' ' : point);
  return out;
}

} // namespace

std::string text_of_html(std::string_view html) {
  std::string plain;
  for (std::size_t at = 0; at < html.size(); ++at) {
    if (html[at] == '<') {
      const auto end = html.find('>', at);
      if (end != std::string_view::npos) {
        plain += ' ';
        at = end;
        continue;
      }
    }
    const auto end = html[at] == '&' ? html.find(';', at) : std::string_view::npos;
    if (end != std::string_view::npos && end - at <= 10) {
      const auto text = entity_text(html.substr(at + 1, end - at - 1));
      if (!text.empty()) {
        plain += text;
        at = end;
        continue;
      }
    }
    plain += html[at];
  }
  std::string out;
  for (const char c : plain) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

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
