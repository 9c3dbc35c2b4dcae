#include "adapters/bridge/error_body.hpp"

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

std::string_view type_of(int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 429:
    return "rate_limit_error";
  default:
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}

void append_nested(std::string& out, const error& why, int status) {
  wire::json_object whole{out};
  wire::json_object body{whole.key("error")};
  body.text("message", why.message);
  body.text("type", type_of(status));
  if (const auto field = why.detail("field"); !field.empty())
    body.text("param", field);
  else
    body.key("param") += "null";
  body.text("code", to_string(why.code));
  body.close();
  whole.close();
}

} // namespace

error_dialect dialect_of(std::string_view target) noexcept {
  constexpr std::string_view v1 = "/v1/";
  return target.substr(0, v1.size()) == v1 ? error_dialect::completions : error_dialect::problem;
}

std::string_view content_type_of(error_dialect dialect) noexcept {
  return dialect == error_dialect::completions ? "application/json" : "application/problem+json";
}

void append_error(std::string& out, error_dialect dialect, const error& why, int status,
                  std::string_view request_id, const turn_reply* failed) {
  if (dialect == error_dialect::completions)
    append_nested(out, why, status);
  else
    wire::append_problem(out, why, status, request_id, failed);
}

} // namespace flipsync
