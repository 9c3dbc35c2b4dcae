#include "adapters/bridge/access/role.hpp"

#include <string>

namespace flipsync {

std::string_view to_string(role r) noexcept {
  switch (r) {
  case role::shopper:
    return "shopper";
  case role::seller:
    return "seller";
  case role::operator_:
    break;
  }
  return "operator";
}

result<role> parse_role(std::string_view name) {
  for (const auto r : {role::shopper, role::seller, role::operator_})
    if (to_string(r) == name)
      return r;
  return error{errc::invalid_request, "'" + std::string{name.substr(0, 100)}
                                        + "' is no role; allowed: shopper, seller, "
                                          "operator"}
    .with("field", "role");
}

} // namespace flipsync
