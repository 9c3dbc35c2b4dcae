#include "runtime/app/doctor/provider_checks.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::app;

namespace {

using names = std::vector<std::string>;

config::provider_need need(bool fetchable = false) {
  config::provider_need out;
  out.provider = "somebody";
  out.fetchable = fetchable;
  out.has_key = !fetchable;
  out.key_option = fetchable ? "" : "somebody.api_key";
  out.models = {"small", "large"};
  return out;
}

} // namespace

TEST_CASE("a provider that lists what it would be asked for is well") {
  const auto found = judge_provider(need(), names{"small", "large:latest", "other"});
  REQUIRE(found.size() == 2);
  CHECK_FALSE(any_problem(found));
  CHECK(found[0].detail == "reachable, its key is taken, 3 models");
  CHECK(found[1].detail == "it has small, large");
}

TEST_CASE("a model that is missing is a problem where it can be pulled, else a warning") {
  const auto own = judge_provider(need(true), names{"small"});
  REQUIRE(own.size() == 2);
  CHECK(own[1].how == verdict::problem);
  CHECK(own[1].advice == "flipsync pull large");
  CHECK(judge_provider(need(), names{"small"})[1].how == verdict::warning);
}

TEST_CASE("a refused key is told from a missing one") {
  const auto refused = error{errc::provider_rejected, "refused"}.with("reason", "key");
  const auto with = judge_provider(need(), refused);
  REQUIRE(with.size() == 1);
  CHECK(with[0].how == verdict::problem);
  CHECK(with[0].detail == "it is there, but its key is refused");
  CHECK(with[0].advice == "put a valid key into somebody.api_key");
  auto without = need();
  without.has_key = false;
  CHECK(judge_provider(without, refused)[0].detail == "it is there, but wants a key");
}

TEST_CASE("a server that lists no models is there, and what cannot be checked is named") {
  const auto found = judge_provider(need(), error{errc::not_found, "no list"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].how == verdict::warning);
  CHECK(found[0].detail
        == "reachable, but it does not list its models; not checked: its key, small, large");
}

TEST_CASE("a server that is not there is a problem with the reason") {
  const auto down = judge_provider(
    need(true),
    error{errc::provider_unavailable, "not reached"}.with("reason", "connection refused"));
  REQUIRE(down.size() == 1);
  CHECK(down[0].how == verdict::problem);
  CHECK(down[0].detail == "not reached: connection refused");
}

TEST_CASE("of several keys each refused one is a problem by its place") {
  const auto refused = error{errc::provider_rejected, "refused"}.with("reason", "key");
  const auto found = judge_keys(need(), {result<void>{}, refused, result<void>{}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].how == verdict::problem);
  CHECK(found[0].detail == "key 2 of 3 is refused");
  CHECK(found[0].advice == "put a valid key in its place in somebody.api_key");
  const auto busy = judge_keys(need(), {error{errc::rate_limited, "busy"}, result<void>{}});
  REQUIRE(busy.size() == 1);
  CHECK(busy[0].how == verdict::warning);
  CHECK(busy[0].detail == "key 1 of 2 is taken, and at its limit");
  const auto well = judge_keys(need(), {result<void>{}, result<void>{}});
  REQUIRE(well.size() == 1);
  CHECK_FALSE(any_problem(well));
  CHECK(well[0].detail == "all 2 are taken");
}
