#include "adapters/bridge/exchange.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <thread>

#include "runtime/core/session/session.hpp"
#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr const char* stream_path = "/api/v1/chat/stream";

struct sse {
  std::string event;
  std::string id;
  std::string data;
};

/// Splits an event stream by the standard's rules; comments are left out.
std::vector<sse> events_of(const std::string& text) {
  std::vector<sse> found;
  sse current;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    const auto line = text.substr(at, end - at);
    at = end == std::string::npos ? text.size() : end + 1;
    if (line.rfind("event: ", 0) == 0)
      current.event = line.substr(7);
    else if (line.rfind("id: ", 0) == 0)
      current.id = line.substr(4);
    else if (line.rfind("data: ", 0) == 0)
      current.data = line.substr(6);
    else if (line.empty() && !current.event.empty())
      found.push_back(std::exchange(current, {}));
  }
  return found;
}

void tell_whole_turn(const std::shared_ptr<fake_turn>& t) {
  t->emit(event_type::turn_started, "c1");
  t->emit(event_type::token, "Hel");
  t->emit(event_type::token, "lo\n");
  t->complete("Hello\n");
}

} // namespace

TEST_CASE("an event is framed with its type, its number and one line of data") {
  turn_event event;
  event.type = event_type::token;
  event.turn = "t";
  event.seq = 7;
  event.text = "a\nb";
  std::string out;
  append_sse(out, event);
  CHECK_THAT(
    out, StartsWith("event: token\nid: 7\ndata: {\"type\":\"token\",\"turn\":\"t\",\"seq\":7,"));
  CHECK(out.substr(out.size() - 2) == "\n\n");
  CHECK(events_of(out).size() == 1);
}

TEST_CASE("a stream brings every event in order and ends with the reply") {
  door d;
  d.runtime->on_submit = tell_whole_turn;
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto r = client.read_response();
  CHECK(r.status == 200);
  CHECK(r.header("content-type") == "text/event-stream");
  CHECK(r.header("cache-control") == "no-store");
  const auto events = events_of(r.body);
  REQUIRE(events.size() == 4);
  const char* const types[]{"turn_started", "token", "token", "completed"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(events[i].event == types[i]);
    CHECK(events[i].id == std::to_string(i + 1));
    CHECK_THAT(events[i].data, ContainsSubstring("\"seq\":" + std::to_string(i + 1)));
  }
  CHECK_THAT(events[2].data, ContainsSubstring(R"("text":"lo\n")"));
  CHECK_THAT(events[3].data, ContainsSubstring(R"("reply":{"id":"turn_1")"));
  // The connection goes on behind the stream.
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("an event goes out when it comes, not when the turn ends") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto turn = d.runtime->next_turn();
  turn->emit(event_type::turn_started, "c");
  CHECK(client.read_head().status == 200);
  CHECK(events_of(client.read_chunk()).at(0).event == "turn_started");
  turn->emit(event_type::token, "x");
  CHECK(events_of(client.read_chunk()).at(0).event == "token");
  turn->complete();
  CHECK(events_of(client.read_chunk()).at(0).event == "completed");
  CHECK(client.read_chunk().empty());
}

TEST_CASE("an answer is composed by who announces it, for several requests at once too") {
  door d;
  d.hold_turns();
  auto one = d.connect();
  auto two = d.connect();
  one.send(json_post("/api/v1/chat", hello));
  const auto first = d.runtime->next_turn();
  two.send(json_post("/api/v1/chat", hello));
  const auto second = d.runtime->next_turn();
  // The runtime announces what it completes with: told apart here to see which is sent.
  second->announce("as announced");
  second->complete("as completed");
  const auto r = two.read_response();
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("message":"as announced")"));
  CHECK_THAT(r.body, ContainsSubstring(R"("timings":)"));
  first->announce("as announced");
  first->fail(error{errc::store_failed, "the disk is full"});
  const auto failed = one.read_response();
  CHECK(failed.status == 503);
  CHECK_THAT(failed.body, ContainsSubstring("the disk is full"));
  CHECK_THAT(failed.body, !ContainsSubstring("as announced"));
}

TEST_CASE("an HTTP/1.0 client's stream ends with its connection") {
  door d;
  d.runtime->on_submit = tell_whole_turn;
  auto client = d.connect();
  client.send("POST /api/v1/chat/stream HTTP/1.0\r\nContent-Type: application/json\r\n"
              "Content-Length: 19\r\n\r\n"
              + std::string{hello});
  const auto r = client.read_response();
  CHECK(r.header("transfer-encoding").empty());
  CHECK(r.header("connection") == "close");
  CHECK(events_of(r.body).size() == 4);
}

TEST_CASE("a turn refused before it began is a problem, not a stream") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->fail(error{errc::overloaded, "full"}.with_retry_after(3s));
  };
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto r = client.read_response();
  CHECK(r.status == 503);
  CHECK(r.header("retry-after") == "3");
  client.send(json_post(stream_path, R"({"message":""})"));
  CHECK(client.read_response().status == 400);
  client.send(json_post(stream_path, "nonsense"));
  CHECK(client.read_response().status == 400);
}

TEST_CASE("a turn that fails on its way says so in its last event") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    t->emit(event_type::token, "half an ans");
    t->fail(error{errc::provider_unavailable, "cut"});
  };
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto r = client.read_response();
  CHECK(r.status == 200);
  const auto events = events_of(r.body);
  REQUIRE(events.size() == 3);
  CHECK(events[2].event == "failed");
  CHECK_THAT(events[2].data, ContainsSubstring(R"("code":"provider_unavailable")"));
}

TEST_CASE("a quiet stream is kept open by comments that are no events") {
  bridge_settings settings;
  settings.heartbeat = 20ms;
  door d{settings};
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto turn = d.runtime->next_turn();
  turn->emit(event_type::turn_started, "c");
  client.read_head();
  client.read_chunk();
  for (int i = 0; i < 2; ++i) {
    const auto comment = client.read_chunk();
    CHECK_THAT(comment, StartsWith(":"));
    CHECK(events_of(comment).empty());
  }
  turn->complete();
}

TEST_CASE("a client that leaves its stream cancels the turn at once") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post(stream_path, hello));
  const auto turn = d.runtime->next_turn();
  turn->emit(event_type::turn_started, "c");
  client.read_head();
  client.close();
  CHECK(turn->wait_cancelled() == "the client disconnected");
}

TEST_CASE("a reader that does not read is cut off, and slows nobody else") {
  bridge_settings settings;
  settings.max_stream_buffer = 64 * 1024;
  door d{settings};
  d.hold_turns();
  auto deaf = d.connect(4096);
  deaf.send(json_post(stream_path, hello));
  const auto endless = d.runtime->next_turn();
  auto reader = d.connect();
  reader.send(json_post(stream_path, hello));
  const auto other = d.runtime->next_turn();
  other->emit(event_type::turn_started, "c");
  reader.read_head();
  reader.read_chunk();

  const std::string piece(1024, 'x');
  endless->emit(event_type::turn_started, "c");
  while (!endless->cancelled()) {
    endless->emit(event_type::token, piece);
    // The other stream moves on in step, whatever the deaf one does.
    other->emit(event_type::token, "t");
    REQUIRE(events_of(reader.read_chunk()).at(0).event == "token");
  }
  other->complete();
  CHECK(events_of(reader.read_chunk()).at(0).event == "completed");
  CHECK(reader.read_chunk().empty());
  CHECK_THAT(d.connect().request("GET", "/metrics").body,
             ContainsSubstring("flipsync_http_slow_readers_total 1\n"));
}

TEST_CASE("a slow reader within the limit loses nothing") {
  bridge_settings settings;
  settings.max_stream_buffer = 64 * 1024 * 1024;
  door d{settings};
  constexpr int count = 20'000;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    for (int i = 0; i < count; ++i)
      t->emit(event_type::token, std::string(500, 'x'));
    t->complete();
  };
  auto client = d.connect(4096);
  client.send(json_post(stream_path, hello));
  const auto events = events_of(client.read_response().body);
  REQUIRE(events.size() == count + 2);
  for (std::size_t i = 0; i < events.size(); ++i)
    REQUIRE(events[i].id == std::to_string(i + 1));
}

TEST_CASE("streams fed from several threads keep their own order") {
  door d;
  d.hold_turns();
  constexpr int streams = 8;
  constexpr int tokens = 500;
  std::vector<raw_http> clients;
  std::vector<std::thread> feeders;
  for (int i = 0; i < streams; ++i) {
    clients.push_back(d.connect());
    clients.back().send(json_post(stream_path, hello));
    feeders.emplace_back([turn = d.runtime->next_turn()] {
      turn->emit(event_type::turn_started, "c");
      for (int n = 0; n < tokens; ++n)
        turn->emit(event_type::token, std::to_string(n));
      turn->complete();
    });
  }
  for (auto& client : clients) {
    const auto events = events_of(client.read_response().body);
    REQUIRE(events.size() == tokens + 2);
    for (int n = 0; n < tokens; ++n)
      REQUIRE_THAT(events[static_cast<std::size_t>(n) + 1].data,
                   ContainsSubstring("\"text\":\"" + std::to_string(n) + "\""));
  }
  for (auto& feeder : feeders)
    feeder.join();
}

TEST_CASE("a terminal event without a reply is a fault, and is called one") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>&) {};
  class bare final : public facade {
  public:
    turn submit(turn_request, std::shared_ptr<event_sink> sink) override {
      turn_event event;
      event.type = event_type::completed;
      sink->on_event(event);
      return {};
    }
    turn generate(direct_request, std::shared_ptr<event_sink>) override { return {}; }
    void models(std::function<void(std::vector<model_offer>)>) override {}
    result<std::shared_ptr<session>> open_session(session_options,
                                                  std::shared_ptr<session_port>) override {
      return error{errc::internal, "none"};
    }
    void agents(std::function<void(result<std::vector<agent_status>>)>) override {}
    [[nodiscard]] health_report health() const override { return {}; }
    [[nodiscard]] std::string metrics_text() const override { return {}; }
  };
  bridge_settings settings;
  settings.port = 0;
  auto listener = bridge::start(settings, std::make_shared<bare>());
  REQUIRE(listener.has_value());
  raw_http client{(*listener)->port()};
  client.send(json_post("/api/v1/chat", hello));
  CHECK(client.read_response().status == 500);
}
