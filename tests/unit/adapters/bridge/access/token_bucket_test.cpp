#include "adapters/bridge/access/token_bucket.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

const token_bucket::time_point bucket_noon{1000h};

} // namespace

TEST_CASE("a full bucket gives a minute's worth at once, then one at a time") {
  token_bucket bucket{bucket_noon};
  for (int i = 0; i < 30; ++i)
    REQUIRE_FALSE(bucket.take(30, bucket_noon).has_value());
  CHECK(bucket.take(30, bucket_noon) == 2000ms);
  CHECK(bucket.take(30, bucket_noon + 1500ms) == 500ms);
  CHECK_FALSE(bucket.take(30, bucket_noon + 2s).has_value());
  CHECK(bucket.take(30, bucket_noon + 2s) == 2000ms);
}

TEST_CASE("the time to wait is enough and not longer") {
  token_bucket bucket{bucket_noon};
  auto now = bucket_noon;
  for (int i = 0; i < 7; ++i)
    REQUIRE_FALSE(bucket.take(7, now).has_value());
  for (int i = 0; i < 20; ++i) {
    const auto wait = bucket.take(7, now);
    REQUIRE(wait.has_value());
    token_bucket early = bucket;
    CHECK(early.take(7, now + *wait - 10ms).has_value());
    now += *wait;
    REQUIRE_FALSE(bucket.take(7, now).has_value());
  }
}

TEST_CASE("asking often does not make a bucket fill more slowly") {
  token_bucket bucket{bucket_noon};
  REQUIRE_FALSE(bucket.take(1, bucket_noon).has_value());
  auto now = bucket_noon;
  for (int i = 0; i < 59'999; ++i)
    REQUIRE(bucket.take(1, now += 1ms).has_value());
  CHECK_FALSE(bucket.take(1, now += 1ms).has_value());
}

TEST_CASE("a bucket never holds more than a minute's worth, and clocks may stand still") {
  token_bucket bucket{bucket_noon};
  for (int i = 0; i < 3; ++i)
    REQUIRE_FALSE(bucket.take(3, bucket_noon + 5h).has_value());
  CHECK(bucket.take(3, bucket_noon + 5h).has_value());
  CHECK(bucket.take(3, bucket_noon).has_value());
}

TEST_CASE("a limit that is changed holds from the next call") {
  token_bucket bucket{bucket_noon};
  for (int i = 0; i < 10; ++i)
    REQUIRE_FALSE(bucket.take(10, bucket_noon).has_value());
  CHECK_FALSE(bucket.take(20, bucket_noon).has_value());
  CHECK(bucket.take(5, bucket_noon).has_value());
}

TEST_CASE("each name has a bucket of its own, and no limit counts nothing") {
  token_buckets buckets{10};
  CHECK_FALSE(buckets.take("a", 1, bucket_noon).has_value());
  CHECK(buckets.take("a", 1, bucket_noon).has_value());
  CHECK_FALSE(buckets.take("b", 1, bucket_noon).has_value());
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(buckets.take("c", 0, bucket_noon).has_value());
  CHECK(buckets.size() == 2);
}

TEST_CASE("a flood of names costs bounded memory and forgets who was seen longest ago") {
  token_buckets buckets{100};
  CHECK_FALSE(buckets.take("regular", 1, bucket_noon).has_value());
  for (int i = 0; i < 10'000; ++i) {
    CHECK_FALSE(buckets.take("name " + std::to_string(i), 1, bucket_noon).has_value());
    CHECK(buckets.take("regular", 1, bucket_noon).has_value());
  }
  CHECK(buckets.size() == 100);
}

TEST_CASE("threads that share a bucket get no more than it holds") {
  token_buckets buckets{10};
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n)
          taken += buckets.take("a", 500, bucket_noon).has_value() ? 0 : 1;
      });
  }
  CHECK(taken == 500);
}
