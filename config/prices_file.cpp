#include "config/prices_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "config/check.hpp"
#include "config/embedded.hpp"
#include "config/text_file.hpp"

namespace flipsync::config {
namespace {

/// Errors leave as exceptions of this file only.
struct price_fault {
  std::string message;
};

constexpr const char* amount_allowed =
  "dollars per million tokens, from 0 to 1000 with at most six decimals";

class price_reader {
public:
  price_reader(const std::string& name, const toml::node& node) : name_{name}, node_{node} {
    if (!node.is_table())
      refuse(node, "price", "[[price]] sections");
    for (const auto& [key, value] : *node.as_table())
      take(key.str(), value);
  }

  model_price finish() {
    require(!out_.provider.empty(), "provider");
    require(!out_.model.empty(), "model");
    require(input_.has_value(), "input");
    require(output_.has_value(), "output");
    require(!out_.date.empty(), "date");
    out_.usual = {*input_, cached_.value_or(*input_), *output_};
    if (out_.long_above > 0) {
      require(long_input_.has_value(), "long_input");
      require(long_output_.has_value(), "long_output");
      out_.long_prompt = {*long_input_, long_cached_.value_or(*long_input_), *long_output_};
    } else if (long_input_ || long_output_ || long_cached_) {
      require(false, "long_above");
    }
    return std::move(out_);
  }

private:
  [[noreturn]] void refuse(const toml::node& node, std::string_view key, std::string_view allowed) {
    throw price_fault{name_ + ":" + std::to_string(node.source().begin.line) + ": "
                      + std::string{key} + ": allowed: " + std::string{allowed}};
  }
  void require(bool there, std::string_view key) {
    if (!there)
      refuse(node_, key, "a section of [[price]] that has it");
  }

  void take(std::string_view key, const toml::node& value) {
    if (key == "provider")
      out_.provider = provider(value);
    else if (key == "model")
      out_.model = text(value, key);
    else if (key == "input")
      input_ = amount(value, key);
    else if (key == "cached_input")
      cached_ = amount(value, key);
    else if (key == "output")
      output_ = amount(value, key);
    else if (key == "long_above")
      out_.long_above = tokens(value);
    else if (key == "long_input")
      long_input_ = amount(value, key);
    else if (key == "long_cached_input")
      long_cached_ = amount(value, key);
    else if (key == "long_output")
      long_output_ = amount(value, key);
    else if (key == "date")
      out_.date = date(value);
    else
      refuse(value, std::string{key} + ": no such key",
             "provider, model, input, cached_input, output, long_above, long_input, "
             "long_cached_input, long_output, date");
  }

  std::string text(const toml::node& node, std::string_view key) {
    if (const auto value = node.value_exact<std::string>(); value && !value->empty())
      return *value;
    refuse(node, key, "a text that is not empty");
  }
  std::string provider(const toml::node& node) {
    auto name = text(node, "provider");
    for (const auto* known : {"ollama", "openai", "anthropic", "gemini"})
      if (name == known)
        return name;
    refuse(node, "provider", "ollama, openai, anthropic, gemini");
  }
  std::int64_t amount(const toml::node& node, std::string_view key) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (value && *value >= 0 && *value <= 1000) {
      const auto trillionths = std::llround(*value * 1e6);
      if (std::fabs(*value * 1e6 - static_cast<double>(trillionths)) < 1e-3)
        return trillionths;
    }
    refuse(node, key, amount_allowed);
  }
  std::uint32_t tokens(const toml::node& node) {
    if (const auto value = node.value_exact<std::int64_t>();
        value && *value >= 1 && *value <= 100'000'000)
      return static_cast<std::uint32_t>(*value);
    refuse(node, "long_above", "a whole number of tokens from 1 to 100000000");
  }
  std::string date(const toml::node& node) {
    const auto value = node.value_exact<toml::date>();
    if (!value)
      refuse(node, "date", "a date, like 2026-11-25");
    const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(value->year) + '-' + two(value->month) + '-' + two(value->day);
  }

  const std::string& name_;
  const toml::node& node_;
  model_price out_;
  std::optional<std::int64_t> input_;
  std::optional<std::int64_t> cached_;
  std::optional<std::int64_t> output_;
  std::optional<std::int64_t> long_input_;
  std::optional<std::int64_t> long_cached_;
  std::optional<std::int64_t> long_output_;
};

const model_price* same_model(const std::vector<model_price>& among, const model_price& price) {
  const auto at = std::find_if(among.begin(), among.end(), [&](const model_price& other) {
    return other.provider == price.provider && other.model == price.model;
  });
  return at == among.end() ? nullptr : &*at;
}

std::vector<model_price> read_all(const std::string& name, const toml::table& root) {
  std::vector<model_price> out;
  for (const auto& [key, node] : root) {
    if (key.str() != "price" || !node.is_array())
      throw price_fault{name + ":" + std::to_string(node.source().begin.line) + ": "
                        + std::string{key.str()} + ": allowed: [[price]] sections"};
    for (const auto& item : *node.as_array()) {
      auto price = price_reader{name, item}.finish();
      if (same_model(out, price) != nullptr)
        throw price_fault{name + ":" + std::to_string(item.source().begin.line) + ": model: '"
                          + price.model + "' has a price already; allowed: one for each model"};
      out.push_back(std::move(price));
    }
  }
  return out;
}

} // namespace

result<std::vector<model_price>> parse_prices(std::string_view text, const std::string& name) {
  try {
    return read_all(name, toml::parse(text, name));
  } catch (const price_fault& why) {
    return error{errc::invalid_request, why.message};
  } catch (const toml::parse_error& why) {
    return error{errc::invalid_request, name + ":" + std::to_string(why.source().begin.line) + ": "
                                          + std::string{why.description()}};
  }
}

result<price_list> read_prices(const cost_values& costs) {
  auto built_in = parse_prices(prices_toml(), "prices.toml (built in)");
  if (!built_in)
    return built_in.error();
  if (costs.prices_file.empty())
    return price_list{*std::move(built_in)};
  auto text = read_text_file(costs.prices_file);
  if (!text)
    return text.error();
  auto all = parse_prices(*text, costs.prices_file);
  if (!all)
    return all.error();
  for (auto& price : *built_in)
    if (same_model(*all, price) == nullptr)
      all->push_back(std::move(price));
  return price_list{*std::move(all)};
}

unknown_price unknown_price_of(const settings& values, std::string_view provider) {
  if (provider == "offline" || provider == "ollama")
    return unknown_price::free;
  const auto& set = values.costs.unknown_model;
  if (set == "free" || (set == "auto" && !at_vendor(values, provider)))
    return unknown_price::free;
  return set == "refuse" ? unknown_price::refuse : unknown_price::dearest;
}

} // namespace flipsync::config
