#include "runtime/core/text/term_index.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/text/vocabulary.hpp"

using namespace flipsync;

namespace {

std::vector<std::string> found(const term_index& index, std::string_view text) {
  std::vector<std::string> out;
  for (const auto& hit : index.find(words_of(text), {}))
    out.push_back(index.terms()[hit.term].text + (hit.misspelt ? "?" : ""));
  return out;
}

using texts = std::vector<std::string>;

term_index sample() {
  term_index index;
  for (const char* text : {"price", "raise the price", "out of stock", "stock", "no", "refund"})
    index.add(0, 1.0, text);
  return index;
}

} // namespace

TEST_CASE("Terms are found as whole words, in any inflection") {
  const auto index = sample();
  CHECK(found(index, "Prices!") == texts{"price"});
  CHECK(found(index, "pricing") == texts{"price"});
  CHECK(found(index, "do you know") == texts{});
  CHECK(found(index, "stockholm priceless") == texts{});
  CHECK(found(index, "") == texts{});
}

TEST_CASE("At one place the longer term comes first, and inner ones are found too") {
  const auto index = sample();
  CHECK(found(index, "we are out of stock") == texts{"out of stock", "stock"});
  CHECK(found(index, "raise the prices") == texts{"raise the price", "price"});
  CHECK(found(index, "raise a price") == texts{"price"});
}

TEST_CASE("A long word with one letter wrong is found and marked as misspelt") {
  const auto index = sample();
  CHECK(found(index, "refnd") == texts{"refund?"});
  CHECK(found(index, "refudn") == texts{"refund?"});
  CHECK(found(index, "refuund") == texts{"refund?"});
  CHECK(found(index, "rifund please") == texts{"refund?"});
  CHECK(found(index, "defund") == texts{});  // another first letter
  CHECK(found(index, "refnud1") == texts{}); // two edits
  CHECK(found(index, "stok") == texts{});    // too short to guess
}

TEST_CASE("A word known to be a catalogue name is never taken for a misspelling") {
  const auto index = sample();
  CHECK(index.find({"refnd"}, {true}).empty());
  CHECK(index.find({"refund"}, {true}).size() == 1);
}

TEST_CASE("A star between two words stands for up to three others") {
  term_index index;
  index.add(0, 1.0, "how many * left");
  index.add(0, 1.0, "* raise * price *");
  CHECK(found(index, "how many left") == texts{"how many * left"});
  CHECK(found(index, "how many red coffee mugs left") == texts{"how many * left"});
  CHECK(found(index, "how many of the red mugs left") == texts{});
  CHECK(found(index, "raise our prices") == texts{"* raise * price *"});
  CHECK(found(index, "how many") == texts{});
  CHECK(found(index, "price raise") == texts{});
}

TEST_CASE("Terms without a word are passed over") {
  term_index index;
  index.add(0, 1.0, "*");
  index.add(0, 1.0, " * * ");
  index.add(0, 1.0, "...");
  index.add(0, 1.0, "");
  CHECK(index.terms().empty());
  CHECK(found(index, "anything") == texts{});
}

TEST_CASE("One edit is a letter more, fewer or other, or two swapped") {
  CHECK(within_one_edit("", ""));
  CHECK(within_one_edit("", "a"));
  CHECK(within_one_edit("price", "price"));
  CHECK(within_one_edit("price", "prices"));
  CHECK(within_one_edit("price", "pice"));
  CHECK(within_one_edit("price", "prise"));
  CHECK(within_one_edit("price", "pirce"));
  CHECK_FALSE(within_one_edit("price", "prises"));
  CHECK_FALSE(within_one_edit("price", "pcire"));
  CHECK_FALSE(within_one_edit("abcd", "badc"));
  CHECK_FALSE(within_one_edit("", "ab"));
}
