#include "adapters/providers/common/json_write.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::providers;

TEST_CASE("Values are written as they were read") {
  for (const std::string text :
       {R"({})", R"([])", R"(null)", R"("a \"quoted\" word\nand a line")",
        R"({"a":[1,-2,true,false,null,{"b":"ü😀"}],"c":{},"d":[[]],"e":18446744073709551615})"}) {
    CAPTURE(text);
    const auto value = read_json(text);
    REQUIRE(value);
    CHECK(text_of(*value) == text);
  }
}

TEST_CASE("Numbers with a fraction come back as the same number") {
  const auto written = text_of({{"temperature", 0.7}, {"top_p", 1e-7}});
  const auto again = read_json(written);
  REQUIRE(again);
  CHECK(again->at("temperature").as_double() == 0.7);
  CHECK(again->at("top_p").as_double() == 1e-7);
}

TEST_CASE("Bytes that are no UTF-8 do not reach a provider") {
  const auto written = text_of({{"content", "a\xFF\xC3 b"}});
  CHECK(written == "{\"content\":\"a\uFFFD\uFFFD b\"}");
}
