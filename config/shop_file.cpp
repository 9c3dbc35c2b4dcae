#include "config/shop_file.hpp"

#include <toml++/toml.h>

#include <cmath>
#include <functional>
#include <map>

#include "config/text_file.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::config {
namespace {

/// Where a value stands, for messages; errors leave as exceptions of this file only.
struct shop_fault {
  std::string message;
};

struct reader {
  const std::string& name;

  [[noreturn]] void refuse(const toml::node& node, std::string_view key, std::string_view allowed) {
    throw shop_fault{name + ":" + std::to_string(node.source().begin.line) + ": " + std::string{key}
                     + ": allowed: " + std::string{allowed}};
  }
  std::string text(const toml::node& node, std::string_view key) {
    if (const auto value = node.value_exact<std::string>(); value && !value->empty())
      return *value;
    refuse(node, key, "a text that is not empty");
  }
  std::int64_t whole(const toml::node& node, std::string_view key, std::int64_t high) {
    if (const auto value = node.value_exact<std::int64_t>(); value && *value >= 0 && *value <= high)
      return *value;
    refuse(node, key, "a whole number from 0 to " + std::to_string(high));
  }
  money amount(const toml::node& node, std::string_view key) {
    if (const auto value = node.value_exact<std::string>())
      if (const auto parsed = parse_money(*value); parsed && parsed->cents >= 0)
        return *parsed;
    refuse(node, key, "an amount as text, like \"0.40\"");
  }
  /// 1.05 → 1050. A share has at most three decimals, since rules count in thousandths.
  std::int64_t share(const toml::node& node, std::string_view key) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (value && *value >= 0 && *value <= 10) {
      const auto thousandths = std::llround(*value * 1000);
      if (std::fabs(*value * 1000 - static_cast<double>(thousandths)) < 1e-6)
        return thousandths;
    }
    refuse(node, key, "a number from 0 to 10 with at most three decimals");
  }
  std::vector<std::string> texts(const toml::node& node, std::string_view key) {
    if (!node.is_array())
      refuse(node, key, "a list of texts");
    std::vector<std::string> out;
    for (const auto& item : *node.as_array())
      out.push_back(text(item, key));
    return out;
  }
};

using take_value = std::function<void(const toml::node&)>;
using keys = std::map<std::string, take_value, std::less<>>;

void read_table(reader& r, const toml::table& table, const keys& known, const std::string& where) {
  for (const auto& [key, node] : table) {
    const auto at = known.find(key.str());
    if (at == known.end()) {
      std::string names;
      for (const auto& [name, take] : known)
        names += (names.empty() ? "" : ", ") + name;
      r.refuse(node, where + std::string{key.str()} + ": no such key", names);
    }
    at->second(node);
  }
}

marketplace_rules read_marketplace(reader& r, const toml::node& node) {
  if (!node.is_table())
    r.refuse(node, "marketplace", "[[marketplace]] sections");
  constexpr std::int64_t longest = 1'000'000;
  marketplace_rules out;
  const auto limit = [&](const char* key, std::uint32_t& into) {
    return std::pair<std::string, take_value>{key, [&r, key, &into](const toml::node& n) {
                                                into = static_cast<std::uint32_t>(
                                                  r.whole(n, key, longest));
                                              }};
  };
  keys known{limit("title_limit", out.title_limit), limit("title_warn", out.title_warn),
             limit("bullets", out.bullets), limit("description_limit", out.description_limit)};
  known["name"] = [&](const toml::node& n) { out.name = r.text(n, "name"); };
  known["price_share"] = [&](const toml::node& n) {
    out.price_thousandths = r.share(n, "price_share");
  };
  known["fee_share"] = [&](const toml::node& n) { out.fee_thousandths = r.share(n, "fee_share"); };
  known["fixed_fee"] = [&](const toml::node& n) { out.fixed_fee = r.amount(n, "fixed_fee"); };
  read_table(r, *node.as_table(), known, "marketplace.");
  if (out.name.empty())
    r.refuse(node, "marketplace", "a section with a name");
  return out;
}

std::vector<marketplace_rules> read_marketplaces(reader& r, const toml::node& node) {
  if (!node.is_array())
    r.refuse(node, "marketplace", "[[marketplace]] sections");
  std::vector<marketplace_rules> out;
  for (const auto& item : *node.as_array())
    out.push_back(read_marketplace(r, item));
  return out;
}

/// The order of topics matters, since replies are few; TOML tables have none, so it is a list.
std::vector<shop_topic> read_topics(reader& r, const toml::node& node) {
  if (!node.is_array())
    r.refuse(node, "topic", "[[topic]] sections");
  std::vector<shop_topic> out;
  for (const auto& item : *node.as_array()) {
    if (!item.is_table())
      r.refuse(item, "topic", "[[topic]] sections");
    auto& topic = out.emplace_back();
    read_table(r, *item.as_table(),
               {{"word", [&](const toml::node& n) { topic.word = fold(r.text(n, "word")); }},
                {"replies", [&](const toml::node& n) { topic.replies = r.texts(n, "replies"); }},
                {"answer", [&](const toml::node& n) { topic.answer = r.text(n, "answer"); }}},
               "topic.");
    if (topic.word.empty() || (topic.replies.empty() && topic.answer.empty()))
      r.refuse(item, "topic", "a section with word, and with replies or an answer");
  }
  return out;
}

shop_rules read_rules(reader& r, const toml::table& root) {
  auto out = default_shop_rules();
  keys known;
  known["name"] = [&](const toml::node& n) { out.shop_name = r.text(n, "name"); };
  known["currency"] = [&](const toml::node& n) {
    out.currency = r.text(n, "currency");
    if (out.currency.size() != 3)
      r.refuse(n, "currency", "a three-letter code, like \"USD\"");
  };
  known["default_lead_time_days"] = [&](const toml::node& n) {
    out.default_lead_time_days = r.whole(n, "default_lead_time_days", 3650);
  };
  known["refund_days"] = [&](const toml::node& n) {
    out.refund_days = static_cast<std::uint32_t>(r.whole(n, "refund_days", 3650));
  };
  known["human_refund_above"] = [&](const toml::node& n) {
    out.human_refund_above = r.amount(n, "human_refund_above");
  };
  const auto list = [&](const char* key, std::vector<std::string>& into) {
    known[key] = [&r, key, &into](const toml::node& n) { into = r.texts(n, key); };
  };
  list("inquiry_phrases", out.inquiry_phrases);
  list("default_replies", out.default_replies);
  list("banned_words", out.banned_words);
  list("age_gated_categories", out.age_gated_categories);
  known["marketplace"] = [&](const toml::node& n) { out.marketplaces = read_marketplaces(r, n); };
  known["topic"] = [&](const toml::node& n) { out.topics = read_topics(r, n); };
  read_table(r, root, known, "");
  return out;
}

} // namespace

result<shop_rules> parse_shop(std::string_view text, const std::string& name) {
  try {
    reader r{name};
    return read_rules(r, toml::parse(text, name));
  } catch (const shop_fault& why) {
    return error{errc::invalid_request, why.message};
  } catch (const toml::parse_error& why) {
    return error{errc::invalid_request, name + ":" + std::to_string(why.source().begin.line) + ": "
                                          + std::string{why.description()}};
  }
}

result<shop_rules> read_shop_file(const std::string& path) {
  auto text = read_text_file(path);
  if (!text)
    return text.error();
  return parse_shop(*text, path);
}

} // namespace flipsync::config
