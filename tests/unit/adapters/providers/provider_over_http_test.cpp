/// The providers over the real client against a scripted server: every layer at once.

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>

#include "adapters/http_client/http_client.hpp"
#include "adapters/providers/ollama/ollama_provider.hpp"
#include "adapters/providers/openai/openai_provider.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

class waiting_recorder final : public flight_observer {
public:
  void on_token(std::string_view text) override {
    const std::lock_guard lock{mutex_};
    text_ += text;
    changed_.notify_all();
  }
  void on_finished(result<model_reply> got) override {
    const std::lock_guard lock{mutex_};
    outcome_ = std::move(got);
    changed_.notify_all();
  }
  result<model_reply> wait() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, 10s, [&] { return outcome_.has_value(); }))
      return error{errc::internal, "never finished"};
    return *outcome_;
  }
  bool wait_for_text() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [&] { return !text_.empty(); });
  }
  std::string text() {
    const std::lock_guard lock{mutex_};
    return text_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::optional<result<model_reply>> outcome_;
};

std::shared_ptr<model_provider> ollama_at(const fake_http_server& server) {
  ollama_settings settings;
  settings.base_url = server.url();
  return make_ollama_provider(settings, make_http_client());
}

result<model_reply> answer_to(model_provider& provider, bool stream) {
  const auto seen = std::make_shared<waiting_recorder>();
  const auto flight = provider.start(ask(stream), seen);
  return seen->wait();
}

} // namespace

TEST_CASE("a streamed answer passes through client, codec and observer") {
  fake_http_server server;
  std::vector<std::string> lines;
  const auto body = fixture("ollama/stream.ndjson");
  for (std::size_t at = 0; at < body.size(); at += 50)
    lines.push_back(body.substr(at, 50));
  server.push(fake_response::stream("application/x-ndjson", lines));
  const auto seen = std::make_shared<waiting_recorder>();
  const auto provider = ollama_at(server);
  const auto flight = provider->start(ask(true), seen);
  const auto reply = seen->wait();
  REQUIRE(reply.has_value());
  CHECK(seen->text() == reply->text);
  CHECK(reply->tokens == token_usage{26, 8});
  CHECK(server.requests().front().target == "/api/chat");
}

TEST_CASE("an answer ends with its end mark though the server keeps the stream open") {
  fake_http_server server;
  server.push(fake_response::chunked(200, "application/x-ndjson")
                .chunk(fixture("ollama/stream.ndjson"))
                .hang());
  CHECK(answer_to(*ollama_at(server), true).has_value());
}

TEST_CASE("a stream that breaks off after tokens is cut, never whole") {
  fake_http_server server;
  server.push(fake_response::chunked(200, "application/x-ndjson")
                .chunk(fixture("ollama/stream_cut.ndjson"))
                .reset());
  const auto reply = answer_to(*ollama_at(server), true);
  REQUIRE_FALSE(reply.has_value());
  const auto why = reply.error();
  CHECK(why.code == errc::malformed_reply);
  CHECK(why.detail("cut") == "true");
}

TEST_CASE("cancelling an attempt closes its connection") {
  fake_http_server server;
  server.push(fake_response::chunked(200, "application/x-ndjson")
                .chunk(fixture("ollama/stream_cut.ndjson"))
                .hang());
  const auto seen = std::make_shared<waiting_recorder>();
  const auto provider = ollama_at(server);
  const auto flight = provider->start(ask(true), seen);
  REQUIRE(seen->wait_for_text());
  flight->cancel();
  CHECK(server.wait_for_closed(1));
}

TEST_CASE("a server that never answers meets the attempt's time") {
  fake_http_server server;
  server.push(fake_response::silence());
  auto request = ask(false);
  request.timeout = 60ms;
  const auto seen = std::make_shared<waiting_recorder>();
  const auto provider = ollama_at(server);
  const auto flight = provider->start(request, seen);
  const auto reply = seen->wait();
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().code == errc::deadline_exceeded);
}

TEST_CASE("the key goes out in its header and comes back in no error") {
  fake_http_server server;
  server.push(fake_response::whole(401, "application/json", fixture("openai/error_401.json")));
  openai_settings settings;
  settings.base_url = server.url();
  settings.key = "sk-test-secret-key-123";
  const auto reply = answer_to(*make_openai_provider(settings, make_http_client()), false);
  CHECK(server.requests().front().header("authorization") == "Bearer sk-test-secret-key-123");
  CHECK(server.requests().front().target == "/v1/chat/completions");
  REQUIRE_FALSE(reply.has_value());
  const auto why = reply.error();
  CHECK(why.code == errc::provider_rejected);
  for (const auto& [name, value] : why.details)
    CHECK(value.find("secret") == std::string::npos);
}

namespace {

std::shared_ptr<model_provider> with_two_keys(const fake_http_server& server) {
  openai_settings settings;
  settings.base_url = server.url();
  settings.key = "sk-test-first-key-123";
  settings.further_keys = {"sk-test-second-key-123"};
  return make_openai_provider(settings, make_http_client());
}

const fake_response refused = fake_response::whole(
  401, "application/json", R"({"error":{"message":"not sk-test-second-key-123"}})");

template <class T>
result<T> wait_for(const std::function<void(std::function<void(result<T>)>)>& begin) {
  auto told = std::make_shared<std::promise<result<T>>>();
  auto answer = told->get_future();
  begin([told](result<T> outcome) { told->set_value(std::move(outcome)); });
  return answer.get();
}

} // namespace

TEST_CASE(
  "a request goes out with the key that it names, and no other key comes back in an error") {
  fake_http_server server;
  server.push(refused);
  const auto provider = with_two_keys(server);
  CHECK(provider->keys() == 2);
  auto request = ask(false);
  request.key = 1;
  const auto seen = std::make_shared<waiting_recorder>();
  const auto running = provider->start(request, seen);
  const auto reply = seen->wait();
  CHECK(server.requests().front().header("authorization") == "Bearer sk-test-second-key-123");
  REQUIRE_FALSE(reply.has_value());
  for (const auto& [name, value] : reply.error().details)
    CHECK(value.find("second") == std::string::npos);
}

TEST_CASE("a check and a list of models go on with the next key where one is refused") {
  fake_http_server server;
  server.push(refused);
  server.push(fake_response::whole(200, "application/json", R"({"data":[{"id":"m"}]})"));
  server.push(refused);
  server.push(fake_response::whole(200, "application/json", R"({"data":[{"id":"m"}]})"));
  server.push(refused);
  const auto provider = with_two_keys(server);
  CHECK(wait_for<void>([&](auto done) { provider->check(2s, std::move(done)); }).has_value());
  const auto models =
    wait_for<std::vector<std::string>>([&](auto done) { provider->models(2s, std::move(done)); });
  REQUIRE(models.has_value());
  CHECK(*models == std::vector<std::string>{"m"});
  const auto one = wait_for<void>([&](auto done) { provider->check_key(1, 2s, std::move(done)); });
  REQUIRE_FALSE(one.has_value());
  CHECK(one.error().detail("reason") == "key");
  std::vector<std::string> shown;
  for (const auto& request : server.requests())
    shown.emplace_back(request.header("authorization"));
  const std::string first = "Bearer sk-test-first-key-123";
  const std::string second = "Bearer sk-test-second-key-123";
  CHECK(shown == std::vector<std::string>{first, second, first, second, second});
}
