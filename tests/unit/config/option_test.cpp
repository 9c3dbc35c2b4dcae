#include "config/option.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/options.hpp"

using namespace flipsync;
using namespace flipsync::config;

namespace {

const option& the(std::string_view path) { return *find_option(path); }

std::int64_t whole(std::string_view path, std::string_view text) {
  return std::get<std::int64_t>(parse_value(the(path), text).value());
}

std::string refusal(std::string_view path, std::string_view text) {
  return parse_value(the(path), text).error().message;
}

} // namespace

TEST_CASE("a duration is read with its unit and held in milliseconds") {
  CHECK(whole("turn.deadline", "250ms") == 250);
  CHECK(whole("turn.deadline", "15s") == 15'000);
  CHECK(whole("turn.deadline", "2 m") == 120'000);
  CHECK(whole("store.read_cache_ttl", "24h") == 86'400'000);
  CHECK(whole("store.keep_conversations", "90d") == 7'776'000'000);
}

TEST_CASE("a duration without unit, with a sign or beyond all measure is refused") {
  for (const auto* text : {"15", "-1s", "s", "", "1.5s", "15 parsecs", "99999999999999999999h",
                           "9223372036854775807h"})
    CHECK(parse_value(the("turn.deadline"), text).has_error());
  CHECK(
    refusal("turn.deadline", "15")
    == "turn.deadline: '15' is not understood; allowed: a duration from 1ms to 10m (with its unit: "
       "ms, s, m, h or d)");
}

TEST_CASE("a size is read in binary units or as bare bytes") {
  CHECK(whole("server.max_body", "64KiB") == 65'536);
  CHECK(whole("server.max_body", "1MiB") == 1'048'576);
  CHECK(whole("server.max_body", "4096") == 4096);
  CHECK(parse_value(the("server.max_body"), "64KB").has_error());
}

TEST_CASE("a value out of range is refused and the range is named") {
  CHECK(refusal("turn.deadline", "11m").find("from 1ms to 10m") != std::string::npos);
  CHECK(refusal("server.io_threads", "0").find("from 1 to 64") != std::string::npos);
  CHECK(refusal("models.temperature", "2.5").find("from 0 to 2") != std::string::npos);
}

TEST_CASE("a bound is taken, and what is one beyond it is not") {
  CHECK(whole("turn.seed", "9007199254740992") == 9'007'199'254'740'992);
  CHECK(parse_value(the("turn.seed"), "9007199254740993").has_error());
  CHECK(parse_value(the("turn.seed"), "-1").has_error());
}

TEST_CASE("not a number is no number") {
  CHECK(parse_value(the("models.temperature"), "nan").has_error());
  CHECK(parse_value(the("models.temperature"), "inf").has_error());
  CHECK(parse_value(the("turn.max_in_flight"), "12x").has_error());
  CHECK(parse_value(the("turn.max_in_flight"), "1e3").has_error());
}

TEST_CASE("true and false are written in the usual ways") {
  for (const auto* text : {"true", "1", "yes", "ON"})
    CHECK(std::get<bool>(parse_value(the("server.insecure"), text).value()));
  for (const auto* text : {"false", "0", "no", "Off"})
    CHECK_FALSE(std::get<bool>(parse_value(the("server.insecure"), text).value()));
  CHECK(parse_value(the("server.insecure"), "maybe").has_error());
}

TEST_CASE("a list is split at commas and trimmed") {
  const auto value = parse_value(the("models.fallbacks"), " ollama , openai,,").value();
  CHECK(std::get<std::vector<std::string>>(value) == std::vector<std::string>{"ollama", "openai"});
}

TEST_CASE("a choice is known in any case and anything else is refused by name") {
  CHECK(std::get<std::string>(parse_value(the("log.level"), "INFO").value()) == "info");
  CHECK(refusal("models.provider", "copilot")
        == "models.provider: 'copilot' is not known; allowed: one of offline, ollama, openai, "
           "anthropic, gemini");
}

TEST_CASE("an empty text unsets what may be unset and nothing else") {
  CHECK(std::holds_alternative<std::monostate>(parse_value(the("models.top_k"), "").value()));
  CHECK(parse_value(the("turn.max_in_flight"), "").has_error());
}

TEST_CASE("values are written as TOML in the largest unit that is exact") {
  CHECK(to_toml(the("turn.deadline"), std::int64_t{90'000}) == "\"90s\"");
  CHECK(to_toml(the("turn.deadline"), std::int64_t{600'000}) == "\"10m\"");
  CHECK(to_toml(the("server.max_body"), std::int64_t{1536}) == "\"1536B\"");
  CHECK(to_toml(the("server.drain_grace"), std::int64_t{0}) == "\"0ms\"");
  CHECK(to_toml(the("shop.file"), std::string{"a\"b\\c"}) == "\"a\\\"b\\\\c\"");
}
