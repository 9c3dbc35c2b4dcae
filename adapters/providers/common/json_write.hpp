#pragma once
/// Small helpers around Boost.JSON for the codecs. For .cpp files only: the header is heavy.

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/model_request.hpp"

namespace flipsync::providers {

/// The value of a JSON text that may be nested 64 levels deep; nullopt if it is none. Pure.
std::optional<boost::json::value> read_json(std::string_view text);

/// The object of a JSON text; an empty one if it is none (broken arguments of a tool call, where a
/// vendor's protocol has no place for text). Pure.
boost::json::object object_or_empty(std::string_view text);

/// The value as JSON text, as boost::json::serialize writes it but for bytes that are no UTF-8,
/// which are replaced; four times as quick where most of it is text, as in a request to a model.
/// Pure.
std::string text_of(const boost::json::value& value);

/// Tools as OpenAI's protocol and those that follow it write them. Pure.
boost::json::array function_tools(const std::vector<tool_spec>& tools);

template <class T>
void put(boost::json::object& into, const char* name, const std::optional<T>& value) {
  if (value)
    into[name] = *value;
}

/// Appends the shortest text that reads as the same number; null for what is none.
void append_number(std::string& out, double value);

} // namespace flipsync::providers
