#include "runtime/core/cache/answer_class.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

TEST_CASE("every class has a name that is read back") {
  for (std::size_t i = 0; i < answer_classes; ++i) {
    const auto c = static_cast<answer_class>(i);
    CHECK(parse_answer_class(to_string(c)) == c);
  }
  CHECK_FALSE(parse_answer_class("nothing"));
}

TEST_CASE("a part's class is that of its name, else of its agent, else of a talk") {
  CHECK(class_of_part("response", "executive", false) == answer_class::chat);
  CHECK(class_of_part("response", "executive", true) == answer_class::conversation);
  CHECK(class_of_part("product_decision", "storefront", true) == answer_class::decision);
  CHECK(class_of_part("quick_replies", "storefront", true) == answer_class::quick_replies);
  CHECK(class_of_part("products", "storefront", false) == answer_class::products);
  CHECK(class_of_part("response", "grammar", true) == answer_class::grammar);
  CHECK(class_of_part("scenario", "grammar", true) == answer_class::scenario);
}

TEST_CASE("the lifetimes are the documented ones unless they are set") {
  answer_lifetimes lifetimes;
  CHECK(lifetimes.of(answer_class::chat) == 900s);
  CHECK(lifetimes.of(answer_class::conversation) == 3600s);
  CHECK(lifetimes.of(answer_class::decision) == 900s);
  CHECK(lifetimes.of(answer_class::quick_replies) == 900s);
  CHECK(lifetimes.of(answer_class::products) == 600s);
  CHECK(lifetimes.of(answer_class::grammar) == 86'400s);
  CHECK(lifetimes.of(answer_class::scenario) == 7'200s);
  CHECK(lifetimes.of(answer_class::model) == 604'800s);
}
