#include "adapters/bridge/http_status.hpp"

namespace flipsync {

int http_status(errc code) noexcept {
  switch (code) {
  case errc::none:
    return 200;
  case errc::invalid_request:
    return 400;
  case errc::unauthorized:
    return 401;
  case errc::forbidden:
    return 403;
  case errc::not_found:
    return 404;
  case errc::conflict:
    return 409;
  // Well-formed, but not to be had as asked: the same request will not pass a second time.
  case errc::over_budget:
  case errc::context_too_long:
  case errc::content_filtered:
    return 422;
  case errc::rate_limited:
    return 429;
  // Not of a standard, but what proxies log where the client left first; hardly anyone reads it.
  case errc::cancelled:
    return 499;
  case errc::provider_unavailable:
  case errc::provider_rejected:
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

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 101:
    return "Switching Protocols";
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 204:
    return "No Content";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 413:
    return "Content Too Large";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 422:
    return "Unprocessable Content";
  case 426:
    return "Upgrade Required";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 499:
    return "Client Closed Request";
  case 500:
    return "Internal Server Error";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  default:
    return "";
  }
}

} // namespace flipsync
