#include "adapters/bridge/completions/error_shape.hpp"

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::completions {

namespace {

/// What the provider answered: 0 if there was no answer.
int provider_status(const error& why) {
  const auto text = why.detail("status");
  int status = 0;
  for (const char c : text.substr(0, 3))
    status = c >= '0' && c <= '9' ? status * 10 + (c - '0') : 0;
  return status;
}

/// True where a provider refused what the caller asked for, not us.
bool refuses_the_request(const error& why) {
  const int status = provider_status(why);
  return why.code == errc::provider_rejected
         && (status == 400 || status == 404 || status == 413 || status == 422);
}

std::string_view type_of(const error& why, int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 429:
    return why.code == errc::over_budget ? "insufficient_quota" : "rate_limit_error";
  default:
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}

std::string_view code_of(const error& why, int status) {
  switch (why.code) {
  case errc::unauthorized:
    return "invalid_api_key";
  case errc::not_found:
    return why.detail("field") == "model" ? "model_not_found" : "not_found";
  case errc::provider_rejected:
    return status == 404 ? "model_not_found" : to_string(why.code);
  case errc::rate_limited:
    return "rate_limit_exceeded";
  case errc::over_budget:
    return "insufficient_quota";
  case errc::context_too_long:
    return "context_length_exceeded";
  case errc::content_filtered:
    return "content_filter";
  default:
    return to_string(why.code);
  }
}

} // namespace

int status_of(const error& why) noexcept {
  switch (why.code) {
  case errc::none:
    return 200;
  case errc::invalid_request:
  case errc::context_too_long:
  case errc::content_filtered:
    return 400;
  case errc::unauthorized:
    return 401;
  case errc::forbidden:
    return 403;
  case errc::not_found:
    return 404;
  case errc::conflict:
    return 409;
  case errc::over_budget:
  case errc::rate_limited:
    return 429;
  case errc::cancelled:
    return 499;
  case errc::provider_rejected:
    // Our key or our configuration, unless the request itself was refused.
    return refuses_the_request(why) ? (provider_status(why) == 404 ? 404 : 400) : 502;
  case errc::provider_unavailable:
  case errc::malformed_reply:
    return 502;
  case errc::overloaded:
  case errc::agent_down:
  case errc::store_failed:
  case errc::node_lost:
  case errc::shutting_down:
    return 503;
  case errc::deadline_exceeded:
    return 504;
  case errc::internal:
    return 500;
  }
  return 500;
}

void append_error(std::string& out, const error& why, int status) {
  auto message = why.message;
  if (const auto reason = why.detail("reason");
      !reason.empty() && message.find(reason) == std::string::npos)
    message.append(": ").append(reason);
  // This form has no member for it.
  if (const auto provider = why.detail("provider");
      !provider.empty() && message.find(provider) == std::string::npos)
    message.insert(0, ": ").insert(0, provider);
  wire::json_object whole{out};
  wire::json_object body{whole.key("error")};
  body.text("message", message);
  body.text("type", type_of(why, status));
  if (const auto field = why.detail("field"); !field.empty())
    body.text("param", field);
  else
    body.key("param") += "null";
  body.text("code", code_of(why, status));
  body.close();
  whole.close();
}

} // namespace flipsync::completions
