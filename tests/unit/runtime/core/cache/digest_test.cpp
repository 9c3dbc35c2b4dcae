#include "runtime/core/cache/digest.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a digest is BLAKE3 of the bytes") {
  CHECK(hex_of(blake3_of(""))
        == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  CHECK(hex_of(blake3_of("abc"))
        == "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
}

TEST_CASE("values that are cut differently give different bytes") {
  const auto two = [](std::string_view a, std::string_view b) {
    return canonical_text{}.text(a).text(b).bytes();
  };
  CHECK(two("ab", "c") != two("a", "bc"));
  CHECK(two("", "abc") != two("abc", ""));
  CHECK(two("a", "b") == two("a", "b"));
}

TEST_CASE("a number that is not set differs from each one that is") {
  const auto of = [](std::optional<std::uint32_t> n) { return canonical_text{}.number(n).bytes(); };
  CHECK(of({}) != of(0U));
  CHECK(of(1U) != of(2U));
  const auto real = [](std::optional<double> n) { return canonical_text{}.real(n).bytes(); };
  CHECK(real({}) != real(0.0));
  CHECK(real(-0.0) == real(0.0));
}
