#include "adapters/providers/common/url.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::providers;

TEST_CASE("a version is added where the user left the path out") {
  CHECK(versioned_url("https://api.example", "/v1") == "https://api.example/v1");
  CHECK(versioned_url("https://api.example///", "/v1") == "https://api.example/v1");
  CHECK(versioned_url("https://api.example/v1/", "/v1") == "https://api.example/v1");
  CHECK(versioned_url("https://api.example/proxy", "/v1") == "https://api.example/proxy");
  CHECK(versioned_url("127.0.0.1:80", "/v1") == "127.0.0.1:80/v1");
}

TEST_CASE("what is not plain is percent-encoded") {
  CHECK(url_part("gemini-3.5_flash~x") == "gemini-3.5_flash~x");
  CHECK(url_part("a/b:c") == "a%2Fb%3Ac");
  CHECK(url_part("a/b:c", true) == "a/b:c");
  CHECK(url_part("?&#=% é\n", true) == "%3F%26%23%3D%25%20%C3%A9%0A");
}
