#include "runtime/core/agent/message_tokens.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/text/vocabulary.hpp"

using namespace flipsync;
using reading::amount_of;
using reading::tokens_of;

TEST_CASE("Numbers are recognised with their signs and units") {
  struct row {
    const char* text;
    double number;
    bool currency;
    const char* unit;
  };
  const row rows[] = {
    {"2", 2, false, ""},          {"$40", 40, true, ""},
    {"40$", 40, true, ""},        {"\u20AC12.50", 12.5, true, ""},
    {"12,50", 12.5, false, ""},   {"1,299.00", 1299, false, ""},
    {"1,299", 1299, false, ""},   {"0,125kg", 0.125, false, "kg"},
    {"2kg", 2, false, "kg"},      {"500G,", 500, false, "g"},
    {"30%", 30, false, "%"},      {"($5)", 5, true, ""},
    {"$5k", 5000, true, ""},      {"20usd", 20, false, "usd"},
    {"#10045", 10045, false, ""}, {"3x", 3, false, "x"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto tokens = tokens_of(r.text);
    REQUIRE(tokens.size() == 1);
    REQUIRE(tokens.front().number);
    CHECK(*tokens.front().number == r.number);
    CHECK(tokens.front().currency == r.currency);
    CHECK(tokens.front().unit == r.unit);
  }
}

TEST_CASE("What only holds digits is no number") {
  for (const char* text : {"4th", "B12", "A-2231", "1.2.3", "2026-03-01", "-", "$", "#", "12:30",
                           "1,2345", "99999999999999999999"}) {
    INFO(text);
    for (const auto& t : tokens_of(text))
      CHECK_FALSE(t.number);
  }
}

TEST_CASE("A range with a hyphen is two numbers") {
  for (const char* text : {"20-40", "$20-$40", "$20\u201340"}) {
    INFO(text);
    const auto tokens = tokens_of(text);
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].number == 20);
    CHECK(tokens[1].number == 40);
    CHECK(tokens[1].to_previous);
  }
  CHECK(tokens_of("40-20").size() == 1);
}

TEST_CASE("Tokens cover exactly the folded words") {
  for (const char* text :
       {"", "don't  ship $1,299.00-worth of caf\u00E9 to zone-3!", "a - b", "$20-$40 kettles",
        "12.50 and 20\u201340\u2026", "\xFFok \xC3", "\u00A0nbsp\u00A0 here", "... !!!"}) {
    INFO(text);
    std::size_t next = 0;
    for (const auto& t : tokens_of(text)) {
      CHECK(t.first == next);
      next += t.words;
    }
    CHECK(next == words_of(text).size());
  }
}

TEST_CASE("An amount has at most two decimals and lies in range") {
  CHECK(amount_of(tokens_of("19.99").front()) == money{1999});
  CHECK(amount_of(tokens_of("0.1").front()) == money{10});
  CHECK_FALSE(amount_of(tokens_of("1.005").front()));
  CHECK_FALSE(amount_of(tokens_of("999999999999999").front()));
  CHECK_FALSE(amount_of(tokens_of("word").front()));
}
