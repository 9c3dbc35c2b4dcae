#include "runtime/core/cache/turn_cache.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/cache/hand_clock.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

cache_settings turns_switched_on() {
  cache_settings settings;
  settings.turns = true;
  settings.turn_bytes = 1024 * 1024;
  return settings;
}

turn_reply answered() {
  turn_reply reply;
  reply.message = "an answer";
  part_report part;
  part.name = "model";
  part.provider = "p";
  part.model = "m";
  part.attempts = {{.provider = "p", .model = "m"}};
  part.tokens = {10, 5};
  part.good_for = 60s;
  reply.usage = part.tokens;
  reply.parts.push_back(part);
  return reply;
}

struct turn_rig {
  std::shared_ptr<hand_clock> clock = std::make_shared<hand_clock>();
  std::uint64_t catalogue = 1;
  turn_cache cache{turns_switched_on(), clock, [this] { return catalogue; },
                   [] { return std::string{"turn-1"}; }};

  [[nodiscard]] digest256 key(std::string_view body = "{}", std::string_view tenant = "t",
                              std::string_view role = "seller",
                              std::string_view place = "/v1") const {
    return cache.key_of({tenant, role, place, body});
  }
};

} // namespace

TEST_CASE("a turn is given again as kept, with nothing spent") {
  turn_rig r;
  CHECK_FALSE(r.cache.find(r.key()));
  r.cache.keep(r.key(), {as_kept(answered()), {}}, 60s);
  const auto found = r.cache.find(r.key());
  REQUIRE(found);
  CHECK(found->reply.cached);
  CHECK(found->reply.usage == token_usage{});
  CHECK(found->reply.parts[0].status == part_status::cached);
  CHECK(found->reply.parts[0].provider == "p");
  CHECK(found->reply.parts[0].model == "m");
  CHECK(found->reply.parts[0].attempts.empty());
  r.clock->time += 60s;
  CHECK_FALSE(r.cache.find(r.key()));
}

TEST_CASE("tenant, role, route and body are all in the key") {
  const turn_rig r;
  CHECK(r.key() == r.key());
  CHECK(r.key() != r.key("{ }"));
  CHECK(r.key() != r.key("{}", "other"));
  CHECK(r.key() != r.key("{}", "t", "shopper"));
  CHECK(r.key() != r.key("{}", "t", "seller", "/v2"));
}

TEST_CASE("an import makes every turn stale at once") {
  turn_rig r;
  r.cache.keep(r.key(), {as_kept(answered()), {}}, 60s);
  r.catalogue = 2;
  CHECK_FALSE(r.cache.find(r.key()));
}

TEST_CASE("another configuration makes every turn stale at once, for one that is being made too") {
  turn_rig r;
  const auto before = r.key();
  r.cache.keep(before, {as_kept(answered()), {}}, 60s);
  r.cache.outdate();
  CHECK_FALSE(r.cache.find(r.key()));
  r.cache.keep(before, {as_kept(answered()), {}}, 60s);
  CHECK_FALSE(r.cache.find(r.key()));
}

TEST_CASE("what each hit saved is counted: tokens, dollars and the time of the models") {
  turn_rig r;
  auto reply = answered();
  reply.parts[0].cost = usd{300};
  reply.parts[0].took = 40ms;
  // One that came out of a cache itself, and one that asked no model.
  reply.parts.push_back({.name = "products",
                         .status = part_status::cached,
                         .provider = "p",
                         .saved = usd{20},
                         .saved_tokens = {3, 2},
                         .cached = true});
  reply.parts.push_back({.name = "quick_replies", .took = 5ms});
  r.cache.keep(r.key(), {as_kept(reply), {}, false, savings_of(reply)}, 60s);
  CHECK(r.cache.show().saved_tokens == 0);
  r.cache.find(r.key());
  r.cache.find(r.key());
  r.cache.find(r.key("another"));
  const auto view = r.cache.show();
  CHECK(view.hits == 2);
  CHECK(view.saved_tokens == 40);
  CHECK(view.saved == usd{640});
  CHECK(view.saved_time == 80ms);
}

TEST_CASE("a kept reply tells what it saves, and that nothing was spent") {
  auto reply = answered();
  reply.parts[0].cost = reply.cost = usd{300};
  const auto kept = as_kept(reply);
  CHECK(kept.saved == usd{300});
  CHECK(kept.cost == usd{});
  CHECK(kept.parts[0].saved == usd{300});
  CHECK(kept.parts[0].saved_tokens == token_usage{10, 5});
  CHECK(kept.parts[0].tokens == token_usage{});
  CHECK(savings_of(kept).tokens == 15);
}

TEST_CASE("turns are cleared by provider and class, and counted") {
  turn_rig r;
  r.cache.keep(r.key(), {as_kept(answered()), {}}, 60s);
  CHECK(r.cache.clear("other", "") == 0);
  CHECK(r.cache.clear("p", "chat") == 0);
  r.cache.find(r.key());
  CHECK(r.cache.show().hits == 1);
  CHECK(r.cache.show().entries == 1);
  CHECK(r.cache.clear("p", "model") == 1);
  CHECK(r.cache.show().entries == 0);
}

TEST_CASE("a reply is good for as long as each of its models' answers is") {
  auto reply = answered();
  CHECK(good_for(reply) == 60s);
  reply.parts.push_back(reply.parts[0]);
  reply.parts[1].good_for = 10s;
  CHECK(good_for(reply) == 10s);
  reply.parts[1].good_for = 0s;
  CHECK(good_for(reply) == 0s);
  reply = answered();
  reply.parts.push_back({.name = "products", .status = part_status::skipped});
  CHECK(good_for(reply) == 60s);
  reply.parts[1].status = part_status::timed_out;
  CHECK(good_for(reply) == 0s);
  reply = answered();
  reply.status = turn_status::partial;
  CHECK(good_for(reply) == 0s);
  CHECK(good_for(turn_reply{}) == 0s);
}
