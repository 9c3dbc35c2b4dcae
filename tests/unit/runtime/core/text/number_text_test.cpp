#include "runtime/core/text/number_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace flipsync;

TEST_CASE("A number is read where the text is one, or begins with one") {
  CHECK(number_of("2.5") == 2.5);
  CHECK(number_of("-3") == -3.0);
  CHECK(number_of("1e3") == 1000.0);
  for (const char* text : {"", "x", "2,5", "2.5 ", " 2", "nan", "inf", "0x10", "1e999"}) {
    INFO(text);
    CHECK_FALSE(number_of(text));
  }
  CHECK(leading_number("18%") == 18.0);
  CHECK(leading_number("2.5 kg") == 2.5);
  CHECK_FALSE(leading_number("about 3"));
}

TEST_CASE("A number is written with a point, and as short as is asked for") {
  CHECK(fixed_text(2.5, 2) == "2.50");
  CHECK(fixed_text(-0.126, 2) == "-0.13");
  CHECK(fixed_text(1e9, 0) == "1000000000");
  CHECK(short_text(0.6) == "0.6");
  CHECK(short_text(123456.789) == "123457");
  CHECK(short_text(1e9) == "1e+09");
  CHECK(exact_text(999999.5) == "999999.5");
  CHECK(exact_text(1e6) == "1000000");
  CHECK(exact_text(0.1) == "0.1");
}

TEST_CASE("The longest numbers are written whole") {
  const auto most = std::numeric_limits<double>::max();
  CHECK(fixed_text(-most, 2).size() == 1 + 309 + 3);
  CHECK(exact_text(most).size() == 309);
  CHECK(number_of(exact_text(std::numeric_limits<double>::min()))
        == std::numeric_limits<double>::min());
}
