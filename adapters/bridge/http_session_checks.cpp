/// What a request's header must show before its handler runs.

#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/media_type.hpp"

namespace flipsync {

namespace {

error invalid(std::string field, std::string why) {
  return error{errc::invalid_request, std::move(why)}.with("field", std::move(field));
}

} // namespace

std::optional<refusal> http_session::check_header() {
  const auto& r = request();
  if (r.http_1_1 ? r.hosts != 1 : r.hosts > 1)
    return refusal{400, invalid("host", "HTTP/1.1 needs exactly one Host header"), {}};
  if (r.unknown_expectation)
    return refusal{417, invalid("expect", "only Expect: 100-continue is known"), {}};
  more_headers_ = cors_headers(services_.gate.origins(), r);
  if (auto strange = check_call(services_.gate.origins(), r))
    return strange;
  match_ = match_route(r.method, r.target);
  if (match_.found == nullptr && !match_.allow.empty() && is_preflight(services_.gate.origins(), r))
    return std::nullopt;
  if (match_.found == nullptr && !match_.allow.empty())
    return refusal{405, invalid("method", "this route takes " + std::string{match_.allow}),
                   "Allow: " + std::string{match_.allow} + "\r\n"};
  if (match_.found == nullptr)
    return refusal{404, error{errc::not_found, "there is no such route, GET / lists all"}, {}};
  if (auto refused = check_access())
    return refused;
  if (auto bad = read_query())
    return refusal{400, std::move(*bad), {}};
  if (const auto asked = query_.text("audience"); asked && match_.found->who != access::open)
    if (auto refused = check_audience(sender_, parse_audience(*asked)))
      return refused;
  return check_body();
}

std::optional<refusal> http_session::check_access() {
  const auto& wanted = *match_.found;
  if (wanted.who == access::open)
    return std::nullopt;
  const auto& r = request();
  auto key = services_.gate.identify({r.authorization, r.api_key});
  if (!key)
    return unknown_sender(key.error());
  sender_.key = *std::move(key);
  if (sender_.address.empty() && services_.gate.counts_addresses())
    sender_.address = host_.peer();
  return check_sender(services_.gate, wanted, sender_, since_);
}

std::optional<error> http_session::read_query() {
  const auto& declared = match_.found->query;
  if (match_.found->any_query || (match_.query.empty() && declared.empty()))
    return std::nullopt;
  auto values = query_values::parse(match_.query, declared);
  if (!values)
    return values.error();
  query_ = std::move(*values);
  return std::nullopt;
}

std::optional<refusal> http_session::check_body() const {
  const auto& r = request();
  if (match_.found->body != body_kind::json)
    return std::nullopt;
  if (!is_json(r.content_type))
    return refusal{415,
                   invalid("content-type", "the body must be JSON: content-type: application/json"),
                   "Accept: application/json\r\n"};
  if (!r.content_encoding.empty() && r.content_encoding != "identity")
    return refusal{415, invalid("content-encoding", "the body must not be compressed"),
                   "Accept-Encoding: identity\r\n"};
  return std::nullopt;
}

} // namespace flipsync
