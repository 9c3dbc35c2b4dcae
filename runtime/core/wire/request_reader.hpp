#pragma once
/// Reads a turn request's members (API.md: turn request). Includes simdjson: for sources of this
/// folder only.

#include <simdjson.h>

#include <string_view>

#include "runtime/core/types/turn_request.hpp"

namespace flipsync::wire {

class request_reader {
public:
  using element = simdjson::dom::element;

  /// Reads one member, each at most once; null is as good as absent. Errors: invalid_request
  /// naming it.
  result<void> member(std::string_view name, element value);
  [[nodiscard]] turn_request& request() noexcept { return request_; }

private:
  using setter = result<void> (request_reader::*)(std::string_view, element);
  struct rule {
    std::string_view name;
    setter set;
  };
  static const rule rules[];

  template <std::string turn_request::*Field>
  result<void> text(std::string_view name, element value);
  template <bool turn_request::*Field>
  result<void> flag(std::string_view name, element value);
  result<void> context(std::string_view name, element value);
  result<void> who(std::string_view name, element value);
  result<void> prefer(std::string_view name, element value);
  result<void> timeout(std::string_view name, element value);
  result<void> max_cost(std::string_view name, element value);

  turn_request request_;
  unsigned seen_ = 0; ///< one bit per rule
};

} // namespace flipsync::wire
