#include "adapters/bridge/media_type.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::is_json;
using flipsync::names_type;

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

TEST_CASE("a browser's Accept names HTML") {
  for (const auto* accept :
       {"text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*, TEXT/HTML;q=0.5",
        "application/json, text/html ; charset=utf-8 ; q=0.01"}) {
    INFO(accept);
    CHECK(names_type(accept, "text/html"));
  }
}

TEST_CASE("an Accept that takes anything, or refuses HTML, does not") {
  for (const auto* accept : {"", "*/*", "text/*", "application/json", "text/html;q=0",
                             "*/*, text/html; q=0.000", "text/htmlx", ",", ";"}) {
    INFO(accept);
    CHECK_FALSE(names_type(accept, "text/html"));
  }
}
