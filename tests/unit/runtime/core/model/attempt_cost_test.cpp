#include "runtime/core/model/attempt_cost.hpp"

#include <catch2/catch_test_macros.hpp>

namespace flipsync {

TEST_CASE("an answer is charged what its provider reported") {
  CHECK(charged_tokens({{100, 20, 10}, 400, true}, 90) == token_usage{100, 20, 10});
}

TEST_CASE("an answer without a report is charged by estimate") {
  CHECK(charged_tokens({{}, 401, true}, 90) == token_usage{90, 101});
}

TEST_CASE(
  "a stream that was cut is charged what it reported, or what of it has come if that is more") {
  CHECK(charged_tokens({{100, 1}, 40, false}, 90) == token_usage{100, 10});
  CHECK(charged_tokens({{100, 30}, 40, false}, 90) == token_usage{100, 30});
  CHECK(charged_tokens({{}, 40, false}, 90) == token_usage{90, 10});
}

TEST_CASE("an attempt that has shown nothing and reported nothing is charged nothing") {
  CHECK(charged_tokens({{}, 0, false}, 90) == token_usage{});
}

TEST_CASE("a failure that reports its prompt is charged it") {
  CHECK(charged_tokens({{100, 0}, 0, false}, 90) == token_usage{100, 0});
}

} // namespace flipsync
