#pragma once
/// The table of routes: what the door offers, and how a request finds it. How to add a route: see
/// route.hpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bridge/route.hpp"

namespace flipsync {

/// Where a route stands in all_routes(); all_routes().size() stands for "none": what fails before
/// or at routing is counted there.
using route_number = std::uint16_t;

/// What a request target was found to mean. Views into the target.
struct route_match {
  static constexpr std::size_t max_parameters = 4;
  static constexpr route_number nowhere = 0xffff;

  const route* found = nullptr;
  route_number number = nowhere;
  std::string_view allow; ///< set where only the method is wrong: the methods that are right
  std::string_view query; ///< what follows the question mark, as sent
  std::array<std::string_view, max_parameters> raw; ///< the parameters, in order, as sent
  std::size_t parameters = 0;

  /// What stands for `{name}`, percent-decoded; empty if the pattern has no such parameter.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

/// Routes as a tree of segments: a look-up walks the target once and allocates nothing.
class route_table {
public:
  explicit route_table(std::vector<route> routes);
  ~route_table();
  route_table(const route_table&) = delete;
  route_table& operator=(const route_table&) = delete;

  [[nodiscard]] std::span<const route> routes() const noexcept { return routes_; }
  /// Finds the route of a request target (path with or without a query, or an absolute URL). A
  /// target whose parameters are not well percent-encoded has none.
  [[nodiscard]] route_match match(http_method method, std::string_view target) const;

private:
  struct node;
  void add(route_number number);
  bool walk(const node& at, std::string_view rest, http_method method, route_match& into) const;
  bool end(const node& at, http_method method, route_match& into) const;

  std::vector<route> routes_;
  std::unique_ptr<node> root_;
};

/// A target without scheme and host, where a proxy's form is used, and without fragment.
std::string_view origin_form(std::string_view target) noexcept;
/// The routes of the door.
std::span<const route> all_routes();
route_match match_route(http_method method, std::string_view target);
/// The pattern, for metrics; "none" for a number beyond the table.
std::string_view name_of(route_number number);
/// "GET"; empty for http_method::other.
std::string_view to_string(http_method method) noexcept;

} // namespace flipsync
