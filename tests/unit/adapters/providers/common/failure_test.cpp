#include "adapters/providers/common/failure.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/model/fault.hpp"

using namespace flipsync;
using namespace flipsync::providers;
using namespace std::chrono_literals;

namespace {

const failure_frame frame{"acme", {"my-secret-key"}, {"How much is the blue"}};

error of_status(int status, const failure_words& words = {},
                std::vector<std::pair<std::string, std::string>> headers = {}) {
  exchange_head head;
  head.status = status;
  head.headers = std::move(headers);
  return failure_of_status(head, words, frame, {});
}

} // namespace

TEST_CASE("each status has its kind of error, with provider, status and reason") {
  const std::pair<int, errc> table[] = {
    {302, errc::provider_rejected},    {400, errc::provider_rejected},
    {401, errc::provider_rejected},    {403, errc::provider_rejected},
    {404, errc::provider_rejected},    {408, errc::provider_unavailable},
    {418, errc::provider_rejected},    {422, errc::provider_rejected},
    {429, errc::rate_limited},         {500, errc::provider_unavailable},
    {502, errc::provider_unavailable}, {503, errc::provider_unavailable},
    {529, errc::provider_unavailable}};
  for (const auto& [status, code] : table) {
    const auto why = of_status(status);
    CHECK(why.code == code);
    CHECK(why.detail("provider") == "acme");
    CHECK(why.detail("status") == std::to_string(status));
    CHECK_FALSE(why.detail("reason").empty());
  }
}

TEST_CASE("401 and 403 give the reason key and none of the provider's words") {
  for (const int status : {401, 403}) {
    const auto why = of_status(status, {"the key abc...xyz is wrong", "invalid_api_key", {}});
    CHECK(why.detail("reason") == "key");
    for (const auto& [name, value] : why.details)
      CHECK(value.find("xyz") == std::string::npos);
  }
}

TEST_CASE("retry_after is set for rate limits and outages, and for nothing else") {
  const std::vector<std::pair<std::string, std::string>> headers{{"retry-after", "3"}};
  CHECK(of_status(429, {}, headers).retry_after == 3s);
  CHECK(of_status(503, {}, headers).retry_after == 3s);
  CHECK_FALSE(of_status(400, {}, headers).retry_after.has_value());
  CHECK_FALSE(of_status(429).retry_after.has_value());
}

TEST_CASE("a used up quota is no rate limit that passes by waiting, and says what it is") {
  const failure_words openai{"You exceeded your quota", "insufficient_quota", {}};
  const failure_words anthropic{"Your credit balance is too low", "", "invalid_request_error"};
  for (const auto& why : {of_status(429, openai), of_status(402), of_status(400, anthropic),
                          failure_within_reply(openai, frame),
                          failure_within_reply({"pay", "", "billing_error"}, frame),
                          failure_within_reply({"pay", "402", ""}, frame)}) {
    CHECK(why.code == errc::provider_rejected);
    CHECK(why.detail("limit") == "quota");
    CHECK(fault_of(why) == fault::quota_used_up);
  }
  CHECK(of_status(400).detail("limit").empty());
  CHECK(of_status(429).detail("limit").empty());
}

TEST_CASE("a prompt that is too long is known by the words of several vendors") {
  for (const auto& words : {failure_words{"x", "context_length_exceeded", ""},
                            failure_words{"This model's maximum context length is 8192", "", ""},
                            failure_words{"prompt is too long: 210000 tokens > 200000", "", ""},
                            failure_words{"The input token count (9) exceeds the maximum", "", ""}})
    CHECK(of_status(400, words).code == errc::context_too_long);
}

TEST_CASE("a content filter is known by code or words, also with status 403") {
  CHECK(of_status(400, {"x", "content_policy_violation", ""}).code == errc::content_filtered);
  CHECK(of_status(403, {"your input was flagged", "", ""}).code == errc::content_filtered);
}

TEST_CASE("a failure within a reply is judged by its code, numbers included") {
  CHECK(failure_within_reply({"slow down", "rate_limit_exceeded", ""}, frame).code
        == errc::rate_limited);
  CHECK(failure_within_reply({"slow down", "429", ""}, frame).code == errc::rate_limited);
  CHECK(failure_within_reply({"busy", "", "overloaded_error"}, frame).code
        == errc::provider_unavailable);
  CHECK(failure_within_reply({"no such field", "", "invalid_request_error"}, frame).code
        == errc::provider_rejected);
  CHECK(failure_within_reply({"", "", ""}, frame).code == errc::provider_unavailable);
}

TEST_CASE("a reason is one line of at most 300 bytes and whole characters") {
  std::string words = "first\nsecond\x01";
  while (words.size() < 1000)
    words += "\xC3\xA9"; // é
  const auto reason = safe_reason(words, frame);
  CHECK(reason.size() <= 300);
  CHECK(reason.size() >= 298);
  CHECK(reason.starts_with("first second "));
  CHECK(reason.substr(reason.size() - 2) == "\xC3\xA9");
}

TEST_CASE("a reason never holds a key, ours or another") {
  CHECK(safe_reason("bad my-secret-key!", frame) == "bad [key]!");
  CHECK(safe_reason("bad sk-proj-abc***xyz given", frame) == "bad [key] given");
  CHECK(safe_reason("header Bearer abcdef rejected", frame) == "header [key] rejected");
}

TEST_CASE("a reason that quotes the message is withheld") {
  CHECK(safe_reason("cannot parse: How much is the blue kettle", frame).find("kettle")
        == std::string::npos);
}

TEST_CASE("failure words are found in every vendor's shape of error") {
  CHECK(read_failure(R"({"error":"model not found"})").message == "model not found");
  const auto full = read_failure(R"({"error":{"message":"m","code":"c","type":"t"}})");
  CHECK((full.message == "m" && full.code == "c" && full.type == "t"));
  const auto numbered = read_failure(R"([{"error":{"code":429,"message":"m","status":"S"}}])");
  CHECK((numbered.code == "429" && numbered.type == "S" && numbered.message == "m"));
  CHECK(read_failure(R"({"message":"plain"})").message == "plain");
  CHECK(read_failure(R"({"detail":"from a gateway"})").message == "from a gateway");
  CHECK(read_failure("upstream connect error").message == "upstream connect error");
  CHECK(read_failure("  <html><body>secret page</body></html>").message == "an HTML page");
  for (const auto* odd :
       {"", "null", "[]", "[1]", "{}", "{\"error\":null}", "{\"error\":[]}", "\xFF\xFE"})
    CHECK_NOTHROW(read_failure(odd));
}

TEST_CASE("a failure is found only in JSON that tells of one") {
  CHECK(find_failure(R"([{"error": {"code": 503, "message": "busy"}}])")->message == "busy");
  CHECK(find_failure(R"({"error": "busy"})")->message == "busy");
  for (const auto* other : {"", "[DONE]", "{\"error\": ", "[]", R"({"choices": []})",
                            R"({"type": "message_start", "message": {}})"})
    CHECK_FALSE(find_failure(other).has_value());
}

TEST_CASE("Google's details say how long to wait, which quota it was, and that a key is wrong") {
  const auto limit = read_failure(R"({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED",
    "details": [{"violations": [{"quotaId": "GenerateRequestsPerMinute"}]},
                {"retryDelay": "2.5s"}]}})");
  const auto why = of_status(429, limit);
  CHECK(why.code == errc::rate_limited);
  CHECK(why.retry_after == 2500ms);
  CHECK(of_status(429, limit, {{"retry-after", "9"}}).retry_after == 9s);
  const auto day = read_failure(
    R"({"error": {"details": [{"violations": [{"quotaId": "GenerateRequestsPerDay"}]}]}})");
  CHECK(of_status(429, day).code == errc::provider_rejected);
  const auto key = read_failure(R"({"error": {"details": [{"reason": "API_KEY_INVALID"}]}})");
  CHECK(of_status(400, key).detail("reason") == "key");
  CHECK(of_status(402).code == errc::provider_rejected);
  for (const auto* odd :
       {R"({"error": {"details": 7}})", R"({"error": {"details": [7, null, []]}})",
        R"({"error": {"details": [{"violations": 7, "retryDelay": "soon"}]}})"})
    CHECK_FALSE(of_status(429, read_failure(odd)).retry_after.has_value());
}
