#include "agents/listing/listing_rules.hpp"

#include "agents/common/margin.hpp"
#include "agents/common/wording.hpp"
#include "agents/content/content_rules.hpp"
#include "runtime/core/text/public_columns.hpp"

namespace flipsync::listing {

namespace {

std::string too_long(std::string_view what, std::size_t length, std::uint32_t allowed) {
  return "the " + std::string{what} + " has "
         + wording::count(static_cast<std::int64_t>(length), "character") + ", and "
         + std::to_string(allowed) + " are allowed";
}

void check_texts(const product& item, const marketplace_rules& rules,
                 const std::vector<std::string>& banned_words, findings& found) {
  const auto title = wording::length(item.title);
  switch (content::check_title(item.title, rules)) {
  case content::limit_state::too_long:
    found.errors.push_back(too_long("title", title, rules.title_limit));
    break;
  case content::limit_state::long_title:
    found.warnings.push_back(
      "the title has " + wording::count(static_cast<std::int64_t>(title), "character")
      + ", and more than " + std::to_string(rules.title_warn) + " is not advised");
    break;
  case content::limit_state::fits:
    break;
  }
  if (content::description_too_long(item.description, rules))
    found.errors.push_back(
      too_long("description", wording::length(item.description), rules.description_limit));
  const auto banned = content::banned_in(item.title + " " + item.description, banned_words);
  if (!banned.empty())
    found.errors.push_back("the text holds banned words (" + wording::list(banned) + ")");
}

} // namespace

money listing_price(money list_price, const marketplace_rules& rules) {
  return scale(list_price, rules.price_thousandths);
}

findings validate(const product& item, const marketplace_rules& rules,
                  const std::vector<std::string>& banned_words) {
  findings found;
  if (item.title.empty())
    found.errors.emplace_back("the title is missing");
  if (item.price.cents <= 0)
    found.errors.emplace_back("the price is missing");
  check_texts(item, rules, banned_words, found);
  if (item.cost && item.price.cents > 0
      && below_floor(listing_price(item.price, rules), *item.cost))
    found.errors.push_back("the listing price of " + show(listing_price(item.price, rules))
                           + " is below cost × 1.1, which only a human may allow");
  const auto warn_if = [&](bool absent, const char* text) {
    if (absent)
      found.warnings.emplace_back(text);
  };
  warn_if(item.brand.empty(), "the brand is missing");
  warn_if(item.category.empty(), "the category is missing");
  warn_if(item.description.empty(), "the description is missing");
  warn_if(!item.weight_g || *item.weight_g <= 0,
          "the weight is missing, so shipping cannot be computed");
  warn_if(!item.stock, "the stock is not recorded");
  warn_if(item.stock && *item.stock <= 0, "the product is out of stock");
  return found;
}

listing_draft draft(const product& item, const marketplace_rules& rules) {
  listing_draft made;
  made.title = rules.title_limit > 0 ? wording::clip(item.title, rules.title_limit) : item.title;
  made.price = listing_price(item.price, rules);
  made.description = rules.description_limit > 0
                       ? wording::clip(item.description, rules.description_limit)
                       : item.description;
  for (const auto& [name, value] : item.attributes)
    if (made.bullets.size() < rules.bullets && !value.empty() && is_public_column(name))
      made.bullets.push_back(column_words(name) + ": " + value);
  for (const auto& tag : item.tags)
    if (made.bullets.size() < rules.bullets && !tag.empty())
      made.bullets.push_back(tag);
  return made;
}

} // namespace flipsync::listing
