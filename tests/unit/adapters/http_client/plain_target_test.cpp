#include "adapters/http_client/plain_target.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::http::plain_target_of;

TEST_CASE("an address without TLS is read into origin, Host and path") {
  struct row {
    const char* url;
    const char* origin;
    const char* host;
    const char* path;
  };
  for (const auto& [url, origin, host, path] :
       {row{"http://127.0.0.1:11434/api/chat", "127.0.0.1:11434", "127.0.0.1:11434", "/api/chat"},
        row{"http://localhost", "localhost:80", "localhost", "/"},
        row{"HTTP://LocalHost:80/v1", "localhost:80", "localhost", "/v1"},
        row{"http://gpu-1:8000/v1/x?a=1&b=%20c", "gpu-1:8000", "gpu-1:8000", "/v1/x?a=1&b=%20c"},
        row{"http://gpu-1:8000?a=1", "gpu-1:8000", "gpu-1:8000", "/?a=1"},
        row{"http://[::1]:9/x", "[::1]:9", "[::1]:9", "/x"},
        row{"http://host/x#part", "host:80", "host", "/x"},
        row{"http://host/a/../b", "host:80", "host", "/b"}}) {
    CAPTURE(url);
    const auto read = plain_target_of(url);
    REQUIRE(read);
    CHECK(read->origin == origin);
    CHECK(read->host_field == host);
    CHECK(read->path == path);
  }
}

TEST_CASE("what only libcurl can go to, or complain of, is left to it") {
  for (const auto* url :
       {"https://host/", "ftp://host/", "file:///etc/passwd", "not a url", "", "http://",
        "http://user:secret@host/", "http://user@host/", "http://m\xc3\xbcller.example/",
        "http://host/a b", "http://host/\r\nx: y", "http://host:99999/"}) {
    CAPTURE(url);
    CHECK_FALSE(plain_target_of(url));
  }
}
