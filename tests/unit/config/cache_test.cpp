#include "config/cache.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

config::settings with_change(void (*change)(config::settings&)) {
  config::settings values;
  change(values);
  return values;
}

} // namespace

TEST_CASE("by default answers and turns are kept, with the documented lifetimes") {
  const auto cache = config::cache_of({});
  CHECK(cache.answers);
  CHECK(cache.turns);
  const answer_lifetimes documented;
  CHECK(cache.lifetimes.by_class == documented.by_class);
}

TEST_CASE("where caching is off no turn is kept either") {
  const auto cache = config::cache_of(with_change([](auto& v) { v.cache.enabled = false; }));
  CHECK_FALSE(cache.answers);
  CHECK_FALSE(cache.turns);
}

TEST_CASE("a provider's identity is its server and what makes it think, without a password") {
  const auto plain = config::identity_of({}, "openai");
  const auto other = with_change([](auto& v) { v.openai.base_url = "https://u:secret@h/v1"; });
  const auto identity = config::identity_of(other, "openai");
  CHECK(identity != plain);
  CHECK(identity == "https://h/v1");
  CHECK(
    config::identity_of(with_change([](auto& v) { v.anthropic.thinking_tokens += 1; }), "anthropic")
    != config::identity_of({}, "anthropic"));
  CHECK(
    config::identity_of(with_change([](auto& v) { v.gemini.thinking_level = "high"; }), "gemini")
    != config::identity_of({}, "gemini"));
  CHECK(
    config::identity_of(with_change([](auto& v) { v.ollama.host = "http://other:1"; }), "ollama")
    != config::identity_of({}, "ollama"));
}
