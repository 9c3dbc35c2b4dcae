#include "runtime/app/output.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::app::printable;

TEST_CASE("an answer cannot move the cursor, colour the terminal or ring its bell") {
  CHECK(printable("a\033[31mred\033[0m\a\r\b") == "a[31mred[0m");
  CHECK(printable("csi \xC2\x9B"
                  "31m")
        == "csi 31m");
  CHECK(printable("del\x7F") == "del");
}

TEST_CASE("text in any language, line ends and tabs stay as they are") {
  const std::string text = "Größe\t10 €\n日本語 — ½ \xC2\xA0";
  CHECK(printable(text) == text);
  CHECK(printable("").empty());
}
