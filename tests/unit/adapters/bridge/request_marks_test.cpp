#include "adapters/bridge/request_marks.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace flipsync;

TEST_CASE("a trace context is taken up as the standard writes it") {
  const std::string whole = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  CHECK(is_traceparent(whole));
  CHECK_FALSE(is_traceparent({}));
  CHECK_FALSE(is_traceparent(whole.substr(1)));
  CHECK_FALSE(is_traceparent(whole + "-more")); // version 00 has no more
  CHECK_FALSE(is_traceparent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
  CHECK_FALSE(is_traceparent("ff" + whole.substr(2)));
}

TEST_CASE("a later version's trace context may be longer, up to 128 characters") {
  const std::string later = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what";
  CHECK(is_traceparent(later));
  CHECK_FALSE(is_traceparent(later + " blank"));
  CHECK_FALSE(is_traceparent(later + std::string(128, 'x')));
}

TEST_CASE("a request id is short and cannot break a header or a log line") {
  CHECK(is_request_id("req_1.a:b-c"));
  CHECK(is_request_id(std::string(128, 'a')));
  CHECK_FALSE(is_request_id({}));
  CHECK_FALSE(is_request_id(std::string(129, 'a')));
  CHECK_FALSE(is_request_id("a b"));
  CHECK_FALSE(is_request_id("a\r\nSet-Cookie: b"));
  CHECK_FALSE(is_request_id("caf\xc3\xa9"));
}

TEST_CASE("minted ids are 16 hexadecimal digits and do not repeat") {
  std::uint64_t state = 1;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = mint_request_id(state);
    CHECK(id.size() == 16);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(seen.insert(id).second);
  }
}
