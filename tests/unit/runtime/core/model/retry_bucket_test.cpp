#include "runtime/core/model/retry_bucket.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a full bucket gives six retries, and none below half") {
  retry_bucket bucket;
  CHECK(bucket.level() == 10.0);
  for (int i = 0; i < 6; ++i)
    CHECK(bucket.draw());
  CHECK(bucket.level() == 4.0);
  CHECK_FALSE(bucket.draw());
  CHECK(bucket.level() == 4.0);
}

TEST_CASE("ten successes are one token, and the bucket never overflows") {
  retry_bucket bucket;
  for (int i = 0; i < 6; ++i)
    bucket.draw();
  for (int i = 0; i < 9; ++i)
    bucket.succeeded();
  CHECK_FALSE(bucket.can_draw());
  bucket.succeeded();
  CHECK(bucket.draw());
  for (int i = 0; i < 1000; ++i)
    bucket.succeeded();
  CHECK(bucket.level() == 10.0);
}
