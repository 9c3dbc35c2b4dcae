// A provider with several keys in virtual time: which key each attempt uses, and what a fault of
// one does to the others.
#include <algorithm>

#include "tests/unit/runtime/embed/conduct_fixture.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

error refused_key() {
  return error{errc::provider_rejected, "no"}.with("status", "401").with("reason", "key");
}

error limited(std::optional<std::chrono::milliseconds> after = {}) {
  error why{errc::rate_limited, "busy"};
  why.retry_after = after;
  return why;
}

/// A primary whose keys answer as told, and a healthy second.
pair_of with_keys(std::uint32_t count, std::function<script(std::uint32_t key)> play,
                  std::function<void(assembly&)> change = {}) {
  return pair_of{
    [play = std::move(play)](const model_request& request, std::size_t) {
      return play(request.key);
    },
    [count, change = std::move(change)](assembly& parts) {
      std::dynamic_pointer_cast<scripted_provider>(parts.providers[0].provider)->set_keys(count);
      if (change)
        change(parts);
    }};
}

using numbers = std::vector<std::uint32_t>;

numbers keys_of(const virtual_runtime& rt) {
  numbers out;
  for (const auto& request : rt.provider->requests())
    out.push_back(request.key);
  return out;
}

numbers keys_of(const event_log& log) {
  numbers out;
  for (const auto& one : log.reply().parts.at(0).attempts)
    out.push_back(one.key);
  return out;
}

std::shared_ptr<event_log> one_turn(pair_of& rt, std::chrono::milliseconds time = 5ms,
                                    bool stream = false) {
  auto log = rt.say(stream);
  rt.advance(time);
  return log;
}

} // namespace

TEST_CASE("the keys of a provider go in turn, and the reply says which one it was") {
  auto rt = with_keys(3, [](std::uint32_t) { return script{}; });
  for (int i = 0; i < 4; ++i)
    one_turn(rt);
  CHECK(keys_of(rt) == numbers{0, 1, 2, 0});
  CHECK(keys_of(*one_turn(rt)) == numbers{2});
}

TEST_CASE("an only key is not numbered") {
  auto rt = with_keys(1, [](std::uint32_t) { return script{}; });
  CHECK(keys_of(*one_turn(rt)) == numbers{0});
  CHECK(rt.health_of(0).keys.empty());
}

TEST_CASE("a refused key is ejected alone, and the same call goes on with the next one at once") {
  for (const bool stream : {false, true}) {
    auto rt =
      with_keys(2, [](std::uint32_t key) { return key == 0 ? failing(refused_key()) : script{}; });
    const auto log = one_turn(rt, 5ms, stream);
    CHECK(log->reply().message == "an answer");
    CHECK(keys_of(*log) == numbers{1, 2});
    for (int i = 0; i < 3; ++i)
      CHECK(keys_of(*one_turn(rt)) == numbers{2});
    const auto health = rt.health_of(0);
    CHECK(health.key_refused);
    CHECK(health.keys[0].what == key_snapshot::state::refused);
    CHECK(health.keys[1].what == key_snapshot::state::in_use);
    CHECK(health.breaker == circuit_breaker::state::closed);
    CHECK(health.retries == 0);
    CHECK(rt.second->requests().empty());
  }
}

TEST_CASE("when all keys are refused the fallback answers, and each was shown once") {
  auto rt = with_keys(3, [](std::uint32_t) { return failing(refused_key()); });
  const auto log = one_turn(rt);
  check_second_answered(*log);
  CHECK(keys_of(*log) == numbers{1, 2, 3, 0});
  const auto next = one_turn(rt);
  CHECK(tried(*next) == list{"second"});
  CHECK(next->reply().parts[0].why_model.find("scripted has refused all keys")
        != std::string::npos);
  CHECK(rt.provider->requests().size() == 3);
}

TEST_CASE("a key that is limited rests as long as it was told, and the others serve meanwhile") {
  auto rt =
    with_keys(2, [](std::uint32_t key) { return key == 0 ? failing(limited(2s)) : script{}; });
  CHECK(keys_of(*one_turn(rt)) == numbers{1, 2});
  CHECK(keys_of(*one_turn(rt)) == numbers{2});
  CHECK(keys_of(*one_turn(rt)) == numbers{2});
  rt.advance(2s);
  CHECK(keys_of(*one_turn(rt)) == numbers{1, 2});
  CHECK(rt.health_of(0).retries == 0);
}

TEST_CASE("where all keys are limited, the one that is free first is waited for") {
  auto rt = with_keys(
    2,
    [calls = std::make_shared<int>(0)](std::uint32_t key) {
      return ++*calls <= 2 ? failing(limited(key == 0 ? 300ms : 100ms)) : script{};
    },
    [](assembly& parts) { parts.models.fallbacks.clear(); });
  const auto log = one_turn(rt, 150ms);
  CHECK(log->reply().message == "an answer");
  CHECK(keys_of(*log) == numbers{1, 2, 2});
  CHECK(rt.provider->started_at()[2] - rt.provider->started_at()[0] >= 100ms);
}

TEST_CASE("limits without a time are met three times at most beyond one for each further key") {
  auto rt = with_keys(
    2, [](std::uint32_t) { return failing(limited()); },
    [](assembly& parts) { parts.models.fallbacks.clear(); });
  const auto log = one_turn(rt, 10s);
  CHECK(log->reply().why.code == errc::rate_limited);
  CHECK(rt.provider->requests().size() == 4);
}

TEST_CASE("a key whose quota is used up is passed over, and the call goes on with the next one") {
  auto rt = with_keys(2, [](std::uint32_t key) {
    const auto why = error{errc::provider_rejected, "used up"}.with("limit", "quota");
    return key == 0 ? failing(why) : script{};
  });
  CHECK(keys_of(*one_turn(rt)) == numbers{1, 2});
  CHECK(keys_of(*one_turn(rt)) == numbers{2});
  CHECK(rt.health_of(0).breaker == circuit_breaker::state::closed);
}

TEST_CASE("when one key is refused and the other used up, no call shows a key twice") {
  auto rt = with_keys(
    2,
    [](std::uint32_t key) {
      return failing(key == 0 ? refused_key()
                              : error{errc::provider_rejected, "used up"}.with("limit", "quota"));
    },
    [](assembly& parts) { parts.models.fallbacks.clear(); });
  const auto first = one_turn(rt, 12s);
  CHECK(first->reply().status == turn_status::failed);
  CHECK(keys_of(*first) == numbers{1, 2});
  CHECK(keys_of(*one_turn(rt, 12s)) == numbers{2});
}

TEST_CASE("one key's minute that is full leaves the calls to the others") {
  auto rt = with_keys(
    2, [](std::uint32_t) { return script{}; },
    [](assembly& parts) { parts.providers[0].rate.requests_per_minute = 2; });
  for (int i = 0; i < 4; ++i)
    one_turn(rt);
  CHECK(keys_of(rt) == numbers{0, 1, 0, 1});
  CHECK(tried(*one_turn(rt)) == list{"second"});
}

TEST_CASE("a model that fails with one key alone is left alone with it, and the provider answers") {
  auto rt = with_keys(2, [](std::uint32_t key) { return key == 0 ? failing(down()) : script{}; });
  for (int i = 0; i < 12; ++i)
    CHECK(one_turn(rt, 60ms)->reply().message == "an answer");
  const auto health = rt.health_of(0);
  CHECK(health.models.empty());
  CHECK(health.keys[0].what == key_snapshot::state::left_alone);
  const auto shown = keys_of(rt);
  CHECK(std::count(shown.begin(), shown.end(), 0U) <= 5);
  CHECK(rt.second->requests().empty());
}
