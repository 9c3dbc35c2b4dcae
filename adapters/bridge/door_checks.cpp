#include "adapters/bridge/door_checks.hpp"

#include <algorithm>

namespace flipsync {

namespace {

bool only_reads(http_method method) noexcept {
  return method == http_method::get || method == http_method::head
         || method == http_method::options;
}

refusal forbidden(std::string field, std::string why) {
  return {403, error{errc::forbidden, std::move(why)}.with("field", std::move(field)), {}};
}

/// A list of headers' names as browsers write it (Fetch, 4.8), so that it may stand in a header of
/// ours. At most as long as the lists of real clients ever are.
bool is_list_of_names(std::string_view text) noexcept {
  constexpr std::size_t longest = 2048;
  constexpr std::string_view others = "!#$%&'*+-.^_`|~, "; // beside letters and digits
  return !text.empty() && text.size() <= longest
         && std::all_of(text.begin(), text.end(), [others](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || others.find(c) != std::string_view::npos;
            });
}

role role_for(access needed) noexcept {
  switch (needed) {
  case access::operators:
    return role::operator_;
  case access::seller:
    return role::seller;
  case access::open:
  case access::shopper:
    break;
  }
  return role::shopper;
}

} // namespace

std::optional<refusal> check_call(const origin_rules& rules, const http_request& request) {
  // Browsers always send one; HTTP/1.0 need not.
  if (request.hosts > 0 && !rules.host_allowed(request.host))
    return forbidden("host", "this service is not called by this name; access.host_names lists "
                             "those beside localhost");
  // A page of anywhere may send simple requests without asking first.
  if (!only_reads(request.method) && !rules.may_connect(request.origin, request.host))
    return forbidden("origin", "pages of this origin may not call this service; access.origins "
                               "lists those that may");
  return std::nullopt;
}

refusal unknown_sender(error why) {
  return {401, std::move(why), "WWW-Authenticate: Bearer realm=\"flipsync\"\r\n"};
}

std::optional<refusal> check_sender(access_gate& gate, const route& wanted, const client& from,
                                    access_gate::time_point now) {
  const auto& who = from.who();
  const auto needed = role_for(wanted.who);
  if (!may(who.who, needed))
    return refusal{403,
                   error{errc::forbidden, "this needs a key of the role "
                                            + std::string{to_string(needed)} + ", this one is "
                                            + std::string{to_string(who.who)}},
                   {}};
  if (auto counted = gate.count_request(from, now); !counted)
    return refusal{429, counted.error(), {}};
  return std::nullopt;
}

std::optional<refusal> check_audience(const client& from, const result<audience>& asked) {
  if (from.who().who != role::shopper || !asked || *asked != audience::seller)
    return std::nullopt;
  return forbidden("audience", "this key looks as a shopper, not as a seller");
}

std::string cors_headers(const origin_rules& rules, const http_request& request) {
  if (!rules.any_listed())
    return {};
  if (request.origin.empty() || !rules.listed(request.origin))
    return "Vary: Origin\r\n";
  return "Access-Control-Allow-Origin: " + request.origin
         + "\r\nAccess-Control-Expose-Headers: x-request-id, traceparent, retry-after, "
           "idempotency-replayed, x-flipsync-cache, x-should-retry\r\nVary: Origin\r\n";
}

bool is_preflight(const origin_rules& rules, const http_request& request) noexcept {
  return request.method == http_method::options && rules.any_listed() && !request.origin.empty()
         && request.preflight;
}

std::string preflight_headers(std::string_view methods, const http_request& request) {
  const std::string allowed =
    is_list_of_names(request.wanted_headers)
      ? request.wanted_headers
      : "authorization, cache-control, content-type, idempotency-key, traceparent, x-api-key, "
        "x-flipsync-cache, x-request-id";
  return "Access-Control-Allow-Methods: " + std::string{methods}
         + "\r\nAccess-Control-Allow-Headers: " + allowed
         + "\r\nAccess-Control-Max-Age: 600\r\nVary: Access-Control-Request-Headers\r\n";
}

} // namespace flipsync
