#include "runtime/core/wire/client_frame.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::wire;

namespace {

client_frame read(std::string_view json) {
  client_frame frame;
  const auto done = parse_client_frame(json, frame);
  REQUIRE(done.has_value());
  return frame;
}

/// The field that is named as wrong.
std::string refused(std::string_view json) {
  client_frame frame;
  const auto done = parse_client_frame(json, frame);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == errc::invalid_request);
  return std::string{done.error().detail("field")};
}

} // namespace

TEST_CASE("each kind of frame is read with its members") {
  const auto message = read(R"({"message":"hi","audience":"seller","timeout_ms":5,"id":"a"})");
  CHECK(message.kind == frame_kind::message);
  CHECK(message.request.message == "hi");
  CHECK(message.request.stream);
  CHECK(message.request.timeout == std::chrono::milliseconds{5});
  CHECK(message.id == "\"a\"");
  CHECK(read(R"({"type":"cancel","turn":"t"})").turn == "t");
  CHECK(read(R"({"type":"cancel"})").turn.empty());
  CHECK(read(R"({"type":"ping","id":7})").id == "7");
  const auto topics = read(R"({"type":"subscribe","topics":["agents"]})");
  CHECK(topics.agents);
  CHECK_FALSE(topics.decisions);
  const auto resume = read(R"({"type":"resume","turn":"t","after_seq":12})");
  CHECK(resume.kind == frame_kind::resume);
  CHECK(resume.after_seq == 12);
}

TEST_CASE("what is wrong with a frame is named") {
  CHECK(refused("") == "frame");
  CHECK(refused("7") == "frame");
  CHECK(refused(R"({"message":"x")") == "frame");
  CHECK(refused(R"({"message":"x","context":tru})") == "context");
  CHECK(refused("{}") == "type");
  CHECK(refused(R"({"type":7})") == "type");
  CHECK(refused(R"({"type":"hello"})") == "type");
  CHECK(refused(R"({"message":"x","id":[]})") == "id");
  CHECK(refused(R"({"message":"x","id":")" + std::string(129, 'x') + "\"}") == "id");
  CHECK(refused(R"({"message":"x","tenant":"other"})") == "tenant");
  CHECK(refused(R"({"type":"ping","turn":"t"})") == "turn");
  CHECK(refused(R"({"type":"cancel","turn":""})") == "turn");
  CHECK(refused(R"({"type":"resume","after_seq":1})") == "turn");
  CHECK(refused(R"({"type":"resume","turn":"t","after_seq":-1})") == "after_seq");
  CHECK(refused(R"({"type":"subscribe"})") == "topics");
  CHECK(refused(R"({"type":"subscribe","topics":["x"]})") == "topics");
}

TEST_CASE("the client's id is known even where the frame is refused") {
  client_frame frame;
  CHECK_FALSE(parse_client_frame(R"({"colour":"red","message":"x","id":"k\"1"})", frame));
  CHECK(frame.id == R"("k\"1")");
  CHECK(error_frame(error{errc::invalid_request, "no"}, frame.id)
        == R"({"type":"error","code":"invalid_request","message":"no","id":"k\"1"})");
}

TEST_CASE("the session's own frames are JSON objects with their type") {
  const wall_time now{std::chrono::milliseconds{1'700'000'000'000}};
  CHECK(pong_frame(now, "1") == R"({"type":"pong","at":"2023-11-14T22:13:20.000Z","id":1})");
  client_frame asked;
  asked.agents = asked.decisions = true;
  CHECK(subscribed_frame(asked) == R"({"type":"subscribed","topics":["agents","decisions"]})");
  CHECK(resumable_frame(std::chrono::seconds{60}, {}) == R"({"type":"resumable","hold_ms":60000})");
  CHECK(resumed_frame("t", 3, true, {})
        == R"({"type":"resumed","turn":"t","after_seq":3,"running":true})");
  CHECK(draining_frame(2) == R"({"type":"draining","turns":2})");
  CHECK(agents_frame(now, {})
        == R"({"type":"agents","at":"2023-11-14T22:13:20.000Z","agents":[]})");
}
