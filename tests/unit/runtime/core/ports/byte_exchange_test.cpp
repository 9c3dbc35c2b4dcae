#include "runtime/core/ports/byte_exchange.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("A response's header is found by its lower-case name, the first one first") {
  exchange_head head;
  head.headers = {{"retry-after", "3"}, {"set-cookie", "a"}, {"set-cookie", "b"}};
  CHECK(head.header("retry-after") == "3");
  CHECK(head.header("set-cookie") == "a");
  CHECK(head.header("etag").empty());
}
