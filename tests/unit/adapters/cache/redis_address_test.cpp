#include "adapters/cache/redis_address.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a Redis is named by its URL") {
  const auto plain = parse_redis_url("redis://cache.local");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "cache.local");
  CHECK(plain->port == 6379);
  CHECK(plain->database == 0);
  const auto full = parse_redis_url("redis://me:p%40ss@[::1]:7000/3");
  REQUIRE(full.has_value());
  CHECK(full->host == "::1");
  CHECK(full->port == 7000);
  CHECK(full->user == "me");
  CHECK(full->password == "p@ss");
  CHECK(full->database == 3);
  const auto secret = parse_redis_url("redis://:word@h/");
  REQUIRE(secret.has_value());
  CHECK(secret->user.empty());
  CHECK(secret->password == "word");
}

TEST_CASE("a URL that is none is refused without repeating it") {
  for (const auto* url :
       {"", "h:1", "http://h", "redis://", "redis://h:0", "redis://h:99999", "redis://h:x",
        "redis://[::1", "redis://h/x", "redis://u:%zz@h", "redis://u:%4@h", "redis://[::1]x"}) {
    INFO(url);
    const auto parsed = parse_redis_url(url);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == errc::invalid_request);
  }
  CHECK(parse_redis_url("redis://u:secret@h:x").error().message.find("secret")
        == std::string::npos);
}
