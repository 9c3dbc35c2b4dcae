#pragma once
/// Small helpers around simdjson for the codecs. For .cpp files only: the header is heavy.

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace flipsync::providers {

/// Parses `json` and, if that works, calls `use(simdjson::dom::element)`, whose element lives only
/// until it returns. False if it is no JSON.
template <class F>
bool with_json(std::string_view json, F&& use) {
  // A parser keeps some ten bytes per byte of its largest document, so only small ones share one.
  constexpr std::size_t small = 64 * 1024;
  if (json.size() > small) {
    simdjson::dom::parser own;
    simdjson::dom::element root;
    if (own.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
      return false;
    std::forward<F>(use)(root);
    return true;
  }
  thread_local simdjson::dom::parser shared;
  simdjson::dom::element root;
  if (shared.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return false;
  std::forward<F>(use)(root);
  return true;
}

/// The member of an object; nullopt where `from` is no object or has none of that name.
inline std::optional<simdjson::dom::element> member(simdjson::dom::element from,
                                                    std::string_view name) {
  simdjson::dom::element found;
  if (!from.is_object() || from.at_key(name).get(found) != simdjson::SUCCESS)
    return std::nullopt;
  return found;
}

/// The member's text; empty where it is missing or no string.
inline std::string_view text_of(simdjson::dom::element from, std::string_view name) {
  std::string_view text;
  const auto found = member(from, name);
  if (!found || found->get(text) != simdjson::SUCCESS)
    return {};
  return text;
}

/// The member's JSON text where it is an object or a list, its text where it is a string, else
/// empty.
inline std::string json_or_text(simdjson::dom::element from, std::string_view name) {
  const auto found = member(from, name);
  if (found && (found->is_object() || found->is_array()))
    return simdjson::minify(*found);
  return std::string{text_of(from, name)};
}

/// The member as a count; 0 where it is missing, negative or no whole number.
inline std::uint32_t count_of(simdjson::dom::element from, std::string_view name) {
  std::uint64_t value = 0;
  const auto found = member(from, name);
  if (!found || found->get(value) != simdjson::SUCCESS || value > UINT32_MAX)
    return 0;
  return static_cast<std::uint32_t>(value);
}

} // namespace flipsync::providers
