#include "agents/common/rivals.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"

namespace flipsync {

namespace {

/// Of the words that a question about undercuts is made of, those that a subject may still hold.
constexpr std::array<std::string_view, 22> undercut_words{
  "undercut", "undercuts", "undercutting", "competitor", "competitors", "competition",
  "rival",    "rivals",    "beat",         "beaten",     "match",       "matching",
  "widest",   "biggest",   "largest",      "gap",        "gaps",        "shop",
  "average",  "lowest",    "highest",      "percent"};
constexpr std::size_t most_rival_words = 8;

/// Σ/n without the sum, which could pass the range of 64 bits.
money average_of(const std::vector<const rival_price*>& offers) {
  const auto n = static_cast<std::int64_t>(offers.size());
  std::int64_t whole = 0;
  std::int64_t rest = 0;
  for (const auto* offer : offers) {
    whole += offer->price.cents / n;
    rest += offer->price.cents % n;
  }
  return {whole + (2 * rest + n) / (2 * n)};
}

} // namespace

std::optional<rival_summary> summarize(const std::vector<rival_price>& prices) {
  std::vector<const rival_price*> offers;
  std::vector<std::string_view> names;
  for (const auto& price : prices) {
    if (price.price.cents <= 0)
      continue;
    offers.push_back(&price);
    if (std::find(names.begin(), names.end(), price.competitor) == names.end())
      names.push_back(price.competitor);
  }
  if (offers.empty())
    return std::nullopt;
  rival_summary sum{names.size(),       offers.size(),     offers[0]->price,
                    average_of(offers), offers[0]->price,  offers[0]->competitor,
                    offers[0]->seen_at, offers[0]->seen_at};
  for (const auto* offer : offers) {
    if (offer->price < sum.lowest) {
      sum.lowest = offer->price;
      sum.cheapest = offer->competitor;
    }
    sum.highest = std::max(sum.highest, offer->price);
    sum.newest = std::max(sum.newest, offer->seen_at);
    sum.oldest = std::min(sum.oldest, offer->seen_at);
  }
  return sum;
}

std::string rival_words(const message_reading& message) {
  std::string left;
  std::size_t count = 0;
  for (const auto& word : words_of(message.subject)) {
    const bool of_undercuts =
      std::find(undercut_words.begin(), undercut_words.end(), word) != undercut_words.end();
    if (of_undercuts || count == most_rival_words)
      continue;
    left.append(left.empty() ? "" : " ").append(word);
    ++count;
  }
  return fold(left) == fold(message.category) || fold(left) == fold(message.brand) ? "" : left;
}

std::vector<rival_price> named_rivals(const message_reading& message,
                                      const std::vector<rival_price>& prices) {
  std::vector<rival_price> named;
  std::copy_if(
    prices.begin(), prices.end(), std::back_inserter(named),
    [&](const rival_price& one) { return holds_phrase(message.words, fold(one.competitor)); });
  return named;
}

std::string asks_sentence(const rival_price& rival, const product& item) {
  return rival.competitor + " asks " + show(rival.price) + " for " + wording::label(item)
         + (rival.marketplace.empty() ? "" : " on " + rival.marketplace) + "; the shop's price is "
         + show(item.price) + ".";
}

std::chrono::milliseconds data_age(const rival_summary& rivals, wall_time now) {
  return std::max(now - rivals.newest, std::chrono::milliseconds{0});
}

} // namespace flipsync
