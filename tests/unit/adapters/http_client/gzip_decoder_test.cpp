#include "adapters/http_client/gzip_decoder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "tests/unit/adapters/http_client/gzipped.hpp"

using flipsync::http::gzip_decoder;
using flipsync::testing::gzipped;
using outcome = gzip_decoder::outcome;

namespace {

/// Feeds the bytes in pieces of this size, until one is not good.
outcome unpack(gzip_decoder& decoder, std::string_view packed, std::size_t piece,
               std::string& out) {
  for (std::size_t at = 0; at < packed.size(); at += piece) {
    const auto done = decoder.feed(packed.substr(at, piece), [&](std::string_view bytes) {
      CHECK(bytes.size() <= std::size_t{16} * 1024);
      out += bytes;
      return true;
    });
    if (done != outcome::good)
      return done;
  }
  return outcome::good;
}

std::string varied(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i)
    out += std::to_string(i * i) + ' ';
  return out;
}

} // namespace

TEST_CASE("what was packed is unpacked, wherever its bytes are cut") {
  const auto text = varied(100'000);
  const auto packed = gzipped(text);
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{1000}, packed.size()}) {
    gzip_decoder decoder;
    std::string out;
    CHECK_FALSE(decoder.complete());
    REQUIRE(unpack(decoder, packed, piece, out) == outcome::good);
    CHECK(decoder.complete());
    CHECK(out == text);
  }
}

TEST_CASE("streams that follow each other are one text") {
  gzip_decoder decoder;
  std::string out;
  REQUIRE(unpack(decoder, gzipped("one, ") + gzipped("two"), 5, out) == outcome::good);
  CHECK(out == "one, two");
  CHECK(decoder.complete());
}

TEST_CASE("a text that is cut is not complete, and one that is broken is found out") {
  auto packed = gzipped(varied(10'000));
  {
    gzip_decoder decoder;
    std::string out;
    REQUIRE(unpack(decoder, std::string_view{packed}.substr(0, packed.size() - 1), 100, out)
            == outcome::good);
    CHECK_FALSE(decoder.complete());
  }
  packed[packed.size() - 6] ^= 1; // its checksum
  gzip_decoder decoder;
  std::string out;
  CHECK(unpack(decoder, packed, 100, out) == outcome::broken);
  gzip_decoder other;
  CHECK(unpack(other, "plain words", 100, out) == outcome::broken);
}

TEST_CASE("a reader that has enough stops the unpacking, however much was packed") {
  gzip_decoder decoder;
  int pieces = 0;
  const auto bomb = gzipped(std::string(1'000'000, 'x'));
  CHECK(decoder.feed(bomb, [&](std::string_view) { return ++pieces < 3; }) == outcome::stopped);
  CHECK(pieces == 3);
}
