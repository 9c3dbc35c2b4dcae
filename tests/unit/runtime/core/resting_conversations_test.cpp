// What conversations remember while nothing is said in them.
#include "runtime/core/resting_conversations.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

constexpr mono_time noon{};

} // namespace

TEST_CASE("a memory is taken once") {
  resting_conversations resting;
  resting.keep("a", "of a", noon);
  resting.keep("b", "of b", noon);
  CHECK(resting.size() == 2);
  CHECK(resting.take("b") == "of b");
  CHECK_FALSE(resting.take("b"));
  CHECK_FALSE(resting.take("c"));
  CHECK(resting.take("a") == "of a");
  CHECK(resting.empty());
}

TEST_CASE("the oldest is dropped first, and one that has come back is young again") {
  resting_conversations resting;
  for (const auto* key : {"a", "b", "c"})
    resting.keep(key, key, noon);
  resting.keep("a", *resting.take("a"), noon + 1s);
  resting.drop_oldest();
  CHECK_FALSE(resting.take("b"));
  resting.drop_oldest();
  CHECK_FALSE(resting.take("c"));
  CHECK(resting.take("a"));
}

TEST_CASE("what has rested long enough is dropped, and nothing younger") {
  resting_conversations resting;
  for (int i = 0; i < 10; ++i)
    resting.keep(std::to_string(i), "", noon + std::chrono::seconds{i});
  resting.drop_older_than(noon + 4s);
  CHECK(resting.size() == 5);
  CHECK_FALSE(resting.take("4"));
  CHECK(resting.take("5"));
}

TEST_CASE("thousands are found by their keys, whatever came and went between") {
  resting_conversations resting;
  constexpr int many = 5000;
  for (int i = 0; i < many; ++i) {
    resting.keep("conversation " + std::to_string(i), std::to_string(i), noon);
    if (i % 3 == 2)
      CHECK(resting.take("conversation " + std::to_string(i - 1)));
  }
  for (int i = 0; i < many; ++i) {
    const auto found = resting.take("conversation " + std::to_string(i));
    const bool was_taken = i % 3 == 1 && i + 1 < many;
    CHECK(found.has_value() == !was_taken);
    if (found)
      CHECK(*found == std::to_string(i));
  }
  CHECK(resting.empty());
}
