#include "adapters/bridge/percent.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("percent-encoded bytes are decoded, in either case") {
  CHECK(percent_decode("a%20b%2Fc%2f") == "a b/c/");
  CHECK(percent_decode("%41%c3%A9") == "A\xC3\xA9");
  CHECK(percent_decode("") == "");
}

TEST_CASE("a plus is a blank only in a form's query") {
  CHECK(percent_decode("a+b") == "a+b");
  CHECK(percent_decode("a+b%2B", true) == "a b+");
}

TEST_CASE("a percent sign without two hex digits is no encoding") {
  for (const auto* text : {"%", "a%2", "%zz", "%2g", "%%41"})
    CHECK_FALSE(percent_decode(text));
}
