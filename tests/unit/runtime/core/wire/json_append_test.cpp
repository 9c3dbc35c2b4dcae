#include "runtime/core/wire/json_append.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

#include "runtime/core/wire/json.hpp"

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  wire::append_string(out, text);
  return out;
}

template <class Fn>
std::string appended(Fn&& append) {
  std::string out;
  append(out);
  return out;
}

std::string decimal(std::int64_t value, int decimals) {
  return appended([&](std::string& out) { wire::append_decimal(out, value, decimals); });
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

} // namespace

TEST_CASE("text without anything special is copied as it is") {
  CHECK(in_quotes("") == R"("")");
  CHECK(in_quotes("a longer text of plain ASCII, beyond two words")
        == R"("a longer text of plain ASCII, beyond two words")");
  CHECK(in_quotes("Gr\u00fc\u00dfe \u65e5\u672c \U0001F600")
        == "\"Gr\u00fc\u00dfe \u65e5\u672c \U0001F600\"");
  CHECK(in_quotes("\x7f") == "\"\x7f\"");
}

TEST_CASE("quotes, backslashes and controls are escaped wherever they stand") {
  CHECK(in_quotes("\"") == R"("\"")");
  CHECK(in_quotes("12345678\"") == R"("12345678\"")");
  CHECK(in_quotes("1234567\\8") == R"("1234567\\8")");
  CHECK(in_quotes("a\nb\rc\td") == R"("a\nb\rc\td")");
  CHECK(in_quotes(std::string_view{"\0\x1f", 2}) == R"("\u0000\u001f")");
  for (std::size_t at = 0; at < 24; ++at) {
    std::string text(24, 'x');
    text[at] = '"';
    auto expected = text;
    expected.insert(at, "\\");
    CHECK(in_quotes(text) == '"' + expected + '"');
  }
}

TEST_CASE("every invalid prefix of a UTF-8 sequence becomes one replacement character") {
  const auto is = [](std::string_view text, const std::string& expected) {
    return in_quotes(text) == '"' + expected + '"';
  };
  const std::string r{replacement};
  CHECK(is("\x80", r));                         // stray continuation
  CHECK(is("a\xC3", "a" + r));                  // cut at the end
  CHECK(is("\xC3(", r + "("));                  // continuation missing
  CHECK(is("\xC0\xAF", r + r));                 // overlong
  CHECK(is("\xE0\x80\xAF", r + r + r));         // overlong
  CHECK(is("\xED\xA0\x80", r + r + r));         // surrogate
  CHECK(is("\xF4\x90\x80\x80", r + r + r + r)); // beyond U+10FFFF
  CHECK(is("\xF0\x9F\x98", r));                 // cut emoji: one prefix, one mark
  CHECK(is("\xE2\x82z", r + "z"));              // cut in the middle of a text
  CHECK(is("\xFF\xFE", r + r));                 // never in UTF-8
  CHECK(is("12345678\xFF"
           "12345678",
           "12345678" + r + "12345678"));
}

TEST_CASE("decimals are exact and carry no useless zeros") {
  CHECK(decimal(0, 3) == "0");
  CHECK(decimal(1, 3) == "0.001");
  CHECK(decimal(1500, 3) == "1.5");
  CHECK(decimal(2000, 3) == "2");
  CHECK(decimal(-1250, 2) == "-12.5");
  CHECK(decimal(-5, 2) == "-0.05");
  CHECK(decimal(std::numeric_limits<std::int64_t>::max(), 0) == "9223372036854775807");
  CHECK(decimal(std::numeric_limits<std::int64_t>::min(), 6) == "-9223372036854.775808");
}

TEST_CASE("units are written in the unit that their member's name says") {
  CHECK(appended([](auto& out) { wire::append_ms(out, 1234us); }) == "1.234");
  CHECK(appended([](auto& out) { wire::append_ms(out, 2s); }) == "2000");
  CHECK(appended([](auto& out) { wire::append_usd(out, usd{1'500'000}); }) == "0.0015");
  CHECK(appended([](auto& out) { wire::append_money(out, money{1299}); }) == "12.99");
  CHECK(
    appended([](auto& out) { wire::append_integer(out, std::numeric_limits<std::int64_t>::min()); })
    == "-9223372036854775808");
}

TEST_CASE("a score that is no finite number is zero, since JSON knows none") {
  const auto score = [](double value) {
    return appended([&](std::string& out) { wire::append_score(out, value); });
  };
  CHECK(score(0.83333333) == "0.8333");
  CHECK(score(1) == "1");
  CHECK(score(std::numeric_limits<double>::quiet_NaN()) == "0");
  CHECK(score(std::numeric_limits<double>::infinity()) == "0");
  CHECK(score(1e300) == "0");
}

TEST_CASE("a time is the one that RFC 3339 says, whatever was written before") {
  for (const std::int64_t ms : std::initializer_list<std::int64_t>{
         1'700'000'000'123, 1'700'000'000'007, 0, 1'700'000'001'999, -1, 1'700'000'000'123}) {
    const wall_time time{std::chrono::milliseconds{ms}};
    CHECK(appended([&](auto& out) { wire::append_time(out, time); })
          == '"' + to_rfc3339(time) + '"');
  }
}

TEST_CASE("a key may be longer than any of ours") {
  std::string out;
  wire::json_object object{out};
  object.number("a", 1);
  object.number(std::string(100, 'k'), 2);
  object.text("b", "c");
  object.close();
  CHECK(out == R"({"a":1,")" + std::string(100, 'k') + R"(":2,"b":"c"})");
}
