#include "runtime/app/doctor/machine_checks.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/app/door_settings.hpp"
#include "tests/support/fake_http_server.hpp"

using namespace flipsync;
using namespace flipsync::app;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point noon{std::chrono::seconds{1'800'000'000}};

bridge_settings door_at(std::uint16_t port) {
  bridge_settings out;
  out.port = port;
  return out;
}

} // namespace

TEST_CASE("a clock before this program's time, or before its data's, is a problem") {
  CHECK(check_clock(noon, std::nullopt, true).how == verdict::ok);
  CHECK(check_clock(noon, noon - 1h, true).how == verdict::ok);
  CHECK(check_clock(noon, noon + 1h, true).how == verdict::problem);
  CHECK(check_clock({}, std::nullopt, true).how == verdict::problem);
  CHECK(check_clock(noon, std::nullopt, false).how == verdict::warning);
}

TEST_CASE("fewer open files than the settings allow for is a warning that names both") {
  CHECK(check_files(100, 100).how == verdict::ok);
  const auto few = check_files(10'000, 1024);
  CHECK(few.how == verdict::warning);
  CHECK(few.detail == "1024 may be open, the settings allow for 10000");
  CHECK_FALSE(few.advice.empty());
}

TEST_CASE("a port that somebody else has is a problem, unless it is our service's") {
  const fake_http_server other;
  CHECK(check_port(door_at(0), std::nullopt).how == verdict::ok);
  CHECK(check_port(door_at(other.port()), std::nullopt).how == verdict::problem);
  CHECK(check_port(door_at(other.port()), "4711").how == verdict::ok);
}

TEST_CASE("a service that does not listen where the settings say is a warning") {
  std::uint16_t free = 0;
  {
    const fake_http_server gone;
    free = gone.port();
  }
  CHECK(check_port(door_at(free), "4711").how == verdict::warning);
}

TEST_CASE("a listener on all addresses is reached by loopback, another by its own") {
  CHECK(reached_at("0.0.0.0") == "127.0.0.1");
  for (const auto* all : {"::", "::0", "0:0:0:0:0:0:0:0"})
    CHECK(reached_at(all) == "::1");
  for (const auto* one : {"localhost", "127.0.0.1", "192.168.1.2", "::1", "fe80::1"})
    CHECK(reached_at(one) == one);
}

TEST_CASE("a door that others reach needs keys") {
  auto open = door_at(0);
  open.host = "0.0.0.0";
  CHECK(check_port(open, std::nullopt).how == verdict::problem);
}

TEST_CASE("a data folder that cannot be is a problem, one that is not yet there is none") {
  const store_findings none;
  CHECK(check_data("/dev/null/here", none, {}).front().how == verdict::problem);
  const auto fresh =
    check_data(std::filesystem::temp_directory_path() / "flipsync-not-there", none, {});
  CHECK(fresh.front().how == verdict::ok);
  CHECK(fresh.back().how == verdict::warning); // no shop yet
}

TEST_CASE("a data folder that is there is not said to be made, whatever it is called") {
  const store_findings none;
  for (const auto* here : {".", "./", "/tmp", "/tmp/"})
    CHECK(check_data(here, none, {}).front().detail == here);
  CHECK(check_data("not-there", none, {}).front().detail
        == "not-there is made when it is first needed");
}

TEST_CASE("a store that is damaged or of a newer program is a problem with advice") {
  for (const auto code : {errc::store_failed, errc::conflict}) {
    const auto found = check_data("/tmp", error{code, "catalogue.db: so"}, {}).back();
    CHECK(found.how == verdict::problem);
    CHECK(found.detail == "catalogue.db: so");
    CHECK_FALSE(found.advice.empty());
  }
}
