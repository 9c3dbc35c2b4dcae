#include "adapters/bridge/access/key_digest.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a key's hash is BLAKE3, as b3sum would make it") {
  CHECK(to_hex(digest_of(""))
        == "af1349b9f5f9a1a6a0404dea36dcc949"
           "9bcb25c9adc112b7cc9a93cae41f3262");
}

TEST_CASE("a hash is read as it is written") {
  const auto digest = digest_of("a key");
  CHECK(same(digest_from_hex(to_hex(digest)).value(), digest));
  CHECK_FALSE(digest_from_hex("").has_value());
  CHECK_FALSE(digest_from_hex(std::string(63, 'a')).has_value());
  CHECK_FALSE(digest_from_hex(std::string(64, 'g')).has_value());
}

TEST_CASE("hashes differ wherever one byte does") {
  const auto digest = digest_of("a key");
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    auto other = digest;
    other.bytes[i] ^= 1;
    CHECK_FALSE(same(digest, other));
  }
  CHECK(same(digest, digest));
}

TEST_CASE("a minted secret has its prefix, 256 bits and is never the same") {
  const auto one = mint_secret("fsk_").value();
  CHECK(one.substr(0, 4) == "fsk_");
  CHECK(one.size() == 4 + 52);
  CHECK(one.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567", 4) == std::string::npos);
  CHECK(mint_secret("fsk_").value() != one);
}
