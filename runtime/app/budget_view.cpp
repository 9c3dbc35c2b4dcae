#include "runtime/app/budget_view.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/app/output.hpp"
#include "runtime/core/types/usd.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::app {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using row = std::vector<std::string>;

constexpr std::size_t gap = 2; ///< between columns

error unreadable(const char* what) {
  return error{errc::malformed_reply, std::string{"the service's "} + what + " cannot be read"};
}

std::string dollars(usd amount) { return "$" + to_decimal(amount); }

/// A member that is an amount; "none" where it is null.
std::string amount_in(element of, const char* name) {
  double value = 0;
  return of[name].get(value) == simdjson::SUCCESS ? dollars(usd_of(value)) : "none";
}

std::string count_in(element of, const char* name) {
  std::uint64_t value = 0;
  return of.at_pointer(name).get(value) == simdjson::SUCCESS ? std::to_string(value) : "-";
}

std::string text_in(element of, const char* name) {
  std::string_view value;
  return of[name].get(value) == simdjson::SUCCESS ? printable(value) : std::string{};
}

/// Aligned columns: the first `left` of them to the left, numbers to the right.
std::string table_of(const std::vector<row>& rows, std::size_t left) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& each : rows)
    for (std::size_t i = 0; i < each.size(); ++i)
      widths[i] = std::max(widths[i], each[i].size());
  std::string out;
  for (const auto& each : rows) {
    std::string line;
    for (std::size_t i = 0; i < each.size(); ++i) {
      const std::string fill(widths[i] - each[i].size() + (i == 0 ? 0 : gap), ' ');
      if (i < left)
        line += std::string(i == 0 ? 0 : gap, ' ') + each[i]
                + std::string(widths[i] - each[i].size(), ' ');
      else
        line += fill + each[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string limits_of(element budget, array limits) {
  std::vector<row> rows{{"limit", "", "spent", "set aside", "of", "left"}};
  for (const auto each : limits)
    rows.push_back({text_in(each, "limit"), text_in(each, "tenant"), amount_in(each, "spent_usd"),
                    amount_in(each, "reserved_usd"), amount_in(each, "limit_usd"),
                    amount_in(each, "left_usd")});
  rows.push_back({"conversation", "", "", "", amount_in(budget, "per_conversation_usd"), ""});
  rows.push_back({"request", "", "", "", amount_in(budget, "per_request_usd"), ""});
  return table_of(rows, 2);
}

std::string models_of(array models) {
  std::vector<row> rows{{"tenant", "provider", "model", "answers", "failures", "tokens in",
                         "tokens out", "cost", "wasted"}};
  for (const auto each : models)
    rows.push_back({text_in(each, "tenant"), text_in(each, "provider"), text_in(each, "model"),
                    count_in(each, "/answers"), count_in(each, "/failures"),
                    count_in(each, "/tokens/in"), count_in(each, "/tokens/out"),
                    amount_in(each, "cost_usd"), amount_in(each, "wasted_usd")});
  return rows.size() == 1 ? "No model call has cost anything today.\n" : table_of(rows, 3);
}

struct savings {
  std::uint64_t tokens = 0;
  usd cost;
  double ms = 0;
};

result<savings> saved_by(element caches) {
  array rows;
  if (caches["caches"].get(rows) != simdjson::SUCCESS)
    return unreadable("list of caches");
  savings sum;
  for (const auto each : rows) {
    std::uint64_t tokens = 0;
    double cost = 0;
    double ms = 0;
    if (each["saved_tokens"].get(tokens) || each["saved_usd"].get(cost) || each["saved_ms"].get(ms))
      return unreadable("list of caches");
    sum.tokens += tokens;
    sum.cost += usd_of(cost);
    sum.ms += ms;
  }
  return sum;
}

result<savings> saved_in(std::string_view caches) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(caches.data(), caches.size()).get(root) != simdjson::SUCCESS)
    return unreadable("list of caches");
  return saved_by(root);
}

} // namespace

result<std::string> budget_as_text(std::string_view budget, std::string_view caches) {
  const auto saved = saved_in(caches);
  if (!saved)
    return saved.error();
  simdjson::dom::parser parser;
  element root;
  array limits;
  array models;
  if (parser.parse(budget.data(), budget.size()).get(root) != simdjson::SUCCESS
      || root["limits"].get(limits) != simdjson::SUCCESS
      || root["models"].get(models) != simdjson::SUCCESS)
    return unreadable("budget");
  return "Spent on model calls on " + text_in(root, "day") + " (UTC), of what may be spent:\n\n"
         + limits_of(root, limits) + "\n" + models_of(models) + "\nSaved by the caches since the "
         + "service started: " + dollars(saved->cost) + ", " + std::to_string(saved->tokens)
         + " tokens.\n";
}

result<std::string> budget_as_json(std::string_view budget, std::string_view caches) {
  const auto saved = saved_in(caches);
  if (!saved)
    return saved.error();
  simdjson::dom::parser parser;
  if (parser.parse(budget.data(), budget.size()).error() != simdjson::SUCCESS)
    return unreadable("budget");
  std::string out;
  wire::json_object object{out};
  object.key("budget") += budget;
  {
    wire::json_object sum{object.key("saved")};
    sum.number("tokens", saved->tokens);
    wire::append_usd(sum.key("cost_usd"), saved->cost);
    sum.ms("ms", std::chrono::microseconds{std::llround(saved->ms * 1000)});
    sum.close();
  }
  object.close();
  return out + "\n";
}

} // namespace flipsync::app
