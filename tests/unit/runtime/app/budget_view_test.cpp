#include "runtime/app/budget_view.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace flipsync;
using namespace flipsync::app;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto caches =
  R"({"caches":[{"class":"chat","saved_tokens":30,"saved_usd":0.1,"saved_ms":2.5},)"
  R"({"class":"turns","saved_tokens":12,"saved_usd":0.2,"saved_ms":0}]})";

std::string budget_with(const std::string& models) {
  return R"({"day":"2026-11-26","resets_at":"2026-11-27T00:00:00.000Z","per_request_usd":0.1,)"
         R"("per_conversation_usd":null,"limits":[{"limit":"day","tenant":"","limit_usd":10,)"
         R"("spent_usd":1.25,"reserved_usd":0.05,"left_usd":8.7},{"limit":"tenant","tenant":"a",)"
         R"("limit_usd":null,"spent_usd":1.25,"reserved_usd":0,"left_usd":null}],"models":[)"
         + models + "]}";
}

constexpr auto one_model = R"({"tenant":"a","provider":"p","model":"m","answers":7,"failures":1,)"
                           R"("tokens":{"in":1234,"out":56},"cost_usd":1.2,"wasted_usd":0.05})";

} // namespace

TEST_CASE("limits and models are tables with aligned columns") {
  const auto text = budget_as_text(budget_with(one_model), caches);
  REQUIRE(text.has_value());
  CHECK(*text
        == "Spent on model calls on 2026-11-26 (UTC), of what may be spent:\n"
           "\n"
           "limit            spent  set aside    of  left\n"
           "day              $1.25      $0.05   $10  $8.7\n"
           "tenant        a  $1.25         $0  none  none\n"
           "conversation                       none\n"
           "request                            $0.1\n"
           "\n"
           "tenant  provider  model  answers  failures  tokens in  tokens out  cost  wasted\n"
           "a       p         m            7         1       1234          56  $1.2   $0.05\n"
           "\n"
           "Saved by the caches since the service started: $0.3, 42 tokens.\n");
}

TEST_CASE("a day without calls says so") {
  CHECK_THAT(*budget_as_text(budget_with(""), caches),
             ContainsSubstring("No model call has cost anything today.\n"));
}

TEST_CASE("as JSON it is what the service said, and the sum of what was saved") {
  const auto budget = budget_with(one_model);
  CHECK(*budget_as_json(budget, caches)
        == R"({"budget":)" + budget + R"(,"saved":{"tokens":42,"cost_usd":0.3,"ms":2.5}})" + "\n");
}

TEST_CASE("names that a service could send do not reach the terminal as they are") {
  const auto model = R"({"tenant":"a\u001b[31m","provider":"p","model":"m","answers":1,)"
                     R"("failures":0,"tokens":{"in":1,"out":1},"cost_usd":1,"wasted_usd":0})";
  const auto text = budget_as_text(budget_with(model), caches);
  REQUIRE(text.has_value());
  CHECK(text->find('\x1b') == std::string::npos);
}

TEST_CASE("what is no answer of such a service is refused") {
  for (const auto* broken : {"", "{", "[]", R"({"limits":[]})", R"({"limits":1,"models":[]})"}) {
    INFO(broken);
    CHECK(budget_as_text(broken, caches).error().code == errc::malformed_reply);
    CHECK(budget_as_text(budget_with(""), broken).error().code == errc::malformed_reply);
  }
  CHECK(budget_as_json("<html>", caches).error().code == errc::malformed_reply);
  CHECK(budget_as_json(budget_with(""), R"({"caches":[{"saved_tokens":"x"}]})").error().code
        == errc::malformed_reply);
}
