#include "adapters/bridge/media_type.hpp"

namespace flipsync {

namespace {

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower_ascii(a[i]) != lower_ascii(b[i]))
      return false;
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Cuts off what stands before the next semicolon, or comma.
std::string_view next_piece(std::string_view& rest, char until = ';') {
  const auto end = rest.find(until);
  const auto piece = trim(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return piece;
}

/// "q=0", "q=0.000": not wanted.
bool is_zero_quality(std::string_view parameter) {
  return parameter.size() > 2 && same(parameter.substr(0, 3), "q=0")
         && parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

} // namespace

bool is_json(std::string_view content_type) noexcept {
  constexpr std::string_view prefix = "application/";
  constexpr std::string_view suffix = "+json";
  constexpr std::string_view charset = "charset=";
  const auto type = next_piece(content_type);
  if (type.size() < prefix.size() || !same(type.substr(0, prefix.size()), prefix))
    return false;
  const auto subtype = type.substr(prefix.size());
  const bool derived =
    subtype.size() > suffix.size() && same(subtype.substr(subtype.size() - suffix.size()), suffix);
  if (!same(subtype, "json") && !derived)
    return false;
  while (!content_type.empty()) {
    const auto parameter = next_piece(content_type);
    if (parameter.size() < charset.size() || !same(parameter.substr(0, charset.size()), charset))
      continue;
    const auto value = parameter.substr(charset.size());
    if (!same(value, "utf-8") && !same(value, "\"utf-8\"") && !same(value, "utf8"))
      return false;
  }
  return true;
}

bool names_type(std::string_view accept, std::string_view type) noexcept {
  while (!accept.empty()) {
    auto range = next_piece(accept, ',');
    if (!same(next_piece(range), type))
      continue;
    bool wanted = true;
    while (!range.empty())
      wanted = !is_zero_quality(next_piece(range)) && wanted;
    return wanted;
  }
  return false;
}

bool wants_json(std::string_view accept) noexcept {
  constexpr std::string_view text = "text/";
  while (!accept.empty()) {
    const auto end = accept.find(',');
    auto range = accept.substr(0, end);
    accept = end == std::string_view::npos ? std::string_view{} : accept.substr(end + 1);
    const auto type = next_piece(range);
    if (same(type, "application/json"))
      return true;
    if (type.size() >= text.size() && same(type.substr(0, text.size()), text))
      return false;
  }
  return false;
}

} // namespace flipsync
