#pragma once
/// Query strings: a route declares its parameters, the door reads and checks them before the
/// handler runs, and /openapi.json shows the same declarations.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync {

enum class query_type : std::uint8_t {
  text,    ///< UTF-8; min and max are bytes
  whole,   ///< a whole number from min to max
  decimal, ///< a number from min to max, with at most six decimals
  flag,    ///< "true" or "false", or the name alone for true
  choice,  ///< one of `choices`
};

/// One parameter of a route.
struct query_field {
  std::string_view name;
  query_type type = query_type::text;
  std::string_view summary;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::string_view choices = {}; ///< separated by '|'
  bool required = false;
};

/// The parameters that a request has: all declared, each at most once, well-formed and in range.
class query_values {
public:
  query_values() = default;

  /// `raw`: what follows the question mark. Errors: invalid_request with `field`, the name of the
  /// parameter that is unknown, doubled, missing or wrong ("query" where the encoding is).
  static result<query_values> parse(std::string_view raw, std::span<const query_field> declared);

  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const noexcept;
  [[nodiscard]] std::string text_or_empty(std::string_view name) const {
    return std::string{text(name).value_or(std::string_view{})};
  }
  [[nodiscard]] std::optional<std::int64_t> whole(std::string_view name) const noexcept;
  /// In millionths, exact.
  [[nodiscard]] std::optional<std::int64_t> millionths(std::string_view name) const noexcept;
  /// False where it is not given.
  [[nodiscard]] bool flag(std::string_view name) const noexcept;

private:
  struct value {
    std::string_view name; ///< of the declaration
    std::string text;
    std::int64_t number = 0; ///< whole, millionths, or 1 for true
  };
  static result<value> read(const query_field& field, std::string text);
  [[nodiscard]] const value* find(std::string_view name) const noexcept;

  std::vector<value> values_;
};

} // namespace flipsync
