#include "runtime/core/types/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <set>
#include <stdexcept>

using namespace flipsync;

namespace {

std::vector<errc> all_codes() {
  std::vector<errc> out;
  for (int value = 0; value <= static_cast<int>(errc::internal); ++value)
    out.push_back(static_cast<errc>(value));
  return out;
}

} // namespace

TEST_CASE("Every error code has a name of its own that parses back to it") {
  std::set<std::string_view> names;
  for (const auto code : all_codes()) {
    const auto name = to_string(code);
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(errc_from_string(name) == code);
  }
  CHECK(names.size() == 21);
}

TEST_CASE("The names of error codes are those of the wire format") {
  CHECK(to_string(errc::none) == "none");
  CHECK(to_string(errc::invalid_request) == "invalid_request");
  CHECK(to_string(errc::deadline_exceeded) == "deadline_exceeded");
  CHECK(to_string(errc::malformed_reply) == "malformed_reply");
  CHECK(to_string(errc::shutting_down) == "shutting_down");
  CHECK(to_string(errc::internal) == "internal");
}

TEST_CASE("An unknown error name is no code, and an unknown code is a bug of ours") {
  CHECK_FALSE(errc_from_string("nonsense"));
  CHECK_FALSE(errc_from_string(""));
  CHECK_FALSE(errc_from_string("Overloaded"));
  CHECK(to_string(static_cast<errc>(200)) == "internal");
}

TEST_CASE("Retrying is for what may pass, never for what the caller must change") {
  const std::set<errc> passing{
    errc::overloaded,           errc::rate_limited,    errc::deadline_exceeded,
    errc::provider_unavailable, errc::malformed_reply, errc::agent_down,
    errc::store_failed,         errc::node_lost,       errc::shutting_down};
  for (const auto code : all_codes()) {
    INFO(to_string(code));
    CHECK(retryable(code) == passing.contains(code));
  }
}

TEST_CASE("An error's details are found by name, the first one first") {
  const auto why = error{errc::not_found, "no such order"}
                     .with("order", "7")
                     .with("order", "8")
                     .with_retry_after(std::chrono::milliseconds{250});
  CHECK(why.detail("order") == "7");
  CHECK(why.detail("agent").empty());
  CHECK(why.retry_after == std::chrono::milliseconds{250});
}

TEST_CASE("Taking the value of a failed result throws with the code and the sentence") {
  const result<int> failed = error{errc::store_failed, "disk full"};
  CHECK_THROWS_MATCHES(failed.value(), std::runtime_error,
                       Catch::Matchers::Message("store_failed: disk full"));
}
