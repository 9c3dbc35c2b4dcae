#include "adapters/bridge/cache_wish.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

result<cache_use> wish(std::string own, std::string control = {}) {
  http_request request;
  request.cache_wish = std::move(own);
  request.cache_control = std::move(control);
  return cache_wish_of(request);
}

} // namespace

TEST_CASE("a request says nothing of caches unless a header does") {
  CHECK(*wish("") == cache_use::by_rule);
  CHECK(*wish("", "max-age=10") == cache_use::by_rule);
}

TEST_CASE("its own header goes before the common one") {
  CHECK(*wish("yes") == cache_use::asked);
  CHECK(*wish("No") == cache_use::refused);
  CHECK(*wish("", "no-cache") == cache_use::refused);
  CHECK(*wish("", "max-age=0, No-Store") == cache_use::refused);
  CHECK(*wish("yes", "no-cache") == cache_use::asked);
}

TEST_CASE("another word is an error that names the header") {
  const auto wrong = wish("perhaps");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().detail("field") == "x-flipsync-cache");
}
