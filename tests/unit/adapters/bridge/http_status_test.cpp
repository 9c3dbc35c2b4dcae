#include "adapters/bridge/http_status.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("each error has the status that the API promises") {
  const std::pair<errc, int> expected[]{
    {errc::none, 200},
    {errc::invalid_request, 400},
    {errc::unauthorized, 401},
    {errc::forbidden, 403},
    {errc::not_found, 404},
    {errc::conflict, 409},
    {errc::over_budget, 422},
    {errc::context_too_long, 422},
    {errc::content_filtered, 422},
    {errc::rate_limited, 429},
    {errc::cancelled, 499},
    {errc::internal, 500},
    {errc::provider_unavailable, 502},
    {errc::provider_rejected, 502},
    {errc::malformed_reply, 502},
    {errc::overloaded, 503},
    {errc::agent_down, 503},
    {errc::store_failed, 503},
    {errc::node_lost, 503},
    {errc::shutting_down, 503},
    {errc::deadline_exceeded, 504},
  };
  for (const auto& [code, status] : expected) {
    INFO(to_string(code));
    CHECK(http_status(code) == status);
    CHECK_FALSE(reason_phrase(status).empty());
  }
}

TEST_CASE("statuses of the protocol itself have their phrases") {
  for (const int status : {405, 408, 413, 415, 417, 431})
    CHECK_FALSE(reason_phrase(status).empty());
  CHECK(reason_phrase(299).empty());
}

TEST_CASE("only a refusal that may pass says when to come back") {
  CHECK(wants_retry_after(429));
  CHECK(wants_retry_after(503));
  CHECK_FALSE(wants_retry_after(400));
  CHECK_FALSE(wants_retry_after(502));
}
