#include "adapters/bridge/turn_start.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string named(const std::string& name) {
  return json_type + ("Idempotency-Key: " + name + "\r\n");
}

raw_response named_chat(const door& d, const std::string& name, const std::string& body = hello) {
  return d.connect().request("POST", "/api/v1/chat", body, named(name));
}

void add_key(key_ring& ring, const std::string& secret, principal holder) {
  api_key key;
  key.holder = std::move(holder);
  key.digest = digest_of(secret);
  if (!ring.add(std::move(key)))
    throw std::runtime_error{"the key was refused"};
}

key_ring ring_of(const std::string& secret, principal holder) {
  key_ring ring;
  add_key(ring, secret, std::move(holder));
  return ring;
}

bridge_settings with_two_tenants() {
  bridge_settings settings;
  for (const auto* name : {"one", "two"})
    add_key(settings.keys, name, {std::string{"tenant-"} + name, role::shopper, name, {}});
  return settings;
}

/// Asks under the name "a", showing this key.
raw_response ask_with(const door& d, const std::string& key) {
  return d.connect().request("POST", "/api/v1/chat", hello,
                             named("a") + "Authorization: Bearer " + key + "\r\n");
}

} // namespace

TEST_CASE("the same Idempotency-Key and body gets the same reply, and says so") {
  const door d;
  const auto first = named_chat(d, "a");
  const auto again = named_chat(d, "a");
  CHECK(first.status == 200);
  CHECK(first.header("idempotency-replayed").empty());
  CHECK(again.status == 200);
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(again.body == first.body);
  CHECK(named_chat(d, "b").body != first.body);
  CHECK(d.runtime->submitted() == 2);
}

TEST_CASE("a second request while the first runs waits for the same turn") {
  door d;
  d.hold_turns();
  auto one = d.connect();
  auto two = d.connect();
  one.send(json_post("/api/v1/chat", hello, "Idempotency-Key: a\r\n"));
  const auto running = d.runtime->next_turn();
  two.send(json_post("/api/v1/chat/stream", hello, "Idempotency-Key: a\r\n"));
  running->emit(event_type::token, "wor");
  running->emit(event_type::token, "ld");
  running->complete("world");
  CHECK_THAT(one.read_response().body, ContainsSubstring("world"));
  const auto streamed = two.read_response();
  CHECK(streamed.status == 200);
  CHECK_THAT(streamed.body, ContainsSubstring("event: completed"));
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("a stream is replayed as one, with numbers that rise by one") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started);
    t->emit(event_type::token, "a");
    t->emit(event_type::token, "b");
    t->complete("ab");
  };
  const auto stream = [&] {
    return d.connect().request("POST", "/api/v1/chat/stream", hello, named("a"));
  };
  CHECK_THAT(stream().body, ContainsSubstring("id: 4\n"));
  const auto again = stream();
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK_THAT(again.body, ContainsSubstring(R"("text":"ab")"));
  CHECK_THAT(again.body, ContainsSubstring("event: completed\nid: 3\n"));
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("a whole reply is replayed as a stream with its text, and none of the tutor's") {
  const door d;
  const auto first = named_chat(d, "a");
  const auto again = d.connect().request("POST", "/api/v1/chat/stream", hello, named("a"));
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK_THAT(again.body, ContainsSubstring("event: token\nid: 1\n"));
  CHECK_THAT(again.body, ContainsSubstring("event: completed\nid: 2\n"));
  const auto tutor = d.connect().request("POST", "/api/v1/ai/chat", hello, named("a"));
  CHECK(tutor.status == 409);
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("the same Idempotency-Key with another body is 409") {
  const door d;
  CHECK(named_chat(d, "a").status == 200);
  const auto refused = named_chat(d, "a", R"({"message":"other"})");
  CHECK(refused.status == 409);
  CHECK_THAT(refused.body, ContainsSubstring(R"("code":"conflict")"));
  CHECK_THAT(refused.body, ContainsSubstring(R"("field":"idempotency-key")"));
}

TEST_CASE("an Idempotency-Key that is none is 400 and starts nothing") {
  const door d;
  for (const auto& name : {std::string{}, std::string{"a b"}, std::string(256, 'x')}) {
    const auto refused = named_chat(d, name);
    CHECK(refused.status == 400);
    CHECK_THAT(refused.body, ContainsSubstring(R"("field":"idempotency-key")"));
  }
  CHECK(d.runtime->submitted() == 0);
  CHECK(named_chat(d, std::string(255, 'x')).status == 200);
}

TEST_CASE("every route that begins a turn hears what its headers say of caches") {
  const door d;
  for (const auto* route : {"/api/v1/chat", "/api/v1/chat/stream", "/api/v1/ai/chat",
                            "/api/v1/chat/conversations/c1/messages"}) {
    INFO(route);
    const auto said = [&](const std::string& line) {
      return d.connect().request("POST", route, hello, json_type + line);
    };
    CHECK(said("X-FlipSync-Cache: yes\r\n").status == 200);
    CHECK(d.runtime->next_turn()->request.cache == cache_use::asked);
    CHECK(said("X-FlipSync-Cache: no\r\n").status == 200);
    CHECK(d.runtime->next_turn()->request.cache == cache_use::refused);
    CHECK(said("Cache-Control: no-store\r\n").status == 200);
    CHECK(d.runtime->next_turn()->request.cache == cache_use::refused);
    CHECK(said({}).status == 200);
    CHECK(d.runtime->next_turn()->request.cache == cache_use::by_rule);
    const auto wrong = said("X-FlipSync-Cache: maybe\r\n");
    CHECK(wrong.status == 400);
    CHECK_THAT(wrong.body, ContainsSubstring(R"("field":"x-flipsync-cache")"));
  }
}

TEST_CASE("what failed is tried again under its name") {
  door d;
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->fail(error{errc::overloaded, "full"});
  };
  CHECK(named_chat(d, "a").status == 503);
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete("now"); };
  const auto second = named_chat(d, "a");
  CHECK(second.status == 200);
  CHECK(second.header("idempotency-replayed").empty());
}

TEST_CASE("one of two clients that leaves does not take the other's answer") {
  door d;
  d.hold_turns();
  auto one = d.connect();
  auto two = d.connect();
  one.send(json_post("/api/v1/chat", hello, "Idempotency-Key: a\r\n"));
  const auto running = d.runtime->next_turn();
  two.send(json_post("/api/v1/chat", hello, "Idempotency-Key: a\r\n"));
  // The door's one thread takes in first what came first.
  CHECK(d.connect().request("GET", "/livez").status == 200);
  one.shutdown_write();
  CHECK(one.read_response().status == 499);
  CHECK_FALSE(running->cancelled());
  running->complete("still here");
  CHECK_THAT(two.read_response().body, ContainsSubstring("still here"));
}

TEST_CASE("the last client that leaves cancels the turn, and its name is free") {
  door d;
  d.hold_turns();
  auto one = d.connect();
  one.send(json_post("/api/v1/chat", hello, "Idempotency-Key: a\r\n"));
  const auto running = d.runtime->next_turn();
  one.close();
  CHECK(running->wait_cancelled() == "the client disconnected");
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete("again"); };
  CHECK_THAT(named_chat(d, "a").body, ContainsSubstring("again"));
}

TEST_CASE("the same Idempotency-Key of two tenants is two keys") {
  const door d{with_two_tenants()};
  CHECK(ask_with(d, "one").status == 200);
  const auto other = ask_with(d, "two");
  CHECK(other.status == 200);
  CHECK(other.header("idempotency-replayed").empty());
  CHECK(d.runtime->submitted() == 2);
  CHECK(ask_with(d, "one").header("idempotency-replayed") == "true");
}

TEST_CASE("a new key with a revoked one's name is not given the old one's replies") {
  bridge_settings settings;
  settings.keys = ring_of("old", {"acme", role::seller, "front", {}});
  const door d{std::move(settings)};
  CHECK(ask_with(d, "old").status == 200);
  d.listener->replace_keys(ring_of("new", {"acme", role::shopper, "front", {}}));
  const auto other = ask_with(d, "new");
  CHECK(other.status == 200);
  CHECK(other.header("idempotency-replayed").empty());
  CHECK(d.runtime->submitted() == 2);
}

TEST_CASE("a key that may less than before is not given what it was told then") {
  bridge_settings settings;
  settings.keys = ring_of("same", {"acme", role::seller, "front", {}});
  const door d{std::move(settings)};
  CHECK(ask_with(d, "same").status == 200);
  d.listener->replace_keys(ring_of("same", {"acme", role::shopper, "front", {}}));
  CHECK(ask_with(d, "same").header("idempotency-replayed").empty());
  CHECK(d.runtime->submitted() == 2);
}
