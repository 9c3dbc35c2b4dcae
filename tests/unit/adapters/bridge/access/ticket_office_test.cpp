#include "adapters/bridge/access/ticket_office.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

const ticket_office::time_point office_noon{1000h};

} // namespace

TEST_CASE("a ticket is good once, for the key that it was given to") {
  ticket_office office{30s, 10};
  const auto ticket = office.issue(digest_of("key"), office_noon).value();
  CHECK(ticket.substr(0, 4) == "fst_");
  CHECK(same(office.redeem(ticket, office_noon + 29s).value(), digest_of("key")));
  CHECK_FALSE(office.redeem(ticket, office_noon + 29s).has_value());
}

TEST_CASE("a ticket that is too old or made up is worth nothing") {
  ticket_office office{30s, 10};
  const auto ticket = office.issue(digest_of("key"), office_noon).value();
  CHECK_FALSE(office.redeem("fst_guess", office_noon).has_value());
  CHECK_FALSE(office.redeem("", office_noon).has_value());
  CHECK_FALSE(office.redeem(ticket, office_noon + 30s).has_value());
}

TEST_CASE("only so many tickets are out at once, used ones included") {
  ticket_office office{30s, 3};
  for (int i = 0; i < 3; ++i) {
    const auto ticket =
      office.issue(digest_of("key"), office_noon + std::chrono::seconds{i}).value();
    CHECK(office.redeem(ticket, office_noon + 3s).has_value());
  }
  const auto refused = office.issue(digest_of("key"), office_noon + 10s);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::rate_limited);
  CHECK(refused.error().retry_after == 20s);
  CHECK(office.issue(digest_of("key"), office_noon + 30s).has_value());
}
