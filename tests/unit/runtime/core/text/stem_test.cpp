#include "runtime/core/text/stem.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("Plurals and singulars of catalogue words lead to each other") {
  struct row {
    const char* one;
    const char* many;
  };
  const row rows[] = {
    {"vape", "vapes"},
    {"battery", "batteries"},
    {"box", "boxes"},
    {"watch", "watches"},
    {"dish", "dishes"},
    {"glass", "glasses"},
    {"knife", "knives"},
    {"mouse", "mice"},
    {"key", "keys"},
    {"pie", "pies"},
    {"shoe", "shoes"},
    {"edible", "edibles"},
    {"accessory", "accessories"},
    {"house", "houses"},
    {"lens", "lenses"},
  };
  for (const auto& r : rows) {
    INFO(r.one);
    CHECK(plural(r.one) == r.many);
    if (std::string_view{r.one} != "lens") // "lens" looks like a plural itself
      CHECK(singular(r.many) == r.one);
  }
}

TEST_CASE("Words that only look like plurals stay as they are") {
  for (const char* word : {"glass", "bus", "gas", "basis", "campus", "cd", "", "ups"})
    CHECK(singular(word) == word);
}

TEST_CASE("Inflected forms of a word share a stem") {
  const std::vector<std::vector<const char*>> families{
    {"price", "prices", "priced", "pricing"},       {"ship", "ships", "shipped", "shipping"},
    {"refund", "refunds", "refunded", "refunding"}, {"track", "tracking", "tracked"},
    {"charge", "charges", "charged", "charging"},   {"delivery", "deliveries"},
  };
  for (const auto& family : families)
    for (const auto* word : family) {
      INFO(word);
      CHECK(stem(word) == stem(family.front()));
    }
}

TEST_CASE("Unlike words keep unlike stems") {
  const std::pair<const char*, const char*> pairs[] = {
    {"know", "no"},  {"red", "r"}, {"ring", "r"},       {"stock", "stick"}, {"order", "older"},
    {"sing", "sin"}, {"bed", "b"}, {"selling", "seal"}, {"wine", "win"},
  };
  for (const auto& [a, b] : pairs)
    CHECK(stem(a) != stem(b));
}

TEST_CASE("The other number of a word is told where its ending does not") {
  CHECK(irregular_form("knives") == "knife");
  CHECK(irregular_form("mouse") == "mice");
  CHECK(irregular_form("lamp").empty());
  CHECK(singular_in_ie("hoodies") == "hoodie");
  CHECK(singular_in_ie("ties").empty()); // "tie" is its singular already
  CHECK(singular_in_ie("lamps").empty());
}
