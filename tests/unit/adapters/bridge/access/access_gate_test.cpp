#include "adapters/bridge/access/access_gate.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

const access_gate::time_point noon{1000h};

void add(key_ring& ring, const std::string& name, const std::string& tenant, role who,
         std::optional<std::uint32_t> messages = {}) {
  api_key key;
  key.holder = {tenant, who, name, messages};
  key.digest = digest_of(name);
  const auto added = ring.add(std::move(key));
  REQUIRE(added.has_value());
}

key_ring two_tenants() {
  key_ring ring;
  add(ring, "shop", "acme", role::shopper);
  add(ring, "sell", "acme", role::seller);
  add(ring, "run", "acme", role::operator_);
  add(ring, "rival", "other", role::shopper);
  ring.limit("acme", {2, 3});
  return ring;
}

access_settings on_the_network() {
  access_settings settings;
  settings.origins.loopback = false;
  return settings;
}

client client_of(const access_gate& gate, std::string_view key) {
  return {gate.identify({{}, key}).value(), "203.0.113.7"};
}

turn_request asking(audience who = audience::any) {
  turn_request request;
  request.who = who;
  return request;
}

struct last_event final : event_sink {
  void on_event(const turn_event& event) override { type = event.type; }
  event_type type = event_type::turn_started;
};

} // namespace

TEST_CASE("without keys everybody is an operator of the one tenant") {
  access_gate gate{{}, {}};
  CHECK(gate.open());
  const client who{gate.identify({}).value(), "127.0.0.1"};
  CHECK(who.who().who == role::operator_);
  CHECK(who.who().tenant == "default");
  auto request = asking();
  CHECK(gate.admit(who, request, noon).has_value());
  CHECK(request.who == audience::any);
  CHECK(request.tenant == "default");
}

TEST_CASE("a key is taken from either header") {
  const access_gate gate{{}, two_tenants()};
  CHECK(gate.identify({"Bearer shop", {}}).value()->holder.key == "shop");
  CHECK(gate.identify({"bearer   shop", {}}).value()->holder.key == "shop");
  CHECK(gate.identify({{}, "shop"}).value()->holder.key == "shop");
  CHECK(gate.identify({"Bearer wrong", "shop"}).value()->holder.key == "shop");
}

TEST_CASE("no key and an unknown key are refused") {
  const access_gate gate{{}, two_tenants()};
  for (const auto* header :
       {"", "Bearer", "Bearer ", "Bearer x", "Basic shop", "shop", "Bearershop"})
    CHECK(gate.identify({header, {}}).error().code == errc::unauthorized);
  CHECK(gate.identify({"Bearer shop", "x"}).error().code == errc::unauthorized);
}

TEST_CASE("a key gives a turn its tenant and, where the turn names none, its audience") {
  access_gate gate{{}, two_tenants()};
  const std::pair<const char*, audience> expected[] = {
    {"shop", audience::shopper}, {"sell", audience::seller}, {"run", audience::any}};
  for (const auto& [key, who] : expected) {
    auto request = asking();
    request.tenant = "made up";
    REQUIRE(gate.admit(client_of(gate, key), request, noon).has_value());
    CHECK(request.tenant == "acme");
    CHECK(request.who == who);
  }
}

TEST_CASE("a shopper never asks as a seller, a seller may ask as a shopper") {
  access_gate gate{{}, two_tenants()};
  auto as_seller = asking(audience::seller);
  CHECK(gate.admit(client_of(gate, "shop"), as_seller, noon).error().code == errc::forbidden);
  auto as_shopper = asking(audience::shopper);
  REQUIRE(gate.admit(client_of(gate, "sell"), as_shopper, noon).has_value());
  CHECK(as_shopper.who == audience::shopper);
}

TEST_CASE("a tenant's turns in flight are bounded, and their ends make room") {
  access_gate gate{{}, two_tenants()};
  const auto shop = client_of(gate, "shop");
  auto request = asking();
  auto one = gate.admit(shop, request, noon).value();
  auto two = gate.admit(client_of(gate, "run"), request, noon).value();
  const auto refused = gate.admit(shop, request, noon);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::rate_limited);
  CHECK(refused.error().retry_after.has_value());
  CHECK(gate.admit(client_of(gate, "rival"), request, noon).has_value());
  const auto end = std::make_shared<last_event>();
  const auto sink = hold_until_end(std::move(one), end);
  turn_event event;
  event.type = event_type::token;
  sink->on_event(event);
  CHECK_FALSE(gate.admit(shop, request, noon).has_value());
  event.type = event_type::completed;
  sink->on_event(event);
  CHECK(end->type == event_type::completed);
  CHECK(gate.admit(shop, request, noon).has_value());
}

TEST_CASE("a turn without a limit of its tenant keeps its own sink") {
  const auto sink = std::make_shared<last_event>();
  CHECK(hold_until_end({}, sink) == sink);
}

TEST_CASE("a tenant's requests a minute are bounded") {
  access_gate gate{{}, two_tenants()};
  const auto shop = client_of(gate, "shop");
  for (int i = 0; i < 3; ++i)
    REQUIRE(gate.count_request(shop, noon).has_value());
  const auto refused = gate.count_request(client_of(gate, "sell"), noon);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::rate_limited);
  CHECK(refused.error().retry_after == 20s);
  CHECK(gate.count_request(client_of(gate, "rival"), noon).has_value());
  CHECK(gate.count_request(shop, noon + 20s).has_value());
}

TEST_CASE("on the network a key sends 30 messages a minute, unless it may more") {
  auto ring = two_tenants();
  add(ring, "many", "third", role::shopper, 40);
  access_gate gate{on_the_network(), std::move(ring)};
  auto request = asking();
  for (int i = 0; i < 30; ++i)
    REQUIRE(gate.admit(client_of(gate, "shop"), request, noon).has_value());
  const auto refused = gate.admit(client_of(gate, "shop"), request, noon);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().retry_after == 2s);
  CHECK(gate.admit(client_of(gate, "sell"), request, noon).has_value());
  for (int i = 0; i < 40; ++i)
    REQUIRE(gate.admit(client_of(gate, "many"), request, noon).has_value());
  CHECK_FALSE(gate.admit(client_of(gate, "many"), request, noon).has_value());
}

TEST_CASE("without keys each address has its messages, and none are counted on loopback") {
  access_gate network{on_the_network(), {}};
  access_gate loopback{{}, {}};
  auto request = asking();
  const client one{network.identify({}).value(), "203.0.113.1"};
  const client two{network.identify({}).value(), "203.0.113.2"};
  for (int i = 0; i < 30; ++i) {
    REQUIRE(network.admit(one, request, noon).has_value());
    REQUIRE(loopback.admit(one, request, noon).has_value());
  }
  CHECK_FALSE(network.admit(one, request, noon).has_value());
  CHECK(network.admit(two, request, noon).has_value());
  CHECK(loopback.admit(one, request, noon).has_value());
}

TEST_CASE("other keys hold from the next request on") {
  access_gate gate{{}, two_tenants()};
  key_ring fresh;
  add(fresh, "new", "acme", role::seller);
  gate.replace(std::move(fresh));
  CHECK(gate.identify({{}, "shop"}).error().code == errc::unauthorized);
  CHECK(gate.identify({{}, "new"}).has_value());
}

TEST_CASE("where all keys were taken back nobody may, and a gate that never had one stays open") {
  access_gate gate{{}, two_tenants()};
  const auto ticket = gate.issue_ticket(client_of(gate, "shop"), noon).value();
  gate.replace({});
  CHECK_FALSE(gate.open());
  CHECK(gate.identify({{}, "shop"}).error().code == errc::unauthorized);
  CHECK(gate.identify({}).error().code == errc::unauthorized);
  CHECK(gate.redeem_ticket(ticket, noon).error().code == errc::unauthorized);
  access_gate open{{}, {}};
  open.replace({});
  CHECK(open.identify({}).has_value());
  open.replace(two_tenants());
  open.replace({});
  CHECK(open.identify({}).error().code == errc::unauthorized);
}

TEST_CASE("a ticket stands for its key, once, and not for a key that was taken back") {
  access_gate gate{{}, two_tenants()};
  const auto shop = client_of(gate, "shop");
  const auto ticket = gate.issue_ticket(shop, noon).value();
  CHECK(gate.redeem_ticket(ticket, noon).value()->holder.key == "shop");
  CHECK(gate.redeem_ticket(ticket, noon).error().code == errc::unauthorized);
  const auto late = gate.issue_ticket(shop, noon).value();
  key_ring fresh;
  add(fresh, "new", "acme", role::seller);
  gate.replace(std::move(fresh));
  CHECK(gate.redeem_ticket(late, noon).error().code == errc::unauthorized);
}
