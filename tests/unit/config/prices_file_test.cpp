#include "config/prices_file.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/assemble.hpp"
#include "config/embedded.hpp"
#include "config/load.hpp"
#include "tests/unit/config/temporary_file.hpp"

namespace flipsync::config {

namespace {

std::string prices_refusal(const std::string& text) {
  const auto prices = parse_prices(text, "p.toml");
  return prices ? std::string{} : prices.error().message;
}

const std::string sound = "[[price]]\nprovider = \"openai\"\nmodel = \"m\"\ninput = 0.15\n"
                          "output = 0.60\ndate = 2026-11-25\n";

} // namespace

TEST_CASE("a price is read to the trillionth of a dollar a token") {
  const auto prices = parse_prices(sound + "cached_input = 0.075\n", "p.toml");
  REQUIRE(prices.has_value());
  REQUIRE(prices->size() == 1);
  CHECK(prices->front().usual == token_price{150'000, 75'000, 600'000});
  CHECK(prices->front().date == "2026-11-25");
  CHECK(prices->front().long_above == 0);
  // What the provider caches costs the usual where nothing is said.
  CHECK(parse_prices(sound, "p.toml")->front().usual.cached_input == 150'000);
}

TEST_CASE("what is wrong with a price is said with its line and key") {
  CHECK(prices_refusal("[[price]]\nprovider = \"openai\"\n").find("p.toml:1: model: allowed")
        != std::string::npos);
  CHECK(prices_refusal(sound + "extra = 1\n").find("p.toml:7: extra: no such key")
        != std::string::npos);
  CHECK(
    prices_refusal("[[price]]\nprovider = \"nobody\"\n").find("p.toml:2: provider: allowed: ollama")
    != std::string::npos);
  CHECK(prices_refusal("[[price]]\ninput = -1\n").find("p.toml:2: input") != std::string::npos);
  CHECK(prices_refusal("[[price]]\ninput = 0.0000001\n").find("at most six decimals")
        != std::string::npos);
  CHECK(prices_refusal("[[price]]\ninput = \"1\"\n").find("p.toml:2: input") != std::string::npos);
  CHECK(prices_refusal("[[price]]\ndate = \"today\"\n").find("p.toml:2: date")
        != std::string::npos);
  CHECK(prices_refusal(sound + "long_input = 1\n").find("long_above") != std::string::npos);
  CHECK(prices_refusal(sound + "long_above = 100\n").find("long_input") != std::string::npos);
  CHECK(prices_refusal(sound + sound).find("has a price already") != std::string::npos);
  CHECK(prices_refusal("price = 1\n").find("[[price]] sections") != std::string::npos);
  CHECK(prices_refusal("[[price]\n").find("p.toml:1: ") != std::string::npos);
}

TEST_CASE("every model that the configuration names by itself has a shipped price") {
  const auto prices = read_prices({});
  REQUIRE(prices.has_value());
  const settings usual;
  for (const auto& [provider, own] :
       {std::pair<std::string, hosted_settings>{"openai", usual.openai},
        {"anthropic", usual.anthropic},
        {"gemini", usual.gemini}})
    for (const auto& model : {own.model, own.model_fast, own.model_strong})
      if (!model.empty()) {
        INFO(provider << ' ' << model);
        CHECK(prices->find(provider, model) != nullptr);
      }
}

TEST_CASE("a turn of each shipped default fits the limit of a request") {
  const auto prices = read_prices({});
  const settings usual;
  const auto limit = usd_of(usual.costs.per_request);
  const token_usage large{2'000, 1'024 + 1'024};
  for (const auto& [provider, model] : {std::pair{"openai", usual.openai.model},
                                        {"anthropic", usual.anthropic.model},
                                        {"anthropic", usual.anthropic.model_strong},
                                        {"gemini", usual.gemini.model},
                                        {"gemini", usual.gemini.model_strong}}) {
    INFO(model);
    CHECK(cost_of(*prices->find(provider, model), large) < limit);
  }
}

TEST_CASE(
  "the longest answer of a Claude Opus, where nobody limits it, fits the limit of a request") {
  const auto prices = read_prices({});
  const settings usual;
  const auto limit = usd_of(usual.costs.per_request);
  const token_usage longest{2'000, usual.anthropic.max_tokens + usual.anthropic.thinking_tokens};
  CHECK(cost_of(*prices->find("anthropic", usual.anthropic.model_strong), longest) < limit);
}

TEST_CASE("a file of one's own goes before what is built in") {
  const test::temporary_file file{
    "[[price]]\nprovider = \"openai\"\nmodel = \"gpt-4o\"\ninput = 1\n"
    "output = 2\ndate = 2026-11-25\n"};
  cost_values costs;
  costs.prices_file = file.path();
  const auto prices = read_prices(costs);
  REQUIRE(prices.has_value());
  CHECK(prices->find("openai", "gpt-4o")->usual.input == 1'000'000);
  CHECK(prices->find("openai", "gpt-4o-mini")->usual.input == 150'000);
  costs.prices_file = "/nowhere/prices.toml";
  CHECK_FALSE(read_prices(costs).has_value());
}

TEST_CASE("a model without a price is dearest at its vendor's and free at a server of one's own") {
  settings values;
  CHECK(unknown_price_of(values, "openai") == unknown_price::dearest);
  CHECK(unknown_price_of(values, "ollama") == unknown_price::free);
  CHECK(unknown_price_of(values, "offline") == unknown_price::free);
  values.openai.base_url = "http://127.0.0.1:9999/v1";
  CHECK(unknown_price_of(values, "openai") == unknown_price::free);
  CHECK(unknown_price_of(values, "anthropic") == unknown_price::dearest);
  values.costs.unknown_model = "refuse";
  CHECK(unknown_price_of(values, "openai") == unknown_price::refuse);
  CHECK(unknown_price_of(values, "ollama") == unknown_price::free);
  values.costs.unknown_model = "free";
  CHECK(unknown_price_of(values, "anthropic") == unknown_price::free);
}

TEST_CASE("a vendor's own address is its own however it is written") {
  settings values;
  for (const auto* url : {"https://api.openai.com", "https://api.openai.com/v1/",
                          "https://API.OpenAI.com/v1", "https://api.openai.com:443/v1",
                          "https://api.openai.com./v1", "http://api.openai.com/v1"}) {
    INFO(url);
    values.openai.base_url = url;
    CHECK(unknown_price_of(values, "openai") == unknown_price::dearest);
  }
  for (const auto* url : {"https://api.openai.com.example/v1", "https://eu.api.openai.com.x",
                          "https://proxy.example/api.openai.com/v1", "http://[::1]:8080/v1"}) {
    INFO(url);
    values.openai.base_url = url;
    CHECK(unknown_price_of(values, "openai") == unknown_price::free);
  }
  values.gemini.base_url = "https://generativelanguage.googleapis.com/v1";
  CHECK(unknown_price_of(values, "gemini") == unknown_price::dearest);
}

TEST_CASE("limits of cost reach the runtime as money") {
  settings values;
  values.costs.per_tenant = 2.5;
  const auto parts = assemble(values);
  REQUIRE(parts.has_value());
  CHECK(parts->core.costs.limits.request == usd{100'000'000});
  CHECK(parts->core.costs.limits.conversation == usd{});
  CHECK(parts->core.costs.limits.tenant == usd{2'500'000'000});
  CHECK(parts->core.costs.limits.day == usd{10'000'000'000});
}

} // namespace flipsync::config
