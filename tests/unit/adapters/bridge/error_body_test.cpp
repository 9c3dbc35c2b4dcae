#include "adapters/bridge/error_body.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace flipsync;

namespace {

std::string body(error_dialect dialect, const error& why, int status) {
  std::string out;
  append_error(out, dialect, why, status, "req-1", nullptr);
  return out;
}

} // namespace

TEST_CASE("below /v1/ errors have the form that its clients read") {
  CHECK(dialect_of("/v1/nothing") == error_dialect::completions);
  CHECK(dialect_of("http://localhost:8080/v1/nothing") == error_dialect::completions);
  CHECK(dialect_of("http://localhost:8080/api/v1/x") == error_dialect::problem);
  CHECK(dialect_of("/v1") == error_dialect::problem);
  CHECK(dialect_of("/api/v1/x") == error_dialect::problem);
  CHECK(body(error_dialect::completions,
             error{errc::invalid_request, "no \"x\""}.with("field", "model"), 400)
        == R"({"error":{"message":"no \"x\"","type":"invalid_request_error","param":"model",)"
           R"("code":"invalid_request"}})");
  CHECK(body(error_dialect::completions, error{errc::rate_limited, "later"}, 429)
        == R"({"error":{"message":"later","type":"rate_limit_error","param":null,)"
           R"("code":"rate_limit_exceeded"}})");
}

TEST_CASE("elsewhere an error is a problem") {
  CHECK_THAT(body(error_dialect::problem, error{errc::not_found, "gone"}, 404),
             Catch::Matchers::ContainsSubstring(R"("request_id":"req-1")"));
}
