#pragma once
/// Reads JSON members strictly: each once, each known, each of its type. Internal to the reading of
/// requests.

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync::completions {

namespace dom = simdjson::dom;

error wrong(std::string field, const std::string& message);
/// "field must be <wanted>".
error wrong_type(const std::string& field, std::string_view wanted);
error unknown_field(const std::string& field);

/// The document as an object; the parser is the thread's. Errors: invalid_request with field
/// "body".
result<dom::object> parse_object(std::string_view json, std::size_t max_depth);

result<std::string> read_text(const std::string& field, dom::element value);
/// Errors where it is no whole number or lies outside of the bounds.
result<std::int64_t> read_whole(const std::string& field, dom::element value, std::int64_t least,
                                std::int64_t most);
result<double> read_number(const std::string& field, dom::element value, double least, double most);
result<bool> read_flag(const std::string& field, dom::element value);
result<dom::object> read_object(const std::string& field, dom::element value);
result<dom::array> read_array(const std::string& field, dom::element value);

/// "path.name", or the name where the path is empty.
std::string member_of(const std::string& path, std::string_view name);
std::string element_of(const std::string& path, std::size_t index);

/// Calls `on(field, name, value)` for each member that is not null; a member that comes twice is
/// refused. Clients that send every field write null where they have nothing to say.
template <class F>
result<void> each_member(const std::string& path, dom::object object, F&& on) {
  std::vector<std::string_view> seen; // short: an unknown name ends the reading
  for (const auto [name, value] : object) {
    const auto field = member_of(path, name);
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return wrong(field, field + " is given twice");
    seen.push_back(name);
    if (value.is_null())
      continue;
    if (result<void> done = on(field, name, value); !done)
      return done.error();
  }
  return {};
}

/// Stores a result's value, or hands its error on.
template <class T, class U>
result<void> store(U& into, result<T>&& read) {
  if (!read)
    return read.error();
  into = std::move(*read);
  return {};
}

} // namespace flipsync::completions
