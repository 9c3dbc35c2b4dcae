/// Cancelling and ending: what stops, how soon, and that nobody is told twice.

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/http_client/carrier.hpp"
#include "tests/unit/adapters/http_client/recording_observer.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

/// The median time from `cancel` to the end of stream at the server, over a few rounds.
template <class Ready>
steady::duration cancel_to_close(carrier who, const fake_response& answer, Ready ready) {
  fake_http_server server{[&](const fake_request&) { return answer; }};
  const auto http = client_by(who, server);
  std::vector<steady::duration> took;
  for (std::size_t round = 0; round < 9; ++round) {
    const auto seen = std::make_shared<recording_observer>();
    const auto running = http->start(post_to(server.url()), seen);
    REQUIRE(server.wait_for_requests(round + 1));
    ready(*seen);
    const auto begun = steady::now();
    running->cancel();
    REQUIRE(server.wait_for_closed(round + 1));
    took.push_back(*server.connections().at(round).closed_by_client - begun);
    CHECK(seen->finishes() == 0);
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

} // namespace

TEST_CASE("cancelling before the answer closes the socket within 10 ms") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto took = cancel_to_close(who, fake_response::silence(), [](recording_observer&) {});
  CHECK(took < 10ms);
}

TEST_CASE("cancelling within a stream closes the socket within 10 ms") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto took =
    cancel_to_close(who, fake_response::chunked(200, "text/plain").chunk("x").hang(),
                    [](recording_observer& seen) { seen.wait_for_chunks(1); });
  CHECK(took < 10ms);
}

TEST_CASE("cancelling from within the observer closes the socket and tells nothing more") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  server.push(fake_response::chunked(200, "text/plain").chunk("x").hang());
  server.push(fake_response::json("{}"));
  const auto http = client_by(who, server);
  const auto seen = std::make_shared<recording_observer>();
  std::mutex known;
  std::shared_ptr<exchange_handle> running;
  seen->at_chunk = [&] {
    const std::lock_guard lock{known};
    running->cancel();
    return true;
  };
  {
    const std::lock_guard lock{known};
    running = http->start(post_to(server.url()), seen);
  }
  REQUIRE(server.wait_for_closed(1));
  const auto next = std::make_shared<recording_observer>();
  http->start(post_to(server.url()), next);
  REQUIRE(next->wait().has_value());
  CHECK(seen->finishes() == 0);
}

TEST_CASE("an observer that stops the response closes its connection and is told so") {
  fake_http_server server;
  server.push(fake_response::chunked(200, "text/plain").chunk("x").hang());
  const auto http = make_http_client();
  const auto seen = std::make_shared<recording_observer>();
  seen->at_chunk = [] { return false; };
  http->start(post_to(server.url()), seen);
  REQUIRE_FALSE(seen->wait().has_value());
  CHECK(seen->wait().error().code == errc::malformed_reply);
  CHECK(server.wait_for_closed(1));
}

TEST_CASE("cancelling what waits for a connection never reaches the server") {
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  http_client_settings settings;
  settings.max_connections = 1;
  const auto http = make_http_client(settings);
  const auto first = http->start(post_to(server.url()), std::make_shared<recording_observer>());
  REQUIRE(server.wait_for_requests(1));
  const auto waiting = std::make_shared<recording_observer>();
  http->start(post_to(server.url("/waiting")), waiting)->cancel();
  const auto last =
    http->start(post_to(server.url("/last")), std::make_shared<recording_observer>());
  first->cancel();
  REQUIRE(server.wait_for_requests(2));
  CHECK(server.requests().back().target == "/last");
  CHECK(waiting->finishes() == 0);
}

TEST_CASE("cancelling twice, or after the end, does nothing and keeps the connection") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  for (int i = 0; i < 3; ++i) {
    const auto seen = std::make_shared<recording_observer>();
    const auto done = http->start(post_to(server.url()), seen);
    REQUIRE(seen->wait().has_value());
    done->cancel();
    done->cancel();
    CHECK(seen->finishes() == 1);
  }
  CHECK(server.connections().size() == 1);
}

TEST_CASE("a cancelled exchange lets go of its observer though the handle is kept") {
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  const auto http = make_http_client();
  auto seen = std::make_shared<recording_observer>();
  const std::weak_ptr<recording_observer> watched = seen;
  const auto running = http->start(post_to(server.url()), std::move(seen));
  REQUIRE(server.wait_for_requests(1));
  running->cancel();
  REQUIRE(server.wait_for_closed(1));
  // The loop lets go right after the close; another exchange's end shows that it has gone on.
  const auto other = std::make_shared<recording_observer>();
  http->start(post_to("ftp://refused/"), other);
  CHECK_FALSE(other->wait().has_value());
  CHECK(watched.expired());
}

TEST_CASE("ending the client finishes what is under way with shutting_down") {
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  http_client_settings settings;
  settings.max_connections = 4;
  auto http = make_http_client(settings);
  std::vector<std::shared_ptr<recording_observer>> all;
  std::vector<std::shared_ptr<exchange_handle>> handles;
  for (int i = 0; i < 10; ++i) {
    all.push_back(std::make_shared<recording_observer>());
    handles.push_back(http->start(post_to(server.url()), all.back()));
  }
  REQUIRE(server.wait_for_requests(4));
  http.reset();
  for (const auto& seen : all) {
    CHECK(seen->finishes() == 1);
    CHECK(seen->wait().error().code == errc::shutting_down);
  }
  CHECK(server.wait_for_closed(4));
  for (const auto& handle : handles)
    handle->cancel();
}

TEST_CASE("the client may be released from within an observer") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  auto http = make_http_client();
  const auto seen = std::make_shared<recording_observer>();
  const auto left = std::make_shared<recording_observer>();
  seen->at_finish = [&] { http.reset(); };
  auto& running = *http;
  server.push(fake_response::json("{}"));
  server.push(fake_response::silence());
  running.start(post_to(server.url()), seen);
  REQUIRE(seen->wait().has_value());
  CHECK_FALSE(http);
  CHECK(server.wait_for_closed(1));
}

TEST_CASE("starts and cancels from many threads leave every exchange told at most once") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  server.record_requests(false);
  const auto http = make_http_client();
  std::atomic<int> kept_in_all = 0;
  std::atomic<int> finished_once = 0; // Catch2's macros are for the main thread only
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::vector<std::shared_ptr<recording_observer>> kept;
      for (int i = 0; i < 100; ++i) {
        const auto seen = std::make_shared<recording_observer>();
        const auto running = http->start(post_to(server.url()), seen);
        if ((i + t) % 2 == 0)
          running->cancel();
        else
          kept.push_back(seen);
      }
      for (const auto& seen : kept)
        finished_once += seen->wait() && seen->finishes() == 1 ? 1 : 0;
      kept_in_all += static_cast<int>(kept.size());
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(kept_in_all == 200);
  CHECK(finished_once == 200);
}
