#pragma once
/// Writes a skill's result as JSON into one string. The order of calls is the order of members.

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// One JSON object. Money is written as a decimal number of the shop's currency; a number that is
/// not finite as null.
class json_object {
public:
  json_object& add(std::string_view name, std::string_view text);
  json_object& add(std::string_view name, const char* text) {
    return add(name, std::string_view{text});
  }
  template <std::same_as<bool> T>
  json_object& add(std::string_view name, T value) {
    return raw(name, value ? "true" : "false");
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) json_object& add(std::string_view name, T value) {
    return raw(name, std::to_string(value));
  }
  json_object& add(std::string_view name, double value);
  json_object& add(std::string_view name, money value);
  json_object& add(std::string_view name, const std::vector<std::string>& texts);
  /// Null where there is no value.
  template <class T>
  json_object& add(std::string_view name, const std::optional<T>& value) {
    return value ? add(name, *value) : raw(name, "null");
  }
  /// `json` is already JSON.
  json_object& raw(std::string_view name, std::string_view json);
  [[nodiscard]] std::string str() const { return text_ + '}'; }

private:
  void key(std::string_view name);
  std::string text_{'{'};
};

/// Joins values that are already JSON to an array.
std::string json_array(const std::vector<std::string>& values);

} // namespace flipsync
