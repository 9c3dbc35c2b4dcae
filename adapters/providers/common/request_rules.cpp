#include "adapters/providers/common/request_rules.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "adapters/providers/common/json_write.hpp"

namespace flipsync::providers {

namespace {

constexpr std::size_t longest_name = 64;

bool is_name_char(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

bool is_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_name
         && std::all_of(text.begin(), text.end(), is_name_char);
}

bool is_object(std::string_view text) {
  const auto value = read_json(text);
  return value && value->is_object();
}

error fault(std::string field, const std::string& what) {
  auto message = field + " " + what;
  return error{errc::invalid_request, std::move(message)}.with("field", std::move(field));
}

result<void> tools_fault(const model_request& request) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    const auto& tool = request.tools[i];
    const auto field = "tools[" + std::to_string(i) + "]";
    if (!is_name(tool.name))
      return fault(field + ".name", "is not 1 to 64 of letters, digits, _ and -");
    if (!names.insert(tool.name).second)
      return fault(field + ".name", "is the name of another tool too");
    if (!tool.parameters.empty() && !is_object(tool.parameters))
      return fault(field + ".parameters", "is no JSON object");
  }
  using kind = tool_choice::kind;
  if (request.choice.what == kind::named && names.count(request.choice.name) == 0)
    return fault("tool_choice", "names a tool that is not there");
  if (request.choice.what == kind::required && names.empty())
    return fault("tool_choice", "asks for a call, but there are no tools");
  return {};
}

result<void> format_fault(const answer_format& format) {
  if (format.what != answer_format::kind::json_schema)
    return {};
  if (!format.name.empty() && !is_name(format.name))
    return fault("answer_format.name", "is not 1 to 64 of letters, digits, _ and -");
  if (!is_object(format.schema))
    return fault("answer_format.schema", "is no JSON object");
  return {};
}

result<void> messages_fault(const model_request& request) {
  for (std::size_t i = 0; i < request.messages.size(); ++i)
    if (request.messages[i].role == chat_role::tool && called_tool(request, i).empty())
      return fault("messages[" + std::to_string(i) + "].tool_call_id",
                   "answers a call that no message before it makes");
  return {};
}

} // namespace

result<void> fault_of(const model_request& request) {
  if (auto sound = tools_fault(request); !sound)
    return sound;
  if (auto sound = format_fault(request.format); !sound)
    return sound;
  return messages_fault(request);
}

std::string_view called_tool(const model_request& request, std::size_t at) {
  const auto& id = request.messages[at].tool_call_id;
  while (at-- > 0)
    for (const auto& call : request.messages[at].tool_calls)
      if (call.id == id)
        return call.name;
  return {};
}

std::vector<std::size_t> in_order_of_calls(const model_request& request) {
  const auto& messages = request.messages.items();
  std::vector<std::size_t> order(messages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::ptrdiff_t> place(messages.size()); // of an answer's call among its neighbours
  for (std::size_t at = 0; at < messages.size();) {
    const auto& calls = messages[at].tool_calls;
    const auto first = ++at;
    for (; at < messages.size() && messages[at].role == chat_role::tool; ++at)
      place[at] =
        std::find_if(calls.begin(), calls.end(),
                     [&](const tool_call& call) { return call.id == messages[at].tool_call_id; })
        - calls.begin();
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(first),
                     order.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](std::size_t a, std::size_t b) { return place[a] < place[b]; });
  }
  return order;
}

std::string portable_id(std::string_view id, std::size_t longest) {
  if (!id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), is_name_char))
    return std::string{id};
  constexpr std::string_view digits = "0123456789abcdef";
  // FNV-1a: the same on every machine, so that a call and its answer meet.
  std::uint64_t hash = 14695981039346656037ULL;
  for (const auto c : id)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::string out = "call";
  for (int shift = 60; shift >= 0; shift -= 4)
    out += digits[(hash >> static_cast<unsigned>(shift)) & 15U];
  return out;
}

std::string system_text(const model_request& request) {
  std::string all;
  for (const auto& message : request.messages)
    if (message.role == chat_role::system && !message.text.empty()) {
      if (!all.empty())
        all += "\n\n";
      all += message.text;
    }
  return all;
}

std::uint32_t plus(std::uint32_t tokens, std::uint32_t more) noexcept {
  return static_cast<std::uint32_t>(
    std::min<std::uint64_t>(std::uint64_t{tokens} + more, UINT32_MAX));
}

} // namespace flipsync::providers
