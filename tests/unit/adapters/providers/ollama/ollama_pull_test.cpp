#include "adapters/providers/ollama/ollama_pull.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "adapters/providers/common/dialect.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

struct pulled {
  result<void> outcome;
  std::vector<fetch_progress> seen;
};

pulled run(std::string_view body, int status = 200, std::size_t piece = std::string::npos,
           const result<void>& transport = {}) {
  pulled out;
  pull_decoder decoder{providers::frame_for(ollama_settings{})};
  const auto note = [&](const fetch_progress& p) { out.seen.push_back(p); };
  decoder.head(head_of(status, "application/x-ndjson"));
  while (!body.empty()) {
    const auto part = body.substr(0, piece);
    body.remove_prefix(part.size());
    if (!decoder.feed(part, note))
      break;
  }
  out.outcome = decoder.finish(transport, note);
  return out;
}

error why(const pulled& p) { return p.outcome ? error{} : p.outcome.error(); }

} // namespace

TEST_CASE("ollama: a pull names the model and may take its time") {
  const auto sent = pull_request({}, "gemma3:4b");
  CHECK(sent.method == "POST");
  CHECK(sent.url == "http://127.0.0.1:11434/api/pull");
  CHECK(boost::json::parse(sent.body)
        == boost::json::parse(R"({"model": "gemma3:4b", "stream": true})"));
  CHECK(sent.total_timeout > std::chrono::hours{1});
}

TEST_CASE("ollama: a pull counts the bytes of all parts, wherever its lines are cut") {
  const auto body = fixture("ollama/pull.ndjson");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    const auto got = run(body, 200, piece);
    REQUIRE(got.outcome.has_value());
    REQUIRE(got.seen.size() == 8);
    CHECK(got.seen[0].step == "pulling manifest");
    CHECK(got.seen[0].total_bytes == 0);
    CHECK(got.seen[2].done_bytes == 1000);
    CHECK(got.seen[2].total_bytes == 4000);
    CHECK(got.seen[4].done_bytes == 4100);
    CHECK(got.seen[4].total_bytes == 4100);
    CHECK(got.seen.back().step == "success");
  }
}

TEST_CASE("ollama: a model that does not exist is rejected, whatever the status") {
  const auto line = R"({"error":"pull model manifest: file does not exist"})";
  for (const int status : {200, 404, 500}) {
    const auto got = why(run(line, status));
    CHECK(got.code == errc::provider_rejected);
    CHECK(got.detail("reason") == "pull model manifest: file does not exist");
    CHECK(got.detail("provider") == "ollama");
  }
}

TEST_CASE("ollama: a pull that breaks off may be tried again") {
  const auto body = fixture("ollama/pull.ndjson");
  const auto cut = std::string_view{body}.substr(0, body.find("verifying"));
  CHECK(why(run(cut.substr(0, cut.rfind('\n') + 1))).code == errc::provider_unavailable);
  const error reset = error{errc::provider_unavailable, "reset"}.with("phase", "body");
  CHECK(why(run(cut, 200, 9, reset)).code == errc::provider_unavailable);
  CHECK(why(run(R"({"error":"max retries exceeded: EOF"})")).code == errc::provider_unavailable);
  CHECK(why(run("", 503)).code == errc::provider_unavailable);
}

TEST_CASE("ollama: what is no progress is malformed_reply, and success is only what says so") {
  CHECK(why(run("<html>\n")).code == errc::malformed_reply);
  CHECK(why(run(std::string(100'000, 'x'))).code == errc::malformed_reply);
  CHECK_FALSE(run("").outcome.has_value());
  CHECK_FALSE(run("{}\n").outcome.has_value());
  CHECK_FALSE(run("[]\n7\n").outcome.has_value());
}
