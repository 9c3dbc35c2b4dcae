#pragma once
/// Binds an option to a member of `settings` by two pointers to members.

#include <chrono>
#include <concepts>
#include <type_traits>

#include "config/option.hpp"

namespace flipsync::config {

template <class T>
struct unwrap {
  using type = T;
  static constexpr bool nullable = false;
};
template <class T>
struct unwrap<std::optional<T>> {
  using type = T;
  static constexpr bool nullable = true;
};

template <class T>
constexpr option_type type_of() {
  if constexpr (std::same_as<T, bool>)
    return option_type::boolean;
  else if constexpr (std::integral<T>)
    return option_type::integer;
  else if constexpr (std::floating_point<T>)
    return option_type::real;
  else if constexpr (std::same_as<T, std::chrono::milliseconds>)
    return option_type::duration;
  else if constexpr (std::same_as<T, std::vector<std::string>>)
    return option_type::list;
  else
    return option_type::text;
}

template <class T>
option_value to_value(const T& member) {
  if constexpr (unwrap<T>::nullable)
    return member ? to_value(*member) : option_value{};
  else if constexpr (std::same_as<T, std::chrono::milliseconds>)
    return std::int64_t{member.count()};
  else if constexpr (std::integral<T> && !std::same_as<T, bool>)
    return static_cast<std::int64_t>(member);
  else
    return member;
}

/// `value` has the option's type and lies in its range: check_value has seen it.
template <class T>
void from_value(T& member, const option_value& value) {
  if constexpr (unwrap<T>::nullable) {
    if (std::holds_alternative<std::monostate>(value)) {
      member.reset();
    } else {
      typename unwrap<T>::type inner{};
      from_value(inner, value);
      member = inner;
    }
  } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
    member = T{std::get<std::int64_t>(value)};
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else {
    member = std::get<T>(value);
  }
}

template <auto Group, auto Member>
option bind(std::string path, std::string doc) {
  using member_type = std::remove_cvref_t<decltype((std::declval<settings&>().*Group).*Member)>;
  option o;
  o.path = std::move(path);
  o.doc = std::move(doc);
  o.type = type_of<typename unwrap<member_type>::type>();
  o.nullable = unwrap<member_type>::nullable;
  o.get = [](const settings& s) { return to_value((s.*Group).*Member); };
  o.set = [](settings& s, const option_value& v) { from_value((s.*Group).*Member, v); };
  return o;
}

} // namespace flipsync::config
