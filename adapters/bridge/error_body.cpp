#include "adapters/bridge/error_body.hpp"

#include "adapters/bridge/completions/error_shape.hpp"
#include "adapters/bridge/routes.hpp"

namespace flipsync {

error_dialect dialect_of(std::string_view target) noexcept {
  return origin_form(target).starts_with("/v1/") ? error_dialect::completions
                                                 : error_dialect::problem;
}

std::string_view content_type_of(error_dialect dialect) noexcept {
  return dialect == error_dialect::completions ? "application/json" : "application/problem+json";
}

void append_error(std::string& out, error_dialect dialect, const error& why, int status,
                  std::string_view request_id, const turn_reply* failed, wire::costs how) {
  if (dialect == error_dialect::completions)
    completions::append_error(out, why, status);
  else
    wire::append_problem(out, why, status, request_id, failed, how);
}

} // namespace flipsync
