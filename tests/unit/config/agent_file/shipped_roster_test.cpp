// The roster that is shipped (config/agents.toml) against what the business rules ask of it.
#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "config/agent_file/agent_file.hpp"

using namespace flipsync;

namespace {

std::vector<agent_spec> shipped() {
  const std::string path = std::string{FLIPSYNC_SOURCE_DIR} + "/config/agents.toml";
  std::ifstream in{path, std::ios::binary};
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return config::load_agents(text.str(), path).value();
}

} // namespace

TEST_CASE("The shipped roster is the ten agents, of whom shoppers reach one") {
  const std::map<std::string, std::vector<std::string>> aliases{
    {"executive", {}},
    {"market", {}},
    {"competitor", {}},
    {"pricing", {"auto_pricing"}},
    {"content", {}},
    {"listing", {"auto_listing"}},
    {"inventory", {"auto_inventory"}},
    {"logistics", {}},
    {"marketplace", {"ebay"}},
    {"concierge", {"assistant", "liaison"}},
  };
  const auto agents = shipped();
  CHECK(agents.size() == aliases.size());
  for (const auto& agent : agents) {
    INFO(agent.name);
    REQUIRE(aliases.contains(agent.name));
    CHECK(agent.aliases == aliases.at(agent.name));
    CHECK(agent.who == (agent.name == "concierge" ? audience::shopper : audience::seller));
  }
}

TEST_CASE("Every shipped agent has what its turns need") {
  for (const auto& agent : shipped()) {
    INFO(agent.name);
    CHECK(agent.prompt.size() > 300);
    CHECK_FALSE(agent.title.empty());
    CHECK_FALSE(agent.skills.empty());
    CHECK(agent.phrases.size() > 10);
    CHECK(agent.keywords.size() > 10);
    CHECK(agent.tuning.temperature);
    CHECK(agent.tuning.max_tokens);
  }
}

TEST_CASE("No agent says a phrase or keyword twice") {
  for (const auto& agent : shipped()) {
    INFO(agent.name);
    std::set<std::string> seen;
    for (const auto* list : {&agent.phrases, &agent.keywords})
      for (const auto& term : *list) {
        INFO(term);
        CHECK(seen.insert(fold(term)).second);
      }
  }
}

TEST_CASE("The concierge is told to keep cost and margin to itself") {
  for (const auto& agent : shipped())
    if (agent.name == "concierge") {
      CHECK(agent.prompt.find("cost") != std::string::npos);
      CHECK(agent.prompt.find("margin") != std::string::npos);
    }
}
