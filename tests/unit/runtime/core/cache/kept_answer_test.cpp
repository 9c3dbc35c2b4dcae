#include "runtime/core/cache/kept_answer.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

kept_answer sample() {
  return {.text = "gr\xc3\xbc\xc3\x9f dich",
          .model = "m-1",
          .finish_reason = "stop",
          .tokens = {7, 9},
          .cost = {42},
          .took = 1234us,
          .made = wall_time{1'767'225'600'000ms}};
}

} // namespace

TEST_CASE("a kept answer is read back as it was") {
  const auto read = decode_answer(encode(sample()));
  REQUIRE(read);
  CHECK(read->text == sample().text);
  CHECK(read->model == "m-1");
  CHECK(read->finish_reason == "stop");
  CHECK(read->tokens == token_usage{7, 9});
  CHECK(read->cost == usd{42});
  CHECK(read->took == 1234us);
  CHECK(read->made == sample().made);
}

TEST_CASE("bytes that were cut anywhere are no answer") {
  const auto bytes = encode(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_answer(std::string_view{bytes}.substr(0, size)));
  CHECK_FALSE(decode_answer(bytes + '\0'));
}

TEST_CASE("a bit that was flipped anywhere is no answer") {
  const auto bytes = encode(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    CHECK_FALSE(decode_answer(damaged));
  }
}
