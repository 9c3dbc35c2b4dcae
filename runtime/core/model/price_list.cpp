#include "runtime/core/model/price_list.hpp"

#include <algorithm>
#include <tuple>

namespace flipsync {

namespace {

auto key_of(const model_price& price) {
  return std::tuple<std::string_view, std::string_view>{price.provider, price.model};
}

bool all_digits(std::string_view text) {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// True for what a vendor appends to a model's name to say which build of it is meant: a date, a
/// revision of three digits, "latest", "preview".
bool is_build(std::string_view part) {
  if (part == "latest" || part == "preview")
    return true;
  return all_digits(part) && part.size() != 1;
}

} // namespace

usd cost_of(const model_price& price, const token_usage& tokens) noexcept {
  const bool is_long = price.long_above > 0 && tokens.in > price.long_above;
  const auto& of = is_long ? price.long_prompt : price.usual;
  const auto cached = std::min(tokens.cached, tokens.in);
  const auto trillionths =
    (tokens.in - cached) * of.input + cached * of.cached_input + tokens.out * of.output;
  return {(trillionths + 500) / 1000};
}

price_list::price_list(std::vector<model_price> prices) : prices_{std::move(prices)} {
  std::stable_sort(prices_.begin(), prices_.end(), [](const model_price& a, const model_price& b) {
    return key_of(a) < key_of(b);
  });
}

const model_price* price_list::exact(std::string_view provider,
                                     std::string_view model) const noexcept {
  const std::tuple wanted{provider, model};
  const auto at =
    std::lower_bound(prices_.begin(), prices_.end(), wanted,
                     [](const model_price& price, const auto& key) { return key_of(price) < key; });
  return at != prices_.end() && key_of(*at) == wanted ? &*at : nullptr;
}

const model_price* price_list::find(std::string_view provider,
                                    std::string_view model) const noexcept {
  if (const auto* own = exact(provider, model))
    return own;
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos)
    model.remove_prefix(slash + 1);
  if (const auto* own = exact(provider, model))
    return own;
  // "…-2024-08-06" is three builds in a row; a longer name goes before a shorter one.
  for (auto shorter = model;;) {
    const auto dash = shorter.find_last_of("-@");
    if (dash == std::string_view::npos || dash == 0 || !is_build(shorter.substr(dash + 1)))
      return nullptr;
    shorter = shorter.substr(0, dash);
    if (const auto* own = exact(provider, shorter))
      return own;
  }
}

const model_price* price_list::dearest(std::string_view provider) const noexcept {
  const model_price* found = nullptr;
  for (const auto& price : prices_)
    if (price.provider == provider
        && (found == nullptr || price.usual.output > found->usual.output))
      found = &price;
  return found;
}

charged_price charge_for(const price_list& list, unknown_price otherwise, std::string_view provider,
                         std::string_view model) noexcept {
  if (const auto* known = list.find(provider, model))
    return {known, false};
  switch (otherwise) {
  case unknown_price::free:
    return {};
  case unknown_price::dearest:
    return {list.dearest(provider), false};
  case unknown_price::refuse:
    return {nullptr, true};
  }
  return {};
}

} // namespace flipsync
