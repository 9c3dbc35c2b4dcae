#include "adapters/http_client/curl_errors.hpp"

#include <curl/curl.h>

#include <string>

namespace flipsync::http {

namespace {

enum class kind { unavailable, malformed, invalid, expired };

struct meaning {
  kind what;
  const char* phase; ///< nullptr: where the exchange was
};

/// A proxy's 407 to a tunnel has the code of a reset, or of another failure in some versions.
bool is_proxy_login(std::string_view words) {
  return words.find("CONNECT") != std::string_view::npos
         && words.find("407") != std::string_view::npos;
}

meaning meaning_of(int code, std::string_view words) {
  if (is_proxy_login(words))
    return {kind::unavailable, "connect"};
  switch (code) {
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_CONNECT:
  case CURLE_PROXY:
  case CURLE_INTERFACE_FAILED:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return {kind::unavailable, "connect"};
  case CURLE_SEND_ERROR:
    return {kind::unavailable, "send"};
  case CURLE_UNSUPPORTED_PROTOCOL:
    // An answer that is no HTTP comes as "HTTP/0.9 is not allowed" under this code.
    if (words.find("HTTP/0.9") != std::string_view::npos)
      return {kind::malformed, nullptr};
    return {kind::invalid, nullptr};
  case CURLE_URL_MALFORMAT:
  case CURLE_BAD_FUNCTION_ARGUMENT:
    return {kind::invalid, nullptr};
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING:
  case 100: // CURLE_TOO_LARGE, which older headers lack: a header line beyond libcurl's own bound
    return {kind::malformed, nullptr};
  case CURLE_OPERATION_TIMEDOUT:
    return {kind::expired, nullptr};
  default:
    // Bad chunk sizes and bad compression share codes with resets, or did in some version.
    if (words.find("chunk") != std::string_view::npos
        || words.find("encoding") != std::string_view::npos)
      return {kind::malformed, nullptr};
    return {kind::unavailable, nullptr};
  }
}

/// libcurl has one code for whatever is wrong with a server's certificate.
std::string reason_of(int code, std::string_view words) {
  if (is_proxy_login(words))
    return "the proxy wants a name and password, or others than it was told";
  if (code != CURLE_PEER_FAILED_VERIFICATION)
    return curl_easy_strerror(static_cast<CURLcode>(code));
  if (words.find("subject name") != std::string_view::npos)
    return "the server's certificate is for another name";
  if (words.find("expired") != std::string_view::npos)
    return "the server's certificate has expired";
  return "the server's certificate is not trusted";
}

} // namespace

error error_of(int curl_code, std::string_view phase, std::string_view words) {
  const auto [what, fixed_phase] = meaning_of(curl_code, words);
  const auto reason = reason_of(curl_code, words);
  const std::string where = fixed_phase != nullptr ? fixed_phase : std::string{phase};
  switch (what) {
  case kind::invalid:
    return error{errc::invalid_request, "the address cannot be used"}
      .with("field", "url")
      .with("reason", reason);
  case kind::malformed:
    return error{errc::malformed_reply, "the server's answer breaks the protocol"}
      .with("phase", where)
      .with("reason", reason);
  case kind::expired:
    return error{errc::deadline_exceeded, "the exchange took too long"}.with("phase", where);
  case kind::unavailable:
    break;
  }
  return error{errc::provider_unavailable, "the exchange with the server failed"}
    .with("phase", where)
    .with("reason", reason);
}

} // namespace flipsync::http
