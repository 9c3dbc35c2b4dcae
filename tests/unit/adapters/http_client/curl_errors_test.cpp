#include "adapters/http_client/curl_errors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <curl/curl.h>

using namespace flipsync;
using flipsync::http::error_of;

TEST_CASE("certificate and handshake failures are provider_unavailable in phase connect") {
  for (const auto code : {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR}) {
    const auto why = error_of(code, "head", "");
    CHECK(why.code == errc::provider_unavailable);
    CHECK(why.detail("phase") == "connect");
  }
}

TEST_CASE("what is wrong with a certificate is said") {
  const auto reason = [](const char* words) {
    return std::string{error_of(CURLE_PEER_FAILED_VERIFICATION, "connect", words).detail("reason")};
  };
  CHECK(reason("SSL certificate problem: self-signed certificate")
        == "the server's certificate is not trusted");
  CHECK(reason("SSL certificate problem: certificate has expired")
        == "the server's certificate has expired");
  CHECK(reason("SSL: no alternative certificate subject name matches target host name 'secret'")
        == "the server's certificate is for another name");
}

TEST_CASE("a proxy that refuses the login is told from a broken connection") {
  for (const auto* words :
       {"CONNECT tunnel failed, response 407", "Received HTTP code 407 from proxy after CONNECT"}) {
    const auto why = error_of(CURLE_RECV_ERROR, "head", words);
    CHECK(why.code == errc::provider_unavailable);
    CHECK(why.detail("phase") == "connect");
    CHECK(why.detail("reason").find("name and password") != std::string::npos);
  }
}

TEST_CASE("a failure while sending names the phase send") {
  CHECK(error_of(CURLE_SEND_ERROR, "head", "").detail("phase") == "send");
}

TEST_CASE("broken framing is told from a broken connection by libcurl's words") {
  CHECK(error_of(CURLE_RECV_ERROR, "body", "Recv failure: Connection reset by peer").code
        == errc::provider_unavailable);
  CHECK(error_of(CURLE_RECV_ERROR, "body",
                 "Illegal or missing hexadecimal sequence in chunked-encoding")
          .code
        == errc::malformed_reply);
}

TEST_CASE("an error never repeats libcurl's words, which may hold an address") {
  const auto why =
    error_of(CURLE_COULDNT_RESOLVE_HOST, "connect", "Could not resolve host: secret.example");
  CHECK(why.message.find("secret") == std::string::npos);
  for (const auto& [name, value] : why.details)
    CHECK(value.find("secret") == std::string::npos);
}
