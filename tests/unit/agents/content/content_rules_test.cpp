#include "agents/content/content_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::content;
using Catch::Approx;
using names = std::vector<std::string>;

namespace {

product good_text() {
  auto item = make_product("A-1", "Norvane Wireless Headphones with forty hours of sound", 100);
  item.brand = "Norvane";
  item.category = "Audio";
  item.tags = {"wireless", "sound"};
  item.description = "These audio headphones play for forty hours and fold flat. They fit most "
                     "heads and weigh little. "
                     "The case holds them and their cable on every journey you make.";
  return item;
}

} // namespace

TEST_CASE("a good text has all marks") {
  const auto seo = score_seo(good_text(), {"miracle"});
  CHECK(seo.length == 30);
  CHECK(seo.keywords == 35);
  CHECK(seo.readability == 20);
  CHECK(seo.clean == 15);
  CHECK(seo.score == 100);
}

TEST_CASE("titles of 40 to 80 characters have full marks, others fewer") {
  auto item = good_text();
  item.description.clear();
  const auto length_of = [&](std::size_t title) {
    item.title = std::string(title, 'x');
    return score_seo(item, {}).length;
  };
  CHECK(length_of(0) == 0);
  CHECK(length_of(20) == 10);
  CHECK(length_of(39) == 20); // 19.5
  CHECK(length_of(40) == 20);
  CHECK(length_of(80) == 20);
  CHECK(length_of(140) == 10);
  CHECK(length_of(200) == 0);
  CHECK(length_of(5000) == 0);
}

TEST_CASE("keywords are covered by title or description, as whole words, whatever the spelling") {
  auto item = good_text();
  item.tags = {"wireless", "Noise-Cancelling", "phones"};
  const auto seo = score_seo(item, {});
  CHECK(seo.missing_keywords == names{"noise cancelling", "phones"});
  CHECK(seo.keywords == 21); // 3 of 5
  const auto bare = score_seo(make_product("A-1", "Mug", 1), {});
  CHECK(bare.keywords == 0);
  CHECK(bare.missing_keywords.empty());
}

TEST_CASE("readability falls from 20 to 40 words a sentence") {
  const auto words = [](int n) {
    std::string text;
    for (int i = 0; i < n; ++i)
      text += "word ";
    return text + ".";
  };
  auto item = good_text();
  const auto marks = [&](int n) {
    item.description = words(n);
    return score_seo(item, {}).readability;
  };
  CHECK(marks(20) == 20);
  CHECK(marks(30) == 10);
  CHECK(marks(40) == 0);
  CHECK(marks(400) == 0);
  item.description.clear();
  CHECK(score_seo(item, {}).readability == 0);
  CHECK(words_per_sentence("One two three. Four five!") == Approx(2.5));
  CHECK(words_per_sentence("... !!") == 0);
}

TEST_CASE("banned words are found on word boundaries and cost all their marks") {
  CHECK(banned_in("A Miracle, risk-free", {"miracle", "risk free", "cure"})
        == names{"miracle", "risk free"});
  CHECK(banned_in("manicured", {"cure"}).empty());
  CHECK(banned_in("anything", {""}).empty());
  auto item = good_text();
  item.title += " miracle";
  const auto seo = score_seo(item, {"miracle"});
  CHECK(seo.clean == 0);
  CHECK(seo.banned == names{"miracle"});
}

TEST_CASE("titles fit, are advised against, or are too long, at their limits") {
  marketplace_rules amazon;
  amazon.title_limit = 200;
  amazon.title_warn = 150;
  CHECK(check_title(std::string(150, 'x'), amazon) == limit_state::fits);
  CHECK(check_title(std::string(151, 'x'), amazon) == limit_state::long_title);
  CHECK(check_title(std::string(200, 'x'), amazon) == limit_state::long_title);
  CHECK(check_title(std::string(201, 'x'), amazon) == limit_state::too_long);
  marketplace_rules ebay;
  ebay.title_limit = 80;
  CHECK(check_title(std::string(80, 'x'), ebay) == limit_state::fits);
  CHECK(check_title(std::string(81, 'x'), ebay) == limit_state::too_long);
  std::string umlauts;
  for (int i = 0; i < 80; ++i)
    umlauts += "ü";
  CHECK(check_title(umlauts, ebay) == limit_state::fits);
  CHECK(check_title(std::string(5000, 'x'), {}) == limit_state::fits);
}

TEST_CASE("a description is too long above its limit, if there is one") {
  marketplace_rules rules;
  CHECK_FALSE(description_too_long(std::string(9999, 'x'), rules));
  rules.description_limit = 10;
  CHECK_FALSE(description_too_long(std::string(10, 'x'), rules));
  CHECK(description_too_long(std::string(11, 'x'), rules));
}
