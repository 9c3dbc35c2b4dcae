#include "config/agent_file/toml_table.hpp"

#include <algorithm>

namespace flipsync::config {

namespace {

std::string range_text(double low, double high) {
  const auto shown = [](double value) {
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
      text.pop_back();
    return text;
  };
  return shown(low) + " to " + shown(high);
}

} // namespace

toml_table::toml_table(const toml::table& table, std::string path)
  : table_{table},
    path_{std::move(path)} {}

const toml::node* toml_table::take(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

void toml_table::refuse(std::string_view key, std::string why) const {
  const auto* node = table_.get(key);
  const auto& place = node ? node->source() : table_.source();
  throw refusal{static_cast<std::int64_t>(place.begin.line), path_ + std::string{key},
                std::move(why)};
}

void toml_table::text(std::string_view key, std::string& out, std::size_t most) {
  const auto* node = take(key);
  if (!node)
    return;
  const auto value = node->value_exact<std::string>();
  if (!value || value->size() > most)
    refuse(key, "must be a text of at most " + std::to_string(most) + " bytes");
  out = *value;
}

void toml_table::texts(std::string_view key, std::vector<std::string>& out) {
  const auto* node = take(key);
  if (!node)
    return;
  const auto* list = node->as_array();
  if (!list)
    refuse(key, "must be a list of texts");
  out.clear();
  for (const auto& item : *list) {
    const auto value = item.value_exact<std::string>();
    if (!value || value->empty())
      refuse(key, "must be a list of texts that are not empty");
    out.push_back(*value);
  }
}

void toml_table::flag(std::string_view key, bool& out) {
  const auto* node = take(key);
  if (!node)
    return;
  const auto value = node->value_exact<bool>();
  if (!value)
    refuse(key, "must be true or false");
  out = *value;
}

void toml_table::number(std::string_view key, std::optional<double>& out, double low, double high) {
  const auto* node = take(key);
  if (!node)
    return;
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  // Written so that a NaN is refused too.
  if (!value || !(*value >= low && *value <= high))
    refuse(key, "must be a number from " + range_text(low, high));
  out = *value;
}

void toml_table::number(std::string_view key, double& out, double low, double high) {
  std::optional<double> value;
  number(key, value, low, high);
  out = value.value_or(out);
}

void toml_table::whole(std::string_view key, std::optional<std::uint32_t>& out, std::uint32_t low,
                       std::uint32_t high) {
  const auto* node = take(key);
  if (!node)
    return;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < low || *value > high)
    refuse(key,
           "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  out = static_cast<std::uint32_t>(*value);
}

void toml_table::whole(std::string_view key, std::uint32_t& out, std::uint32_t low,
                       std::uint32_t high) {
  std::optional<std::uint32_t> value;
  whole(key, value, low, high);
  out = value.value_or(out);
}

std::vector<const toml::table*> toml_table::tables(std::string_view key) {
  std::vector<const toml::table*> out;
  const auto* node = take(key);
  if (!node)
    return out;
  const auto* list = node->as_array();
  if (!list)
    refuse(key, "must be written as [[" + std::string{key} + "]] sections");
  for (const auto& item : *list) {
    if (!item.is_table())
      refuse(key, "must be written as [[" + std::string{key} + "]] sections");
    out.push_back(item.as_table());
  }
  return out;
}

void toml_table::finish() const {
  for (const auto& [key, node] : table_)
    if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
      refuse(key.str(), "is no known key");
}

} // namespace flipsync::config
