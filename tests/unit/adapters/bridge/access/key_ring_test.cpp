#include "adapters/bridge/access/key_ring.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

api_key key_of(const std::string& name, const std::string& secret) {
  api_key key;
  key.holder.key = name;
  key.holder.tenant = "acme";
  key.digest = digest_of(secret);
  return key;
}

} // namespace

TEST_CASE("a ring finds a key by its hash alone") {
  key_ring ring;
  CHECK(ring.empty());
  REQUIRE(ring.add(key_of("one", "first")).has_value());
  REQUIRE(ring.add(key_of("two", "second")).has_value());
  CHECK(ring.size() == 2);
  CHECK(ring.find(digest_of("second"))->holder.key == "two");
  CHECK(ring.find(digest_of("third")) == nullptr);
}

TEST_CASE("neither a name nor a key is there twice") {
  key_ring ring;
  REQUIRE(ring.add(key_of("one", "first")).has_value());
  CHECK(ring.add(key_of("one", "second")).error().code == errc::conflict);
  CHECK(ring.add(key_of("two", "first")).error().code == errc::conflict);
  CHECK(ring.size() == 1);
}

TEST_CASE("two hashes that begin alike are told apart") {
  key_ring ring;
  auto one = key_of("one", "first");
  auto two = one;
  two.holder.key = "two";
  two.digest.bytes.back() ^= 1;
  REQUIRE(ring.add(one).has_value());
  REQUIRE(ring.add(two).has_value());
  CHECK(ring.find(two.digest)->holder.key == "two");
  CHECK(ring.find(one.digest)->holder.key == "one");
}

TEST_CASE("a tenant without limits of its own has none here") {
  key_ring ring;
  ring.limit("acme", {50, std::nullopt});
  CHECK(ring.limits_of("acme").turns_in_flight == 50);
  CHECK_FALSE(ring.limits_of("acme").requests_per_minute.has_value());
  CHECK_FALSE(ring.limits_of("other").turns_in_flight.has_value());
}

TEST_CASE("names of keys and tenants are short and plain") {
  CHECK(is_access_name("shop-1.front_A"));
  CHECK_FALSE(is_access_name(""));
  CHECK_FALSE(is_access_name("a b"));
  CHECK_FALSE(is_access_name("a\"b"));
  CHECK_FALSE(is_access_name(std::string(65, 'a')));
}
