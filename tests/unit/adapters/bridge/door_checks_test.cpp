#include "adapters/bridge/door_checks.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

void add(key_ring& ring, const std::string& name, role who, const std::string& tenant = "acme") {
  api_key key;
  key.holder = {tenant, who, name, {}};
  key.digest = digest_of(name);
  if (!ring.add(std::move(key)))
    throw std::runtime_error{"the key was refused"};
}

bridge_settings with_keys() {
  bridge_settings settings;
  add(settings.keys, "shop", role::shopper);
  add(settings.keys, "sell", role::seller);
  add(settings.keys, "run", role::operator_);
  settings.keys.limit("busy", {1, 3});
  add(settings.keys, "busy", role::shopper, "busy");
  return settings;
}

std::string bearer(const std::string& key) { return "Authorization: Bearer " + key + "\r\n"; }

raw_response get(const door& d, const std::string& target, const std::string& key) {
  return d.connect().request("GET", target, {}, bearer(key));
}

raw_response chat(const door& d, const std::string& key, const std::string& body = hello,
                  const std::string& more = {}) {
  return d.connect().request("POST", "/api/v1/chat", body, json_type + bearer(key) + more);
}

/// A turn whose model call cost something, told by every event that can.
void spend(const std::shared_ptr<fake_turn>& t, bool failing) {
  turn_reply reply;
  reply.id = t->id();
  reply.message = "hello";
  reply.cost = usd{5'000};
  part_report part;
  part.name = "response";
  part.required = true;
  part.provider = "one";
  part.tokens = {7, 3};
  part.cost = reply.cost;
  reply.parts = {part};
  if (failing) {
    reply.status = turn_status::failed;
    reply.why = error{errc::provider_unavailable, "gone"};
  }
  t->finish(failing ? event_type::failed : event_type::completed, std::move(reply));
}

} // namespace

TEST_CASE("no key and an unknown key are 401, which says what is wanted") {
  const door d{with_keys()};
  auto client = d.connect();
  const auto none = client.request("POST", "/api/v1/chat", hello, json_type);
  CHECK(none.status == 401);
  CHECK_THAT(none.header("www-authenticate"), ContainsSubstring("Bearer"));
  CHECK_THAT(none.body, ContainsSubstring(R"("code":"unauthorized")"));
  const auto unknown =
    client.request("POST", "/api/v1/chat", hello, std::string{json_type} + bearer("guess-123"));
  CHECK(unknown.status == 401);
  CHECK(unknown.body.find("guess") == std::string::npos);
  CHECK(client.request("POST", "/api/v1/chat", hello, json_type + bearer("shop")).status == 200);
  CHECK(client.request("POST", "/api/v1/chat", hello, json_type).status == 401);
  CHECK(
    client.request("POST", "/api/v1/chat", hello, std::string{json_type} + "X-Api-Key: sell\r\n")
      .status
    == 200);
  CHECK(d.runtime->submitted() == 2);
}

TEST_CASE("health needs no key, and metrics need an operator's") {
  const door d{with_keys()};
  auto client = d.connect();
  for (const auto* open : {"/livez", "/readyz", "/health", "/"})
    CHECK(client.request("GET", open).status == 200);
  CHECK(client.request("GET", "/metrics").status == 401);
  CHECK(get(d, "/metrics", "shop").status == 403);
  CHECK(get(d, "/metrics", "sell").status == 403);
  CHECK(get(d, "/metrics", "run").status == 200);
  CHECK(get(d, "/api/v1/agents", "shop").status == 403);
  CHECK(get(d, "/api/v1/agents", "sell").status == 200);
}

TEST_CASE("a shopper's key that asks for what sellers see is refused on every route") {
  const door d{with_keys()};
  for (const auto* target :
       {"/api/v1/products?audience=seller", "/api/v1/products/x?audience=seller",
        "/api/v1/chat/conversations/c1?audience=seller",
        "/api/v1/chat/conversations/c1/messages?audience=seller"}) {
    INFO(target);
    const auto refused = get(d, target, "shop");
    CHECK(refused.status == 403);
    CHECK_THAT(refused.body, ContainsSubstring(R"("field":"audience")"));
    CHECK(get(d, target, "sell").status == 200);
  }
  CHECK(get(d, "/api/v1/products?audience=any", "shop").status == 200);
  const auto begun = [&](const std::string& key) {
    return d.connect().request("POST", "/api/v1/chat/conversations", R"({"audience":"seller"})",
                               json_type + bearer(key));
  };
  CHECK(begun("shop").status == 403);
  CHECK(begun("sell").status == 201);
}

TEST_CASE("a turn has its key's tenant and audience, whatever its body says") {
  const door d{with_keys()};
  CHECK(chat(d, "shop").status == 200);
  const auto asked = d.runtime->next_turn();
  CHECK(asked->request.tenant == "acme");
  CHECK(asked->request.who == audience::shopper);
  CHECK(chat(d, "sell").status == 200);
  CHECK(d.runtime->next_turn()->request.who == audience::seller);
  CHECK(chat(d, "run").status == 200);
  CHECK(d.runtime->next_turn()->request.who == audience::any);
  const auto refused = chat(d, "shop", R"({"message":"hello","audience":"seller"})");
  CHECK(refused.status == 403);
  CHECK_THAT(refused.body, ContainsSubstring(R"("field":"audience")"));
  CHECK(chat(d, "shop", R"({"message":"hello","tenant":"other"})").status == 400);
  CHECK(d.runtime->submitted() == 3);
}

TEST_CASE("a shopper's key is not told what a turn cost, on no route and not when it fails") {
  const std::string completion =
    R"({"model":"flipsync","messages":[{"role":"user","content":"hello"}])";
  const std::pair<std::string, std::string> asked[]{
    {"/api/v1/chat", hello},
    {"/api/v1/chat/stream", hello},
    {"/api/v1/ai/chat", hello},
    {"/api/v1/chat/conversations/c1/messages", hello},
    {"/v1/chat/completions", completion + "}"},
    {"/v1/chat/completions", completion + R"(,"stream":true})"}};
  door d{with_keys()};
  bool failing = false;
  d.runtime->on_submit = [&](const std::shared_ptr<fake_turn>& t) { spend(t, failing); };
  const auto answer = [&](const auto& one, const std::string& headers) {
    return d.connect().request("POST", one.first, one.second, json_type + headers).body;
  };
  for (const auto& one : asked) {
    INFO(one.first);
    failing = false;
    const auto shown = answer(one, bearer("shop"));
    CHECK_THAT(shown, ContainsSubstring("hello"));
    CHECK(shown.find("_usd") == std::string::npos);
    CHECK_THAT(answer(one, bearer("sell")), ContainsSubstring(R"("cost_usd":0.000005)"));
    failing = true;
    CHECK(answer(one, bearer("shop")).find("_usd") == std::string::npos);
  }
  const door open;
  CHECK_THAT(open.connect().request("POST", "/api/v1/chat", hello, json_type).body,
             ContainsSubstring(R"("cost_usd":0)"));
}

TEST_CASE("a refused request leaves its connection as it was, body and all") {
  const door d{with_keys()};
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello) + json_post("/api/v1/chat", hello, bearer("shop")));
  CHECK(client.read_response().status == 401);
  CHECK(client.read_response().status == 200);
}

TEST_CASE("a tenant's limits are 429 with the time to wait, and other tenants do not notice") {
  door d{with_keys()};
  d.hold_turns();
  auto first = d.connect();
  first.send(json_post("/api/v1/chat", hello, bearer("busy")));
  const auto running = d.runtime->next_turn();
  const auto second = chat(d, "busy");
  CHECK(second.status == 429);
  CHECK(second.header("retry-after") == "1");
  CHECK_THAT(second.body, ContainsSubstring("at once"));
  running->complete();
  CHECK(first.read_response().status == 200);
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete(); };
  CHECK(chat(d, "busy").status == 200);
  const auto fourth = chat(d, "busy");
  CHECK(fourth.status == 429);
  CHECK(fourth.header("retry-after") == "20");
  CHECK(chat(d, "shop").status == 200);
}

TEST_CASE("a streamed turn's place is free again when its end is read") {
  const door d{with_keys()};
  auto client = d.connect();
  for (int i = 0; i < 3; ++i) {
    const auto r = client.request("POST", "/api/v1/chat/stream", hello, json_type + bearer("busy"));
    CHECK(r.status == 200);
  }
}

TEST_CASE("without keys on the network an address sends 30 messages a minute") {
  bridge_settings settings;
  settings.host = "0.0.0.0";
  settings.insecure = true;
  const door d{settings};
  auto client = d.connect();
  for (int i = 0; i < 30; ++i)
    REQUIRE(client.request("POST", "/api/v1/chat", hello, json_type).status == 200);
  const auto refused = d.connect().request("POST", "/api/v1/chat", hello, json_type);
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after") == "2");
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("a name that is not ours is refused on loopback, and a listed one is not") {
  bridge_settings settings;
  settings.access.origins.hosts = {"shop.test"};
  const door d{settings};
  const auto answer = [&](const std::string& host) {
    auto client = d.connect();
    client.send("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return client.read_response();
  };
  CHECK(answer("localhost:1234").status == 200);
  CHECK(answer("127.0.0.1").status == 200);
  CHECK(answer("shop.test").status == 200);
  const auto refused = answer("evil.example");
  CHECK(refused.status == 403);
  CHECK_THAT(refused.body, ContainsSubstring(R"("field":"host")"));
}

TEST_CASE("a page of elsewhere changes nothing here, and gets no CORS headers") {
  const door d;
  auto client = d.connect();
  const std::string evil = "Origin: https://evil.example\r\n";
  const auto refused = client.request("POST", "/api/v1/chat", hello, json_type + evil);
  CHECK(refused.status == 403);
  CHECK_THAT(refused.body, ContainsSubstring(R"("field":"origin")"));
  const auto read = client.request("GET", "/livez", {}, evil);
  CHECK(read.status == 200);
  CHECK(read.header("access-control-allow-origin").empty());
  CHECK(client
          .request("POST", "/api/v1/chat", hello,
                   std::string{json_type} + "Origin: http://localhost\r\n")
          .status
        == 200);
  const auto asked =
    client.request("OPTIONS", "/api/v1/chat", {}, evil + "Access-Control-Request-Method: POST\r\n");
  CHECK(asked.status == 405);
}

TEST_CASE("a listed page is told that it may, before and with the answer") {
  auto settings = with_keys();
  settings.access.origins.origins = {"https://shop.example"};
  const door d{std::move(settings)};
  auto client = d.connect();
  const std::string page = "Origin: https://shop.example\r\n";
  const auto asked =
    client.request("OPTIONS", "/api/v1/chat", {}, page + "Access-Control-Request-Method: POST\r\n");
  CHECK(asked.status == 200);
  CHECK(asked.header("access-control-allow-origin") == "https://shop.example");
  CHECK(asked.header("access-control-allow-methods") == "POST");
  CHECK_THAT(asked.header("access-control-allow-headers"), ContainsSubstring("authorization"));
  const auto answer =
    client.request("POST", "/api/v1/chat", hello, json_type + page + bearer("shop"));
  CHECK(answer.status == 200);
  CHECK(answer.header("access-control-allow-origin") == "https://shop.example");
  CHECK(answer.header("vary") == "Origin");
  CHECK_THAT(answer.header("access-control-expose-headers"),
             ContainsSubstring("x-flipsync-cache") && ContainsSubstring("x-should-retry"));
  const auto keyless = client.request("POST", "/api/v1/chat", hello, json_type + page);
  CHECK(keyless.status == 401);
  CHECK(keyless.header("access-control-allow-origin") == "https://shop.example");
  const auto other = client.request("OPTIONS", "/api/v1/chat", {},
                                    "Origin: https://evil.example\r\n"
                                    "Access-Control-Request-Method: POST\r\n");
  CHECK(other.header("access-control-allow-origin").empty());
  CHECK(client.request("OPTIONS", "/nothing", {}, page + "Access-Control-Request-Method: GET\r\n")
          .status
        == 404);
}

TEST_CASE("a listed page may send the headers that it asks for, whatever they are called") {
  bridge_settings settings;
  settings.access.origins.origins = {"https://shop.example"};
  const door d{std::move(settings)};
  const auto allowed = [&](const std::string& wanted) {
    const auto r =
      d.connect().request("OPTIONS", "/v1/chat/completions", {},
                          "Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n"
                          "Access-Control-Request-Headers: "
                            + wanted + "\r\n");
    CHECK(r.status == 200);
    CHECK(r.header("vary") == "Access-Control-Request-Headers"); // beside the origin
    return r.header("access-control-allow-headers");
  };
  const std::string of_a_client = "authorization,content-type,x-stainless-lang,x-flipsync-cache";
  CHECK(allowed(of_a_client) == of_a_client);
  const auto usual = allowed({});
  CHECK_THAT(usual, ContainsSubstring("authorization, cache-control"));
  for (const auto& odd :
       {std::string{"a;b"}, std::string{"a\"b"}, std::string{"\xc3\xa4"}, std::string(2049, 'a')})
    CHECK(allowed(odd) == usual);
}

TEST_CASE("no answer is kept by a cache or taken for another type") {
  const door d;
  for (const auto& r : {d.connect().request("GET", "/livez"), d.connect().request("GET", "/none"),
                        d.connect().request("POST", "/api/v1/chat/stream", hello, json_type)}) {
    CHECK(r.header("cache-control") == "no-store");
    CHECK(r.header("x-content-type-options") == "nosniff");
  }
}

TEST_CASE("other keys hold from the next request on, and where none are left nobody may") {
  const door d{with_keys()};
  auto client = d.connect();
  CHECK(client.request("POST", "/api/v1/chat", hello, json_type + bearer("shop")).status == 200);
  key_ring fresh;
  add(fresh, "new", role::shopper);
  d.listener->replace_keys(std::move(fresh));
  CHECK(client.request("POST", "/api/v1/chat", hello, json_type + bearer("shop")).status == 401);
  CHECK(client.request("POST", "/api/v1/chat", hello, json_type + bearer("new")).status == 200);
  auto open = with_keys();
  open.host = "0.0.0.0";
  const door network{std::move(open)};
  for (const auto* each : {&d, &network}) {
    each->listener->replace_keys({});
    CHECK(chat(*each, "shop").status == 401);
    CHECK(chat(*each, "new").status == 401);
    CHECK(each->connect().request("POST", "/api/v1/chat", hello, json_type).status == 401);
  }
}

TEST_CASE("under /v1 a shopper's key asks agents and no model, and errors have that form") {
  const door d{with_keys()};
  const auto ask = [&](const std::string& model, const std::string& headers) {
    return d.connect().request("POST", "/v1/chat/completions",
                               R"({"model":")" + model
                                 + R"(","messages":[{"role":"user","content":"hello"}]})",
                               json_type + headers);
  };
  const auto none = ask("flipsync", {});
  CHECK(none.status == 401);
  CHECK_THAT(none.body, ContainsSubstring(R"({"error":{"message")"));
  CHECK_THAT(none.body, ContainsSubstring(R"("type":"authentication_error")"));
  CHECK(ask("flipsync", bearer("shop")).status == 200);
  const auto asked = d.runtime->next_turn();
  CHECK(asked->request.tenant == "acme");
  CHECK(asked->request.who == audience::shopper);
  const auto straight = ask("a-model", bearer("shop"));
  CHECK(straight.status == 403);
  CHECK_THAT(straight.body, ContainsSubstring(R"("param":"model")"));
  CHECK(ask("flipsync", bearer("busy")).status == 200);
}
