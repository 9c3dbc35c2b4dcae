#include "adapters/bridge/routes.hpp"

#include <algorithm>

#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/percent.hpp"

namespace flipsync {

namespace {

constexpr std::size_t method_count = static_cast<std::size_t>(http_method::other);

/// Takes the first segment off a path; false where none is left.
bool take_segment(std::string_view& path, std::string_view& segment) {
  if (path.empty() || path.front() != '/')
    return false;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  return true;
}

bool is_parameter(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

bool is_tail(std::string_view segment) {
  return is_parameter(segment) && segment.size() > 2 && segment[segment.size() - 2] == '*';
}

bool well_encoded(std::string_view segment) {
  return segment.find('%') == std::string_view::npos || percent_decode(segment).has_value();
}

const route_table& the_table() {
  static const route_table table{routes_of_the_door()};
  return table;
}

} // namespace

struct route_table::node {
  std::string_view segment;
  std::vector<std::unique_ptr<node>> literals;
  std::unique_ptr<node> parameter;
  std::unique_ptr<node> tail;
  std::array<std::optional<route_number>, method_count> by_method;
  std::string allow; ///< empty where no route ends here
};

route_table::route_table(std::vector<route> routes)
  : routes_{std::move(routes)},
    root_{std::make_unique<node>()} {
  for (std::size_t i = 0; i < routes_.size(); ++i)
    add(static_cast<route_number>(i));
}

route_table::~route_table() = default;

void route_table::add(route_number number) {
  auto* at = root_.get();
  auto rest = routes_[number].pattern;
  std::string_view segment;
  while (take_segment(rest, segment)) {
    auto* next = is_tail(segment) ? &at->tail : is_parameter(segment) ? &at->parameter : nullptr;
    if (next == nullptr) {
      const auto known = std::find_if(at->literals.begin(), at->literals.end(),
                                      [&](const auto& n) { return n->segment == segment; });
      next = known != at->literals.end() ? &*known : &at->literals.emplace_back();
    }
    if (!*next)
      *next = std::make_unique<node>();
    (*next)->segment = segment;
    at = next->get();
  }
  const auto method = routes_[number].method;
  at->by_method[static_cast<std::size_t>(method)] = number;
  if (!at->allow.empty())
    at->allow += ", ";
  at->allow += method == http_method::get ? "GET, HEAD" : to_string(method);
}

bool route_table::end(const node& at, http_method method, route_match& into) const {
  if (at.allow.empty())
    return false;
  const auto slot = static_cast<std::size_t>(method);
  if (slot < method_count && at.by_method[slot]) {
    into.number = *at.by_method[slot];
    into.found = &routes_[into.number];
    return true;
  }
  if (into.allow.empty())
    into.allow = at.allow;
  return false;
}

bool route_table::walk(const node& at, std::string_view rest, http_method method,
                       route_match& into) const {
  const auto whole = rest;
  std::string_view segment;
  if (!take_segment(rest, segment))
    return rest.empty() && end(at, method, into);
  for (const auto& literal : at.literals)
    if (literal->segment == segment && walk(*literal, rest, method, into))
      return true;
  if (segment.empty() || into.parameters == route_match::max_parameters)
    return false;
  const auto bind = [&](const node& next, std::string_view value, std::string_view left) {
    if (!well_encoded(value))
      return false;
    into.raw[into.parameters++] = value;
    if (walk(next, left, method, into))
      return true;
    --into.parameters;
    return false;
  };
  return (at.parameter && bind(*at.parameter, segment, rest))
         || (at.tail && bind(*at.tail, whole.substr(1), {}));
}

route_match route_table::match(http_method method, std::string_view target) const {
  target = origin_form(target);
  const auto mark = target.find('?');
  route_match result;
  if (mark != std::string_view::npos)
    result.query = target.substr(mark + 1);
  const auto path = target.substr(0, mark);
  if (!path.empty())
    walk(*root_, path, method == http_method::head ? http_method::get : method, result);
  if (result.found != nullptr)
    result.allow = {};
  return result;
}

std::string route_match::parameter(std::string_view name) const {
  auto rest = found != nullptr ? found->pattern : std::string_view{};
  std::string_view segment;
  for (std::size_t i = 0; take_segment(rest, segment);) {
    if (!is_parameter(segment))
      continue;
    if (segment.substr(1, segment.size() - (is_tail(segment) ? 3 : 2)) == name)
      return i < parameters ? percent_decode(raw[i]).value_or(std::string{}) : std::string{};
    ++i;
  }
  return {};
}

std::string_view origin_form(std::string_view target) noexcept {
  constexpr std::string_view scheme = "http://";
  if (target.substr(0, scheme.size()) == scheme) {
    const auto slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
  }
  return target.substr(0, target.find('#'));
}

std::span<const route> all_routes() { return the_table().routes(); }

route_match match_route(http_method method, std::string_view target) {
  return the_table().match(method, target);
}

std::string_view name_of(route_number number) {
  const auto routes = all_routes();
  return number < routes.size() ? routes[number].pattern : std::string_view{"none"};
}

std::string_view to_string(http_method method) noexcept {
  switch (method) {
  case http_method::get:
    return "GET";
  case http_method::head:
    return "HEAD";
  case http_method::post:
    return "POST";
  case http_method::put:
    return "PUT";
  case http_method::delete_:
    return "DELETE";
  case http_method::options:
    return "OPTIONS";
  case http_method::other:
    break;
  }
  return {};
}

} // namespace flipsync
