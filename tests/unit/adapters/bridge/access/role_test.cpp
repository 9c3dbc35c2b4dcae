#include "adapters/bridge/access/role.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("every role is read by the name it is written with") {
  for (const auto r : {role::shopper, role::seller, role::operator_})
    CHECK(parse_role(to_string(r)).value() == r);
  CHECK(parse_role("admin").error().code == errc::invalid_request);
  CHECK(parse_role("").error().detail("field") == "role");
}

TEST_CASE("each role may what the ones before it may") {
  CHECK(may(role::operator_, role::shopper));
  CHECK(may(role::seller, role::seller));
  CHECK_FALSE(may(role::shopper, role::seller));
  CHECK_FALSE(may(role::seller, role::operator_));
}

TEST_CASE("the role says who asks") {
  CHECK(audience_of(role::shopper) == audience::shopper);
  CHECK(audience_of(role::seller) == audience::seller);
  CHECK(audience_of(role::operator_) == audience::any);
}
