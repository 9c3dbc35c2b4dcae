#include "agents/common/wording.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace flipsync;
using namespace flipsync::wording;
using namespace std::chrono_literals;

TEST_CASE("shares read as percentages with at most one decimal") {
  CHECK(percent(0.397) == "39.7 %");
  CHECK(percent(0.3) == "30 %");
  CHECK(percent(-0.116) == "-11.6 %");
  CHECK(percent(0) == "0 %");
  CHECK(percent(-0.00001) == "0 %");
}

TEST_CASE("numbers drop trailing zeros, and what has no end is unlimited") {
  CHECK(decimal(2.5, 2) == "2.5");
  CHECK(decimal(100, 1) == "100");
  CHECK(decimal(0.125, 2) == "0.12");
  CHECK(decimal(std::numeric_limits<double>::infinity()) == "unlimited");
  CHECK(decimal(std::numeric_limits<double>::max(), 3).size() == 309);
}

TEST_CASE("counts have a singular and a plural") {
  CHECK(count(1, "day") == "1 day");
  CHECK(count(0, "day") == "0 days");
  CHECK(count(2, "category", "categories") == "2 categories");
}

TEST_CASE("an age reads in its largest fitting unit") {
  CHECK(age(59s) == "less than a minute");
  CHECK(age(-5h) == "less than a minute");
  CHECK(age(1min) == "1 minute");
  CHECK(age(119min) == "119 minutes");
  CHECK(age(120min) == "2 hours");
  CHECK(age(47h + 59min) == "47 hours");
  CHECK(age(48h) == "2 days");
}

TEST_CASE("a list is joined with commas and a last and") {
  CHECK(list({}).empty());
  CHECK(list({"a"}) == "a");
  CHECK(list({"a", "b"}) == "a and b");
  CHECK(list({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("weights read in grams or kilograms") {
  CHECK(weight(999) == "999 g");
  CHECK(weight(1000) == "1 kg");
  CHECK(weight(1250) == "1.25 kg");
}

TEST_CASE("a sentence begins with a capital letter") {
  CHECK(capitalized("at least") == "At least");
  CHECK(capitalized("10 products") == "10 products");
  CHECK(capitalized("").empty());
}

TEST_CASE("lengths are counted in code points") {
  CHECK(length("") == 0);
  CHECK(length("abc") == 3);
  CHECK(length("Größe €") == 7);
}

TEST_CASE("a text is cut between words and never inside a code point") {
  CHECK(clip("one two three", 13) == "one two three");
  CHECK(clip("one two three", 12) == "one two");
  CHECK(clip("one two three", 8) == "one two");
  CHECK(clip("one two three", 7) == "one two");
  CHECK(clip("one, two", 5) == "one");
  CHECK(clip("ééééé", 3) == "ééé");
  CHECK(clip("unbroken", 0).empty());
  CHECK(clip("", 5).empty());
}

TEST_CASE("the first sentence ends at a mark before a space, not inside a number") {
  CHECK(first_sentence("Holds 1.5 l. Keeps warm.") == "Holds 1.5 l");
  CHECK(first_sentence("Warm! And light") == "Warm");
  CHECK(first_sentence("No mark") == "No mark");
  CHECK(first_sentence("Ends.") == "Ends");
  CHECK(first_sentence("").empty());
}

TEST_CASE("a seller sees a product by title and SKU") {
  product item;
  item.sku = "AU-0012";
  item.title = "Blue Ridge Headphones";
  CHECK(label(item) == "Blue Ridge Headphones (SKU AU-0012)");
}
