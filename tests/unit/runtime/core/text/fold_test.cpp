#include <catch2/catch_test_macros.hpp>

#include "runtime/core/text/vocabulary.hpp"

using namespace flipsync;
using words = std::vector<std::string>;

TEST_CASE("Words are lower case without accents, split at hyphens and joined over apostrophes") {
  struct row {
    std::string_view text;
    words expected;
  };
  const row rows[] = {
    {"", {}},
    {" \t\n", {}},
    {"Kitchen-Aid", {"kitchen", "aid"}},
    {"don't", {"dont"}},
    {"what\u2019s", {"whats"}},
    {"Caf\u00E9 Cr\u00E8me", {"cafe", "creme"}},
    {"Cafe\u0301", {"cafe"}},
    {"STRASSE Stra\u00DFe", {"strasse", "strasse"}},
    {"\u00C6r\u00F8 \u0152uvre", {"aero", "oeuvre"}},
    {"\u0141\u00F3d\u017A", {"lodz"}},
    {"\u017Belazny", {"zelazny"}},
    {"3\u00D74", {"3", "4"}},
    {"$12.50!", {"12", "50"}},
    {"a_b/c", {"a", "b", "c"}},
    {"hi\U0001F600there", {"hi", "there"}},
    {"\u039A\u03B1\u03C6\u03AD", {"\u03BA\u03B1\u03C6\u03AD"}},
    {"\u0427\u0430\u0439", {"\u0447\u0430\u0439"}},
    {"\u8336\u3001\u6C34", {"\u8336", "\u6C34"}},
    {"bad\xFF\xC3word", {"bad", "word"}},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(words_of(r.text) == r.expected);
  }
}

TEST_CASE("Folding joins the words with single spaces and changes nothing twice") {
  CHECK(fold("  Caf\u00E9 --  Cr\u00E8me!  ") == "cafe creme");
  for (const std::string_view text :
       {"Caf\u00E9 Cr\u00E8me", "LMP-204", "don't", "\u0427\u0430\u0439"})
    CHECK(fold(fold(text)) == fold(text));
}

TEST_CASE("Two texts fold alike exactly if what they fold to is the same") {
  const std::string_view texts[] = {
    "",       " - ", "Cafe",        "CAF\u00C9",   "cafe ",         "caf e",  "'Cafe'",
    "\u00E9", "e",   "Kitchen-Aid", "kitchen aid", "kitchen  aid!", "\u4E2D", "kitchenaid"};
  for (const auto a : texts)
    for (const auto b : texts) {
      CAPTURE(a, b);
      CHECK(folds_alike(a, b) == (fold(a) == fold(b)));
    }
}

TEST_CASE("Plain text folds to its words with single spaces") {
  for (const std::string_view text :
       {"", " ", "a", " A ", "Don't  stop-here_now!", "`12.50$ (x)", "--", "a' 'b"}) {
    CAPTURE(text);
    std::string joined;
    for (const auto& word : words_of(text))
      joined += (joined.empty() ? "" : " ") + word;
    CHECK(fold(text) == joined);
  }
}
