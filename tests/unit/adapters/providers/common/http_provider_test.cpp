#include "adapters/providers/common/http_provider.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

#include "adapters/providers/anthropic/anthropic_provider.hpp"
#include "adapters/providers/openai/openai_provider.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

/// A byte exchange that the test plays by hand.
struct scripted_exchange final : byte_exchange {
  struct handle final : exchange_handle {
    void cancel() override { ++cancels; }
    int cancels = 0;
  };

  std::shared_ptr<exchange_handle> start(exchange_request sent,
                                         std::shared_ptr<exchange_observer> seen) override {
    request = std::move(sent);
    observer = std::move(seen);
    if (at_start)
      at_start();
    return running;
  }

  exchange_request request;
  std::shared_ptr<exchange_observer> observer;
  std::shared_ptr<handle> running = std::make_shared<handle>();
  std::function<void()> at_start;
};

struct recorder final : flight_observer {
  void on_token(std::string_view text) override {
    tokens.emplace_back(text);
    if (at_token)
      at_token();
  }
  void on_tool_call(const tool_call_piece& piece) override {
    calls += std::to_string(piece.index) + std::string{piece.name} + std::string{piece.arguments};
  }
  void on_usage(const token_usage& told) override { used = told; }
  void on_finished(result<model_reply> got) override {
    ++finishes;
    outcome = std::move(got);
  }
  std::vector<std::string> tokens;
  std::string calls; ///< every piece's index, name and arguments
  result<model_reply> outcome = error{errc::internal, "not finished"};
  int finishes = 0;
  token_usage used; ///< as last told
  std::function<void()> at_token;
};

struct stage {
  std::shared_ptr<scripted_exchange> http = std::make_shared<scripted_exchange>();
  openai_settings settings;
  std::shared_ptr<recorder> seen = std::make_shared<recorder>();

  std::shared_ptr<flight_handle> start(const model_request& request) {
    return make_openai_provider(settings, http)->start(request, seen);
  }
};

constexpr auto sse = "text/event-stream";

} // namespace

TEST_CASE("tokens reach the observer as they come, and the end mark ends the attempt at once") {
  stage s;
  const auto flight = s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  const auto body = fixture("openai/stream.sse");
  const auto third_event = body.find("kettle");
  CHECK(s.http->observer->on_chunk(std::string_view{body}.substr(0, third_event)));
  CHECK(s.seen->tokens == std::vector<std::string>{"The"});
  CHECK(s.seen->finishes == 0);
  CHECK(s.http->observer->on_chunk(std::string_view{body}.substr(third_event)));
  CHECK(s.seen->finishes == 1);
  REQUIRE(s.seen->outcome.has_value());
  CHECK(s.seen->outcome->first_token.count() > 0);
  s.http->observer->on_finished({});
  CHECK(s.seen->finishes == 1);
  flight->cancel();
  CHECK(s.http->running->cancels == 0);
}

TEST_CASE("pieces of tool calls reach the observer as they come, and the reply has them whole") {
  stage s;
  s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  const auto body = fixture("openai/stream_tools.sse");
  const auto second_call = body.find("call_Wm3b");
  CHECK(s.http->observer->on_chunk(std::string_view{body}.substr(0, second_call)));
  CHECK(s.seen->calls == R"(0find_product0{"sku0": "0K-1"})");
  CHECK(s.http->observer->on_chunk(std::string_view{body}.substr(second_call)));
  REQUIRE(s.seen->outcome.has_value());
  CHECK(s.seen->outcome->tool_calls == recorded_calls("call_Wm3a", "call_Wm3b"));
  CHECK(s.seen->outcome->first_token.count() > 0);
}

TEST_CASE("a request with a fault is refused before anything is sent") {
  stage s;
  auto request = ask(false);
  request.choice = {tool_choice::kind::named, "nothing"};
  s.start(request)->cancel();
  CHECK(s.http->observer == nullptr);
  CHECK(s.seen->finishes == 1);
  REQUIRE_FALSE(s.seen->outcome.has_value());
  const auto why = s.seen->outcome.error();
  CHECK(why.code == errc::invalid_request);
  CHECK(why.detail("provider") == "openai");
}

TEST_CASE("a server that goes on talking after its end mark loses the connection") {
  stage s;
  s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  CHECK(s.http->observer->on_chunk(fixture("openai/stream.sse")));
  bool kept = true;
  for (int i = 0; i < 100 && kept; ++i)
    kept = s.http->observer->on_chunk(std::string(4096, 'x'));
  CHECK_FALSE(kept);
  CHECK(s.seen->finishes == 1);
}

TEST_CASE("an end mark that comes after the attempt has ended leaves the connection") {
  stage s;
  s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  const std::string_view mark = "data: [DONE]\n\n";
  const auto body = fixture("openai/stream.sse");
  const auto at = body.find(mark);
  REQUIRE(at != std::string::npos);
  CHECK(s.http->observer->on_chunk(std::string_view{body}.substr(0, at)));
  CHECK(s.seen->finishes == 1);
  REQUIRE(s.seen->outcome.has_value());
  CHECK(s.seen->outcome->tokens == token_usage{31, 9});
  CHECK(s.http->observer->on_chunk(mark));
  s.http->observer->on_finished({});
  CHECK(s.seen->finishes == 1);
  CHECK(s.http->running->cancels == 0);
}

TEST_CASE("a stream with a broken event is accepted but its connection is not kept") {
  stage s;
  s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  CHECK_FALSE(s.http->observer->on_chunk(fixture("openai/stream_malformed_chunk.sse")));
  CHECK(s.seen->outcome.has_value());
}

TEST_CASE("a wrong content type fails with the first bytes and closes the connection") {
  stage s;
  s.start(ask(false));
  s.http->observer->on_head(head_of(200, "text/html"));
  CHECK_FALSE(s.http->observer->on_chunk("<html>"));
  CHECK(s.seen->finishes == 1);
  CHECK(s.seen->outcome.error().code == errc::malformed_reply);
}

TEST_CASE("a cancelled attempt cancels its exchange once and hears nothing more") {
  stage s;
  const auto flight = s.start(ask(true));
  s.http->observer->on_head(head_of(200, sse));
  flight->cancel();
  flight->cancel();
  CHECK(s.http->running->cancels == 1);
  CHECK_FALSE(s.http->observer->on_chunk(fixture("openai/stream.sse")));
  s.http->observer->on_finished({});
  CHECK(s.seen->finishes == 0);
  CHECK(s.seen->tokens.empty());
}

TEST_CASE("cancelling from within a token stops the tokens of the same piece of bytes") {
  stage s;
  const auto flight = s.start(ask(true));
  s.seen->at_token = [&] { flight->cancel(); };
  s.http->observer->on_head(head_of(200, sse));
  s.http->observer->on_chunk(fixture("openai/stream.sse"));
  CHECK(s.seen->tokens.size() == 1);
  CHECK(s.seen->finishes == 0);
  CHECK(s.http->running->cancels == 1);
}

TEST_CASE("an exchange that ends before start returns is told once") {
  stage s;
  s.http->at_start = [&] {
    s.http->observer->on_finished(error{errc::shutting_down, "the client ends"});
  };
  const auto flight = s.start(ask(false));
  CHECK(s.seen->finishes == 1);
  CHECK(s.seen->outcome.error().code == errc::shutting_down);
  flight->cancel();
  CHECK(s.http->running->cancels == 0);
}

TEST_CASE("the attempt's time bounds every phase, and settings shorten them") {
  stage s;
  s.settings.timeouts = {2s, 0ms, 300s};
  auto request = ask(false);
  request.timeout = 7s;
  s.start(request);
  CHECK(s.http->request.connect_timeout == 2s);
  CHECK(s.http->request.first_byte_timeout == 7s);
  CHECK(s.http->request.idle_timeout == 7s);
  CHECK(s.http->request.total_timeout == 7s);
  s.settings.timeouts.first_byte = 3s;
  s.start(request);
  CHECK(s.http->request.first_byte_timeout == 3s);
}

TEST_CASE("check and models answer once, with the provider's name in their errors") {
  stage s;
  const auto provider = make_openai_provider(s.settings, s.http);
  std::vector<result<void>> checks;
  provider->check(1s, [&](result<void> r) { checks.push_back(std::move(r)); });
  CHECK(s.http->request.method == "GET");
  CHECK(s.http->request.total_timeout == 1s);
  s.http->observer->on_finished(
    error{errc::provider_unavailable, "refused"}.with("phase", "connect"));
  REQUIRE(checks.size() == 1);
  REQUIRE_FALSE(checks[0].has_value());
  CHECK(checks[0].error().with("x", "").detail("provider") == "openai");

  std::vector<std::string> names;
  provider->models(1s, [&](result<std::vector<std::string>> r) { names = *r; });
  s.http->observer->on_head(head_of(200, "application/json"));
  const auto body = fixture("openai/models.json");
  s.http->observer->on_chunk(body.substr(0, 20));
  s.http->observer->on_chunk(body.substr(20));
  s.http->observer->on_finished({});
  CHECK(names.size() == 2);
}

TEST_CASE("a list of models is asked for page by page, and told once") {
  stage s;
  const auto provider = make_anthropic_provider({}, s.http);
  std::vector<result<std::vector<std::string>>> told;
  provider->models(1s, [&](result<std::vector<std::string>> r) { told.push_back(std::move(r)); });
  const auto page = [&](const char* name) {
    const auto observer = s.http->observer; // the next page replaces it
    observer->on_head(head_of(200, "application/json"));
    observer->on_chunk(fixture(name));
    observer->on_finished({});
  };
  page("anthropic/models_1.json");
  CHECK(told.empty());
  CHECK(s.http->request.url.ends_with("after_id=claude-haiku-5-5"));
  CHECK(s.http->request.total_timeout <= 1s);
  page("anthropic/models_2.json");
  REQUIRE(told.size() == 1);
  REQUIRE(told[0].has_value());
  CHECK(told[0]->size() == 3);
}

TEST_CASE("a list of models without end, and one that fails in the middle, are errors") {
  stage s;
  const auto provider = make_anthropic_provider({}, s.http);
  result<std::vector<std::string>> told = std::vector<std::string>{};
  int pages = 0;
  provider->models(10s, [&](result<std::vector<std::string>> r) { told = std::move(r); });
  while (told) {
    const auto observer = s.http->observer;
    observer->on_head(head_of(200, "application/json"));
    observer->on_chunk(fixture("anthropic/models_1.json"));
    observer->on_finished({});
    REQUIRE(++pages <= 50);
  }
  CHECK(told.error().code == errc::malformed_reply);
  told = std::vector<std::string>{};
  provider->models(10s, [&](result<std::vector<std::string>> r) { told = std::move(r); });
  s.http->observer->on_finished(error{errc::provider_unavailable, "reset"});
  REQUIRE_FALSE(told.has_value());
  const auto why = told.error();
  CHECK(why.detail("provider") == "anthropic");
}

TEST_CASE("a provider says what it can do") {
  stage s;
  s.settings.context_tokens = 128'000;
  const auto can = make_openai_provider(s.settings, s.http)->capabilities();
  CHECK(can.tools);
  CHECK(can.json_schema);
  CHECK(can.context_tokens == 128'000);
}

TEST_CASE("what a stream that breaks off has used is told before its end") {
  const auto http = std::make_shared<scripted_exchange>();
  const auto seen = std::make_shared<recorder>();
  anthropic_settings settings;
  settings.name = "anthropic";
  model_request request;
  request.messages = {{chat_role::user, "hello", {}, {}}};
  request.stream = true;
  make_anthropic_provider(settings, http)->start(request, seen);
  http->observer->on_head(head_of(200, sse));
  http->observer->on_chunk("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
                           "{\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":5,"
                           "\"output_tokens\":1}}}\n\n");
  CHECK(seen->used == token_usage{30, 1, 5});
  http->observer->on_finished(error{errc::provider_unavailable, "reset"});
  CHECK(seen->finishes == 1);
  CHECK_FALSE(seen->outcome.has_value());
}
