#include "adapters/bridge/completions/error_shape.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::completions;

namespace {

std::string shape(const error& why) {
  std::string out;
  append_error(out, why, status_of(why));
  return out;
}

} // namespace

TEST_CASE("a wrong field is an invalid request that names it") {
  CHECK(shape(error{errc::invalid_request, "n must be 1"}.with("field", "n"))
        == R"({"error":{"message":"n must be 1","type":"invalid_request_error","param":"n",)"
           R"("code":"invalid_request"}})");
}

TEST_CASE("an unknown model is not found, whoever says so") {
  const auto ours = error{errc::not_found, "no such model"}.with("field", "model");
  CHECK(status_of(ours) == 404);
  CHECK(shape(ours).find(R"("code":"model_not_found")") != std::string::npos);
  const auto theirs = error{errc::provider_rejected, "refused"}.with("status", "404");
  CHECK(status_of(theirs) == 404);
  CHECK(shape(theirs).find(R"("code":"model_not_found")") != std::string::npos);
}

TEST_CASE("what a provider refuses of the request is the caller's, what it refuses of us is not") {
  CHECK(status_of(error{errc::provider_rejected, "x"}.with("status", "400")) == 400);
  CHECK(status_of(error{errc::provider_rejected, "x"}.with("status", "401")) == 502);
  CHECK(status_of(error{errc::provider_rejected, "x"}) == 502);
}

TEST_CASE("the provider's reason is in the message, once") {
  CHECK(shape(error{errc::provider_rejected, "the provider refused"}.with("reason", "bad schema"))
          .find("the provider refused: bad schema")
        != std::string::npos);
  CHECK(shape(error{errc::internal, "bad schema"}.with("reason", "bad schema"))
          .find("bad schema: bad schema")
        == std::string::npos);
}

TEST_CASE("the message names the provider that failed, once") {
  const auto message_of = [](std::string words) {
    return shape(error{errc::provider_unavailable, std::move(words)}
                   .with("provider", "anthropic")
                   .with("reason", "503"));
  };
  CHECK(message_of("the provider has a fault")
          .find(R"("message":"anthropic: the provider has a fault: 503")")
        != std::string::npos);
  CHECK(message_of("anthropic rests").find(R"("message":"anthropic rests: 503")")
        != std::string::npos);
}

TEST_CASE("each kind of error has the status and the type that clients know") {
  struct row {
    errc code;
    int status;
    const char* type;
    const char* name;
  };
  for (const auto& [code, status, type, name] :
       {row{errc::unauthorized, 401, "authentication_error", "invalid_api_key"},
        {errc::forbidden, 403, "permission_error", "forbidden"},
        {errc::rate_limited, 429, "rate_limit_error", "rate_limit_exceeded"},
        {errc::over_budget, 429, "insufficient_quota", "insufficient_quota"},
        {errc::context_too_long, 400, "invalid_request_error", "context_length_exceeded"},
        {errc::content_filtered, 400, "invalid_request_error", "content_filter"},
        {errc::conflict, 409, "invalid_request_error", "conflict"},
        {errc::overloaded, 503, "server_error", "overloaded"},
        {errc::provider_unavailable, 502, "server_error", "provider_unavailable"},
        {errc::malformed_reply, 502, "server_error", "malformed_reply"},
        {errc::agent_down, 503, "server_error", "agent_down"},
        {errc::deadline_exceeded, 504, "server_error", "deadline_exceeded"},
        {errc::internal, 500, "server_error", "internal"}}) {
    const error why{code, "x"};
    CHECK(status_of(why) == status);
    CHECK(shape(why).find(std::string{"\"type\":\""} + type + '"') != std::string::npos);
    CHECK(shape(why).find(std::string{"\"code\":\""} + name + '"') != std::string::npos);
    CHECK(shape(why).find("\"param\":null") != std::string::npos);
  }
}

TEST_CASE("no error has a status of success") {
  for (auto code = errc::invalid_request; code <= errc::internal;
       code = static_cast<errc>(static_cast<int>(code) + 1))
    CHECK(status_of(error{code, "x"}) >= 400);
}
