#include "config/model_needs.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace flipsync;
using namespace flipsync::config;

namespace {

bool has(const provider_need& need, const std::string& model) {
  return std::find(need.models.begin(), need.models.end(), model) != need.models.end();
}

} // namespace

TEST_CASE("without a provider but the embedded one nothing is needed") {
  CHECK(provider_needs(settings{}, {}).empty());
}

TEST_CASE("a local primary needs its models, which can be pulled, and no key") {
  settings values;
  values.models.provider = "ollama";
  values.models.model = "small:1b";
  agent_spec agent;
  agent.model = "large:7b";
  const auto needs = provider_needs(values, {agent});
  REQUIRE(needs.size() == 1);
  CHECK(needs[0].provider == "ollama");
  CHECK(needs[0].primary);
  CHECK(needs[0].fetchable);
  CHECK_FALSE(needs[0].has_key);
  CHECK(needs[0].key_option.empty());
  CHECK(needs[0].models == std::vector<std::string>{"small:1b", "large:7b"});
}

TEST_CASE("a primary in the cloud needs the models of its tiers, a fallback its own") {
  settings values;
  values.models.provider = "openai";
  values.openai.api_keys = {"secret"};
  values.openai.model = "usual";
  values.openai.model_fast = "fast";
  values.anthropic.api_keys = {"secret"};
  values.anthropic.model = "other";
  agent_spec agent;
  agent.provider = "anthropic";
  agent.model = "named";
  const auto needs = provider_needs(values, {agent});
  REQUIRE(needs.size() == 2);
  const auto& primary = needs[0].primary ? needs[0] : needs[1];
  const auto& fallback = needs[0].primary ? needs[1] : needs[0];
  CHECK(primary.has_key);
  CHECK(primary.key_option == "openai.api_key");
  CHECK_FALSE(primary.fetchable);
  CHECK(has(primary, "usual"));
  CHECK(has(primary, "fast"));
  CHECK_FALSE(has(primary, "named"));
  CHECK(has(fallback, "other"));
  CHECK(has(fallback, "named"));
}
