#include "agents/logistics/carrier_rules.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <tuple>

#include "agents/common/focus_plan.hpp"
#include "agents/common/margin.hpp"
#include "runtime/core/text/number_text.hpp"

namespace flipsync::logistics {

namespace {

bool same_service(const shipping_rate& a, const shipping_rate& b) {
  return a.carrier == b.carrier && a.service == b.service && a.zone == b.zone;
}

bool cheaper(const shipping_rate& a, const shipping_rate& b) {
  constexpr std::int64_t never = INT64_MAX;
  return std::tuple{a.price, a.days.value_or(never)} < std::tuple{b.price, b.days.value_or(never)};
}

bool in_zone(const shipping_rate& rate, const std::string& zone) {
  return zone.empty() || fold(rate.zone) == fold(zone);
}

using rate_list = std::vector<const shipping_rate*>;

/// The rates of the zone, those of a service side by side: a table may have thousands.
rate_list by_service(const std::vector<shipping_rate>& rates, const std::string& zone) {
  rate_list sorted;
  for (const auto& rate : rates)
    if (in_zone(rate, zone))
      sorted.push_back(&rate);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::tie(a->carrier, a->service, a->zone) < std::tie(b->carrier, b->service, b->zone);
  });
  return sorted;
}

/// The cheapest of a service's rates that carries the weight; null if none does.
const shipping_rate* rate_for(std::span<const shipping_rate* const> service,
                              std::int64_t weight_g) {
  const shipping_rate* best = nullptr;
  for (const auto* rate : service)
    if (rate->max_weight_g >= weight_g && (best == nullptr || rate->price < best->price))
      best = rate;
  return best;
}

/// In parcels that are filled up to that step of the service.
std::optional<split> split_with(std::span<const shipping_rate* const> service,
                                const shipping_rate& step, std::int64_t units,
                                std::int64_t unit_weight_g) {
  const auto per_parcel = std::min(step.max_weight_g / unit_weight_g, units);
  if (per_parcel <= 0)
    return std::nullopt;
  const auto full_parcels = units / per_parcel;
  const auto rest = units % per_parcel;
  const auto* full = rate_for(service, per_parcel * unit_weight_g);
  const auto* last = rest > 0 ? rate_for(service, rest * unit_weight_g) : full;
  if (full == nullptr || last == nullptr)
    return std::nullopt;
  split made{*full, full_parcels + (rest > 0 ? 1 : 0), per_parcel,
             times(full->price, full_parcels)};
  if (rest > 0)
    made.total = plus(made.total, last->price);
  return made;
}

/// "3", "three" or "one".
std::optional<std::int64_t> whole_number(const std::string& word) {
  if (word == "one")
    return 1;
  if (const auto named = counted_by(word))
    return named;
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool all = failed == std::errc{} && end == word.data() + word.size();
  return all ? std::optional{value} : std::nullopt;
}

} // namespace

std::vector<shipping_rate> options(const std::vector<shipping_rate>& rates, std::int64_t weight_g,
                                   const std::string& zone,
                                   std::optional<std::int64_t> within_days) {
  std::vector<shipping_rate> best;
  for (const auto& rate : rates) {
    if (rate.max_weight_g < weight_g || !in_zone(rate, zone))
      continue;
    if (within_days && (!rate.days || *rate.days > *within_days))
      continue;
    const auto known = std::find_if(best.begin(), best.end(),
                                    [&](const auto& other) { return same_service(rate, other); });
    if (known == best.end())
      best.push_back(rate);
    else if (cheaper(rate, *known))
      *known = rate;
  }
  std::stable_sort(best.begin(), best.end(), cheaper);
  return best;
}

std::optional<shipping_rate> fastest(const std::vector<shipping_rate>& rates) {
  const shipping_rate* best = nullptr;
  for (const auto& rate : rates)
    if (rate.days
        && (best == nullptr
            || std::tuple{*rate.days, rate.price} < std::tuple{*best->days, best->price}))
      best = &rate;
  return best != nullptr ? std::optional{*best} : std::nullopt;
}

std::optional<split> cheapest_split(const std::vector<shipping_rate>& rates, std::int64_t units,
                                    std::int64_t unit_weight_g, const std::string& zone) {
  if (units <= 0 || unit_weight_g <= 0)
    return std::nullopt;
  std::optional<split> best;
  const auto sorted = by_service(rates, zone);
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::find_if(first, sorted.end(),
                                   [&](const auto* rate) { return !same_service(*rate, **first); });
    for (const auto* step : std::span{first, last}) {
      const auto made = split_with({first, last}, *step, units, unit_weight_g);
      if (made
          && (!best
              || std::tuple{made->total, made->parcels} < std::tuple{best->total, best->parcels}))
        best = made;
    }
    first = last;
  }
  return best;
}

std::optional<std::int64_t> promised_days(const std::vector<std::string>& words) {
  if (holds_phrase(words, "overnight") || holds_phrase(words, "next day")
      || holds_phrase(words, "tomorrow"))
    return 1;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool days = words[i] == "day" || words[i] == "days";
    const bool hours = words[i] == "hour" || words[i] == "hours";
    if (!days && !hours)
      continue;
    const auto& before = words[i - 1] == "business" || words[i - 1] == "working"
                           ? words[i >= 2 ? i - 2 : 0]
                           : words[i - 1];
    // A day that has begun is no promise kept: 36 hours are one day.
    if (const auto n = whole_number(before); n && *n > 0)
      return days ? *n : std::max<std::int64_t>(*n / 24, 1);
  }
  return std::nullopt;
}

std::string zone_of(const message_reading& message, const std::vector<std::string>& zones) {
  if (!message.zone.empty())
    return message.zone;
  for (const auto& zone : zones) {
    // A zone called "2" would match any number, so a bare number needs the word before it.
    const auto name = fold(zone);
    const bool bare =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!name.empty() && holds_phrase(message.words, bare ? "zone " + name : name))
      return zone;
  }
  return {};
}

} // namespace flipsync::logistics
