#include "runtime/core/text/vocabulary.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

vocabulary sample_vocabulary() {
  vocabulary words;
  words.add(entity_kind::category, "Vape");
  words.add(entity_kind::category, "Coffee Grinders");
  words.add(entity_kind::category, "Coffee");
  words.add(entity_kind::brand, "Caf\u00E9 Royal");
  words.add(entity_kind::attribute, "Stainless Steel");
  words.add_product("Trail Backpack 40L");
  words.add_sku("LMP-204");
  return words;
}

std::vector<entity> find(const vocabulary& words, std::string_view text) {
  return words.find(words_of(text));
}

using hits = std::vector<entity>;

} // namespace

TEST_CASE("Catalogue names are found whatever their case, accents and hyphens") {
  const auto words = sample_vocabulary();
  CHECK(find(words, "got CAFE royal?") == hits{{entity_kind::brand, "Caf\u00E9 Royal", 1, 2}});
  CHECK(find(words, "a stainless-steel one")
        == hits{{entity_kind::attribute, "Stainless Steel", 1, 2}});
  CHECK(find(words, "the TRAIL backpack 40l")
        == hits{{entity_kind::product, "trail backpack 40l", 1, 3}});
  CHECK(find(words, "price of lmp-204") == hits{{entity_kind::sku, "LMP-204", 2, 2}});
}

TEST_CASE("Plural and singular of a category find each other") {
  const auto words = sample_vocabulary();
  CHECK(find(words, "vapes") == hits{{entity_kind::category, "Vape", 0, 1}});
  CHECK(find(words, "a coffee grinder") == hits{{entity_kind::category, "Coffee Grinders", 1, 2}});
}

TEST_CASE("The longest name wins at each place, and names do not overlap") {
  const auto words = sample_vocabulary();
  CHECK(find(words, "coffee grinders and coffee")
        == hits{{entity_kind::category, "Coffee Grinders", 0, 2},
                {entity_kind::category, "Coffee", 3, 1}});
}

TEST_CASE("Names match whole words only") {
  const auto words = sample_vocabulary();
  CHECK(find(words, "vaporous coffeehouse lmp 2040").empty());
  CHECK(find(words, "trail backpack").empty());
  CHECK(find(words, "").empty());
}

TEST_CASE("Of two kinds with the same name the category wins, in whatever order they came") {
  vocabulary one;
  one.add(entity_kind::brand, "Aroma");
  one.add(entity_kind::category, "Aroma");
  vocabulary other;
  other.add(entity_kind::category, "Aroma");
  other.add(entity_kind::brand, "Aroma");
  for (const auto* words : {&one, &other})
    CHECK(find(*words, "aroma").front().kind == entity_kind::category);
}

TEST_CASE("A name as written wins over another's plural") {
  vocabulary words;
  words.add(entity_kind::category, "Mug");
  words.add(entity_kind::brand, "Mugs");
  CHECK(find(words, "mugs").front() == entity{entity_kind::brand, "Mugs", 0, 1});
  CHECK(find(words, "mug").front() == entity{entity_kind::category, "Mug", 0, 1});
}

TEST_CASE("Numbers and single letters are no attribute values, and short numbers no SKUs") {
  vocabulary words;
  words.add(entity_kind::attribute, "12");
  words.add(entity_kind::attribute, "x");
  words.add(entity_kind::attribute, "...");
  words.add_sku("7");
  words.add_product("42");
  CHECK(words.empty());
  words.add_sku("1007");
  CHECK(find(words, "order 1007").front().name == "1007");
}

TEST_CASE("Categories are listed as spelled, each once") {
  auto words = sample_vocabulary();
  words.add(entity_kind::category, "Vape");
  CHECK(words.categories() == std::vector<std::string>{"Vape", "Coffee Grinders", "Coffee"});
}

TEST_CASE("A vocabulary without names finds nothing and says so") {
  const vocabulary words;
  CHECK(words.empty());
  CHECK(find(words, "anything at all").empty());
}

TEST_CASE("A category in -ies is found by either singular") {
  vocabulary words;
  words.add(entity_kind::category, "Hoodies");
  words.add(entity_kind::category, "Spare Batteries");
  for (const auto* text : {"hoodie", "hoodies", "a hoodie please"}) {
    INFO(text);
    REQUIRE(find(words, text).size() == 1);
    CHECK(find(words, text).front().name == "Hoodies");
  }
  CHECK(find(words, "spare battery").front().name == "Spare Batteries");
}

TEST_CASE("A word of a product's or category's name is known in singular and plural") {
  auto words = sample_vocabulary();
  words.add_product("Classic Gel Pens Set of 3, Black");
  words.add_product("Chef Knife");
  words.add_product("Fleece Hoodies");
  for (const auto* word :
       {"trail", "backpacks", "pen", "pens", "knives", "hoodie", "coffee", "grinder"})
    CHECK(words.has_word(word));
  for (const auto* word : {"royal", "steel", "ref", "3", "40l", "lmp", "backpacker", ""})
    CHECK_FALSE(words.has_word(word));
}

TEST_CASE("Of endlessly many words in names some are known") {
  vocabulary words;
  std::string word = "aaaa";
  for (int i = 0; i < 26 * 26 * 26 * 4; ++i) {
    for (std::size_t at = 4; at-- > 0 && ++word[at] > 'z';)
      word[at] = 'a';
    words.add_product("thing " + word);
  }
  CHECK(words.has_word("aaab"));
  CHECK_FALSE(words.has_word("dzzy"));
}
