#include "adapters/bridge/query.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

constexpr query_field fields[]{
  {.name = "q", .type = query_type::text, .min = 1, .max = 8},
  {.name = "limit", .type = query_type::whole, .min = 1, .max = 200},
  {.name = "min_price", .type = query_type::decimal, .min = 0, .max = 1'000'000},
  {.name = "in_stock", .type = query_type::flag},
  {.name = "kind", .type = query_type::choice, .choices = "products|prices"},
};
constexpr query_field needed[]{
  {.name = "kind", .type = query_type::choice, .choices = "a|b", .required = true}};

/// The field that the refusal names.
std::string refused_field(std::string_view raw) {
  const auto values = query_values::parse(raw, fields);
  return values ? "nothing" : std::string{values.error().detail("field")};
}

} // namespace

TEST_CASE("declared parameters are read by their types") {
  const auto values =
    query_values::parse("q=a+b%26&limit=7&min_price=12.5&in_stock&kind=prices", fields);
  REQUIRE(values.has_value());
  CHECK(values->text("q") == "a b&");
  CHECK(values->whole("limit") == 7);
  CHECK(values->millionths("min_price") == 12'500'000);
  CHECK(values->flag("in_stock"));
  CHECK(values->text("kind") == "prices");
}

TEST_CASE("what is not given is not there") {
  const auto values = query_values::parse("", fields);
  REQUIRE(values.has_value());
  CHECK_FALSE(values->text("q"));
  CHECK_FALSE(values->whole("limit"));
  CHECK_FALSE(values->flag("in_stock"));
  CHECK(query_values::parse("&&limit=1&", fields)->whole("limit") == 1);
  CHECK_FALSE(query_values::parse("in_stock=false", fields)->flag("in_stock"));
}

TEST_CASE("a refusal names the parameter") {
  CHECK(refused_field("=5") == "query");
  CHECK(refused_field("colour=red") == "colour");
  CHECK(refused_field("limit=1&limit=2") == "limit");
  CHECK(refused_field("limit=") == "limit");
  CHECK(refused_field("limit=0") == "limit");
  CHECK(refused_field("limit=201") == "limit");
  CHECK(refused_field("limit=1e2") == "limit");
  CHECK(refused_field("limit=99999999999999999999") == "limit");
  CHECK(refused_field("q=") == "q");
  CHECK(refused_field("q=123456789") == "q");
  CHECK(refused_field("q=%C0") == "q");
  CHECK(refused_field("%C0=1") == "query");
  CHECK(refused_field("q=%2") == "query");
  CHECK(refused_field("in_stock=yes") == "in_stock");
  CHECK(refused_field("kind=orders") == "kind");
  CHECK(refused_field("kind=products|prices") == "kind");
}

TEST_CASE("decimals are exact and bounded") {
  for (const auto* text : {"-1", "1.", ".5", "1.0000001", "1000000.01", "1e3", "1,5", "nan", ""})
    CHECK(refused_field(std::string{"min_price="} + text) == "min_price");
  CHECK(query_values::parse("min_price=0.000001", fields)->millionths("min_price") == 1);
  CHECK(query_values::parse("min_price=1000000", fields)->millionths("min_price")
        == 1'000'000'000'000);
}

TEST_CASE("a required parameter must be given") {
  const auto missing = query_values::parse("", needed);
  REQUIRE(missing.has_error());
  CHECK(missing.error().detail("field") == "kind");
  CHECK(query_values::parse("kind=b", needed).has_value());
}
