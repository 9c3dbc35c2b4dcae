#include "runtime/core/cache/rendition.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

std::string given(std::string_view bytes) {
  std::string out;
  rendition{bytes, "turn_mark"}.append(out, "turn_new", 42);
  return out;
}

} // namespace

TEST_CASE("each id and each time is the reader's own") {
  CHECK(given(R"({"id":"chat-turn_mark","created":0,"flipsync":{"turn":"turn_mark"}})")
        == R"({"id":"chat-turn_new","created":42,"flipsync":{"turn":"turn_new"}})");
  CHECK(given("data: {\"id\":\"turn_mark\",\"created\":0}\n\ndata: {\"id\":\"turn_mark\"}\n\n")
        == "data: {\"id\":\"turn_new\",\"created\":42}\n\ndata: {\"id\":\"turn_new\"}\n\n");
}

TEST_CASE("an answer that speaks of a member is left as it is") {
  CHECK(given(R"({"content":"say \"created\":0 twice","created":0})")
        == R"({"content":"say \"created\":0 twice","created":42})");
}

TEST_CASE("bytes without anything of the reader's are given as they are") {
  CHECK(given("plain").size() == 5);
  CHECK(given("").empty());
  CHECK(given("turn_mark") == "turn_new");
}
