#include "adapters/bridge/media_type.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::is_json;

TEST_CASE("JSON in UTF-8 is taken under its usual names") {
  for (const auto* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"", "application/json ; profile=x; charset=UTF-8",
        "application/ld+json", " application/json"}) {
    INFO(type);
    CHECK(is_json(type));
  }
}

TEST_CASE("other types and other charsets are not") {
  for (const auto* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
        "application/+json", "json", "text/json", "application/json; charset=latin1",
        "application/json; charset=utf-16", ";application/json"}) {
    INFO(type);
    CHECK_FALSE(is_json(type));
  }
}
