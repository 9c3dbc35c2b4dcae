#include "adapters/bridge/access/key_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "adapters/bridge/access/owned_file.hpp"
#include "tests/unit/adapters/bridge/access/scratch.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

api_key key_of(const std::string& name) {
  api_key key;
  key.holder.key = name;
  key.holder.tenant = "acme";
  key.holder.who = role::shopper;
  key.digest = digest_of(name);
  return key;
}

std::string refusal_of(std::string_view text) {
  const auto parsed = parse_key_file(text, "keys.toml");
  return parsed ? "" : parsed.error().message;
}

std::string block(const std::string& name, const std::string& more = {}) {
  return "[[key]]\nname = \"" + name + "\"\ntenant = \"acme\"\nrole = \"seller\"\nhash = \""
         + to_hex(digest_of(name)) + "\"\n" + more;
}

} // namespace

TEST_CASE("a file of keys tells whose each is, and what tenants may use") {
  const auto parsed = parse_key_file(block("one", "messages_per_minute = 600\n") + block("two")
                                       + "[tenant.acme]\nturns_in_flight = 50\n",
                                     "keys.toml");
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->keys.size() == 2);
  const auto& first = parsed->keys.front();
  CHECK(first.holder.key == "one");
  CHECK(first.holder.tenant == "acme");
  CHECK(first.holder.who == role::seller);
  CHECK(first.holder.messages_per_minute == 600);
  CHECK(same(first.digest, digest_of("one")));
  REQUIRE(parsed->tenants.size() == 1);
  CHECK(parsed->tenants.front().second.turns_in_flight == 50);
  CHECK_FALSE(parsed->tenants.front().second.requests_per_minute.has_value());
}

TEST_CASE("an empty file has no keys") { CHECK(parse_key_file("", "keys.toml")->keys.empty()); }

TEST_CASE("what is wrong in a file of keys is told with its line") {
  CHECK_THAT(refusal_of("[[key]]\nname = \"a\"\n"), ContainsSubstring("keys.toml:1: 'tenant'"));
  CHECK_THAT(refusal_of("x = 1\n"), ContainsSubstring("no 'x'"));
  CHECK_THAT(refusal_of("[[key\n"), ContainsSubstring("keys.toml:1: "));
  CHECK_THAT(refusal_of("key = 1\n"), ContainsSubstring("[[key]]"));
  CHECK_THAT(refusal_of("key = [1]\n"), ContainsSubstring("[[key]]"));
  CHECK_THAT(refusal_of("tenant = 1\n"), ContainsSubstring("[tenant.NAME]"));
  CHECK_THAT(refusal_of("[tenant.\"a b\"]\n"), ContainsSubstring("[tenant.NAME]"));
  CHECK_THAT(refusal_of("[tenant.a]\nturns = 1\n"), ContainsSubstring("keys.toml:2: there is no"));
  CHECK_THAT(refusal_of(block("a", "messages_per_minute = 0\n")),
             ContainsSubstring("keys.toml:6: 'messages_per_minute'"));
  CHECK_THAT(refusal_of(block("a", "secret = \"x\"\n")), ContainsSubstring("no 'secret'"));
  CHECK_THAT(refusal_of("[[key]]\nname = 1\n"), ContainsSubstring("must be a text"));
  CHECK_THAT(refusal_of("[[key]]\nname = \"a b\"\n"), ContainsSubstring("'name' must be"));
  CHECK_THAT(refusal_of("[[key]]\nname = \"a\"\ntenant = \"t\"\nrole = \"admin\"\n"),
             ContainsSubstring("shopper, seller, operator"));
  CHECK_THAT(
    refusal_of("[[key]]\nname = \"a\"\ntenant = \"t\"\nrole = \"seller\"\nhash = \"12\"\n"),
    ContainsSubstring("keys.toml:5: 'hash'"));
  CHECK_THAT(refusal_of(block("a") + block("a")), ContainsSubstring("'a'"));
}

TEST_CASE("a key is added behind what the file says already") {
  const scratch dir;
  const auto file = dir.path() / "keys.toml";
  REQUIRE(add_to_key_file(file, key_of("one")).has_value());
  auto two = key_of("two");
  two.holder.messages_per_minute = 7;
  REQUIRE(add_to_key_file(file, two).has_value());
  const auto read = read_key_file(file);
  REQUIRE(read.has_value());
  REQUIRE(read->keys.size() == 2);
  CHECK(read->keys[1].holder.messages_per_minute == 7);
  CHECK(read->keys[1].holder.who == role::shopper);
  CHECK(add_to_key_file(file, key_of("one")).error().code == errc::invalid_request);
  CHECK(dir.mode_of("keys.toml") == 0600);
}

TEST_CASE("taking a key out leaves comments, other keys and limits as they are") {
  const scratch dir;
  const auto file = dir.path() / "keys.toml";
  dir.write("keys.toml", "# ours\n" + block("one") + "\n" + block("two")
                           + "\n[tenant.acme]\n# many\n" + "turns_in_flight = 5\n\n"
                           + block("three"));
  REQUIRE(remove_from_key_file(file, "two").has_value());
  CHECK(read_owned_file(file).value()
        == "# ours\n" + block("one") + "\n[tenant.acme]\n# many\nturns_in_flight = 5\n\n"
             + block("three"));
  REQUIRE(remove_from_key_file(file, "three").has_value());
  CHECK(read_key_file(file)->keys.size() == 1);
  CHECK(remove_from_key_file(file, "two").error().code == errc::not_found);
}

TEST_CASE("a file in a form of its own is left to its owner") {
  const scratch dir;
  const auto hash = to_hex(digest_of("one"));
  dir.write("keys.toml", "key = [{name = \"one\", tenant = \"a\", role = \"seller\", hash = \""
                           + hash
                           + "\"}, {name = \"two\", tenant = \"a\", role = \"seller\", hash = \""
                           + to_hex(digest_of("two")) + "\"}]\n");
  const auto file = dir.path() / "keys.toml";
  CHECK(read_key_file(file)->keys.size() == 2);
  CHECK(remove_from_key_file(file, "one").error().code == errc::invalid_request);
  CHECK(read_key_file(file)->keys.size() == 2);
}

TEST_CASE("keys of the environment are read, hashed and named") {
  const std::string secret(40, 'k');
  const auto keys =
    parse_key_list("acme:shopper:" + secret + ", other:operator:a:" + secret + "\n");
  REQUIRE(keys.has_value());
  REQUIRE(keys->size() == 2);
  CHECK(keys->front().holder.key == "env-1");
  CHECK(keys->front().holder.tenant == "acme");
  CHECK(same(keys->front().digest, digest_of(secret)));
  CHECK(keys->back().holder.who == role::operator_);
  CHECK(same(keys->back().digest, digest_of("a:" + secret)));
  CHECK(parse_key_list("")->empty());
}

TEST_CASE("a wrong key of the environment is told without the key") {
  const std::string secret(31, 'k');
  for (const auto& text :
       {secret, "acme:" + secret, "acme:admin:" + secret + "long", "a b:shopper:" + secret,
        ":shopper:" + secret + secret, "acme:shopper:" + secret}) {
    const auto refused = parse_key_list(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("kkk") == std::string::npos);
  }
}
