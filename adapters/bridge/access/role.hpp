#pragma once
/// What the holder of an API key may do (API.md: keys and roles).

#include <cstdint>
#include <string_view>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// Each may what the ones before it may.
enum class role : std::uint8_t {
  shopper,   ///< chats as a shopper, reads its tenant's shopper conversations and the products
  seller,    ///< asks the seller agents too
  operator_, ///< everything: agents, cache, configuration, imports, metrics
};

/// "shopper", "seller", "operator".
std::string_view to_string(role r) noexcept;
/// Errors: invalid_request with `field` role.
result<role> parse_role(std::string_view name);

constexpr bool may(role has, role needed) noexcept { return has >= needed; }

/// Who asks where the request itself does not say.
constexpr audience audience_of(role r) noexcept {
  switch (r) {
  case role::shopper:
    return audience::shopper;
  case role::seller:
    return audience::seller;
  case role::operator_:
    break;
  }
  return audience::any;
}

} // namespace flipsync
