#include "runtime/core/model/task_table.hpp"

#include <algorithm>
#include <charconv>

namespace flipsync {

namespace {

constexpr std::string_view no_task = "any";
constexpr std::uint32_t most_tokens = 1'000'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(at);
    if (const auto part = trimmed(text.substr(0, end)); !part.empty() || at != ' ')
      parts.push_back(part);
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

error wrong(const std::string& row, const char* form) {
  return error{errc::invalid_request, "'" + row + "' is not of the form " + form};
}

/// Name and rest of "name: rest"; an empty name where there is none.
std::pair<std::string_view, std::string_view> named(std::string_view row) {
  const auto colon = row.find(':');
  if (colon == std::string_view::npos)
    return {};
  return {trimmed(row.substr(0, colon)), row.substr(colon + 1)};
}

std::vector<std::string> names_in(std::string_view cell) {
  std::vector<std::string> names;
  for (const auto name : split(cell, ' '))
    names.emplace_back(name);
  return names;
}

template <class T>
bool read_number(std::string_view text, T& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::vector<std::string> task_table::providers(std::string_view task, priority prefer) const {
  if (task.empty() && prefer == priority::unset)
    return {};
  const auto wanted = task.empty() ? no_task : task;
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [wanted](const task_row& r) { return r.task == wanted; });
  if (row == rows.end())
    return {};
  switch (prefer) {
  case priority::quality:
    return row->quality;
  case priority::cost:
    return row->cost;
  case priority::unset:
  case priority::speed:
    break;
  }
  return row->speed;
}

const task_limits* task_table::limits_of(std::string_view task) const noexcept {
  const auto found = std::find_if(limits.begin(), limits.end(),
                                  [task](const task_limits& l) { return l.task == task; });
  return found == limits.end() ? nullptr : &*found;
}

result<std::vector<task_row>> parse_task_rows(const std::vector<std::string>& rows) {
  constexpr auto form = "\"task: speed | quality | cost\"";
  std::vector<task_row> out;
  for (const auto& text : rows) {
    const auto [task, rest] = named(text);
    const auto cells = split(rest, '|');
    if (task.empty() || cells.size() != 3)
      return wrong(text, form);
    task_row row{std::string{task}, names_in(cells[0]), names_in(cells[1]), names_in(cells[2])};
    if (row.speed.empty() || row.quality.empty() || row.cost.empty())
      return wrong(text, form);
    out.push_back(std::move(row));
  }
  return out;
}

result<std::vector<task_limits>> parse_task_limits(const std::vector<std::string>& rows) {
  constexpr auto form = "\"task: max_tokens, temperature\", with 1 to 1000000 tokens and a "
                        "temperature from 0 to 2";
  std::vector<task_limits> out;
  for (const auto& text : rows) {
    const auto [task, rest] = named(text);
    const auto cells = split(rest, ',');
    task_limits limits{std::string{task}};
    if (task.empty() || cells.size() != 2 || !read_number(cells[0], limits.max_tokens)
        || !read_number(cells[1], limits.temperature) || limits.max_tokens == 0
        || limits.max_tokens > most_tokens || !(limits.temperature >= 0 && limits.temperature <= 2))
      return wrong(text, form);
    out.push_back(std::move(limits));
  }
  return out;
}

} // namespace flipsync
