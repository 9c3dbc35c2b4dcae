#include "adapters/bridge/access/origin_rules.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a loopback listener answers to its own names alone") {
  const origin_rules rules{{{}, {"shop.test"}, true, false}};
  for (const auto* host : {"localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1",
                           "127.0.0.1:80", "[::1]", "[::1]:8080", "shop.test:99", "Shop.Test"})
    CHECK(rules.host_allowed(host));
  for (const auto* host : {"", "evil.example", "evil.example:8080", "localhost.evil.example",
                           "127.0.0.1.evil.example", "[::1", "[::2]:80", "127.0.0.1@evil", " "})
    CHECK_FALSE(rules.host_allowed(host));
}

TEST_CASE("a listener on the network answers to every name") {
  CHECK(origin_rules{{{}, {}, false, false}}.host_allowed("anything.example"));
}

TEST_CASE("a page of our own may connect, one of elsewhere only if it is listed") {
  const origin_rules rules{{{"https://shop.example"}, {}, false, false}};
  CHECK(rules.may_connect("", "api.example"));
  CHECK(rules.may_connect("http://api.example:8080", "api.example:8080"));
  CHECK(rules.may_connect("http://api.example", "api.example:80"));
  CHECK(rules.may_connect("https://api.example", "api.example"));
  CHECK(rules.may_connect("https://SHOP.example", "api.example"));
  CHECK_FALSE(rules.may_connect("https://evil.example", "api.example"));
  CHECK_FALSE(rules.may_connect("http://api.example:9", "api.example:8080"));
  CHECK_FALSE(rules.may_connect("null", "api.example"));
  CHECK_FALSE(rules.may_connect("file://", ""));
  CHECK_FALSE(rules.may_connect("https://shop.example.evil.example", "api.example"));
}

TEST_CASE("an encrypted service is not the origin of an unencrypted page") {
  const origin_rules rules{{{}, {}, false, true}};
  CHECK(rules.own("https://api.example", "api.example"));
  CHECK(rules.own("https://api.example", "api.example:443"));
  CHECK_FALSE(rules.own("http://api.example", "api.example"));
}

TEST_CASE("a star lists every origin") {
  const origin_rules rules{{{"*"}, {}, false, false}};
  CHECK(rules.listed("https://anything.example"));
  CHECK(rules.any_listed());
  CHECK_FALSE(origin_rules{{}}.any_listed());
}

TEST_CASE("what cannot be an origin is known") {
  for (const auto* text : {"*", "https://shop.example", "http://localhost:3000", "app://x"})
    CHECK(is_origin(text));
  for (const auto* text : {"", "shop.example", "://x", "https://", "https://a/b", "https://a b",
                           "https://a,https://b", "https://user@a"})
    CHECK_FALSE(is_origin(text));
}
