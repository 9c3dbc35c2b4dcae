#include "runtime/core/cache/answer_class.hpp"

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::array<std::string_view, answer_classes> names{
  "chat", "conversation", "decision", "quick_replies", "products", "grammar", "scenario", "model",
};

} // namespace

std::string_view to_string(answer_class c) noexcept {
  const auto place = static_cast<std::size_t>(c);
  return place < names.size() ? names[place] : "unknown";
}

std::optional<answer_class> parse_answer_class(std::string_view name) noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return std::nullopt;
  return static_cast<answer_class>(found - names.begin());
}

answer_class class_of_part(std::string_view part, std::string_view agent, bool led_to) noexcept {
  if (part == "product_decision")
    return answer_class::decision;
  for (const auto name : {part, agent})
    if (const auto known = parse_answer_class(name); known && *known != answer_class::model)
      return *known;
  return led_to ? answer_class::conversation : answer_class::chat;
}

} // namespace flipsync
