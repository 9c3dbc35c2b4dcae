#include "runtime/core/text/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("Length is counted in code points") {
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("abc") == 3);
  CHECK(utf8_length("caf\u00E9") == 4);
  CHECK(utf8_length("\u20AC\U0001F600") == 2);
}

TEST_CASE("Every border of the encoding decodes to its code point") {
  struct row {
    std::string_view text;
    char32_t point;
  };
  const row rows[] = {
    {"\x7F", 0x7F},
    {"\xC2\x80", 0x80},
    {"\xDF\xBF", 0x7FF},
    {"\xE0\xA0\x80", 0x800},
    {"\xED\x9F\xBF", 0xD7FF},
    {"\xEE\x80\x80", 0xE000},
    {"\xEF\xBF\xBF", 0xFFFF},
    {"\xF0\x90\x80\x80", 0x10000},
    {"\xF4\x8F\xBF\xBF", 0x10FFFF},
  };
  for (const auto& r : rows) {
    const auto here = decode_utf8(r.text, 0);
    CHECK(here.point == r.point);
    CHECK(here.size == r.text.size());
  }
}

TEST_CASE("Broken, overlong and surrogate sequences are no UTF-8") {
  for (const std::string_view text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE2\x82", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "ok\xC3("}) {
    CHECK_FALSE(utf8_length(text));
  }
}
