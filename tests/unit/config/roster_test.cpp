#include "config/roster.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>

#include "config/embedded.hpp"
#include "tests/unit/config/temporary_file.hpp"

using namespace flipsync;
using namespace flipsync::config;
using flipsync::test::temporary_file;

namespace {

constexpr auto eleventh = R"([[agent]]
name = "gardener"
aliases = ["plants"]
title = "Plants"
audience = "seller"
prompt = "You know plants."
keywords = ["tomato"]
)";

std::vector<std::string> names_of(const std::vector<agent_spec>& agents) {
  std::vector<std::string> out;
  out.reserve(agents.size());
  for (const auto& agent : agents)
    out.push_back(agent.name);
  return out;
}

} // namespace

TEST_CASE("the built-in roster is config/agents.toml to the byte") {
  std::ifstream in{std::string{FLIPSYNC_SOURCE_DIR} + "/config/agents.toml", std::ios::binary};
  REQUIRE(in);
  CHECK(agents_toml() == std::string{std::istreambuf_iterator<char>{in}, {}});
}

TEST_CASE("the built-in roster has the ten agents") {
  const auto roster = read_roster({});
  INFO((roster ? std::string{} : roster.error().message));
  REQUIRE(roster.has_value());
  CHECK(names_of(*roster)
        == std::vector<std::string>{"executive", "market", "competitor", "pricing", "content",
                                    "listing", "inventory", "logistics", "marketplace",
                                    "concierge"});
}

TEST_CASE("an eleventh agent is a file and a line of configuration") {
  const temporary_file file{eleventh};
  const auto roster = read_roster({{}, {file.path()}}).value();
  REQUIRE(roster.size() == 11);
  CHECK(roster.back().name == "gardener");
  const auto routing = routing_of(roster);
  CHECK(routing.agents.back().keywords == std::vector<std::string>{"tomato"});
  const intent_router router{routing};
  CHECK(router.resolve("plants") == "gardener");
  route_input input;
  input.message = "tomato tomato";
  CHECK(router.route(input, vocabulary{}).value().agent == "gardener");
}

TEST_CASE("an agent of an extra file replaces the one of its name in its place") {
  const temporary_file file{
    "[[agent]]\nname = \"pricing\"\naudience = \"seller\"\nprompt = \"Mine.\"\n"};
  const auto roster = read_roster({{}, {file.path()}}).value();
  REQUIRE(roster.size() == 10);
  CHECK(roster[3].name == "pricing");
  CHECK(roster[3].prompt == "Mine.");
}

TEST_CASE("a file of its own replaces the roster, and its agents take what matches nothing") {
  const temporary_file file{eleventh};
  const auto roster = read_roster({file.path(), {}}).value();
  REQUIRE(roster.size() == 1);
  const auto routing = routing_of(roster);
  CHECK(routing.seller_default == "gardener");
  CHECK(routing.shopper_default.empty());
}

TEST_CASE("a name that means two agents is refused across files") {
  const temporary_file file{"[[agent]]\nname = \"greeter\"\naliases = [\"Concierge\"]\n"
                            "audience = \"shopper\"\nprompt = \"Hello.\"\n"};
  const auto roster = read_roster({{}, {file.path()}});
  REQUIRE(roster.has_error());
  CHECK(roster.error().message.find("greeter") != std::string::npos);
}

TEST_CASE("a file of agents that is missing or wrong is an error that names it") {
  CHECK(read_roster({"/nowhere/agents.toml", {}}).error().message.find("/nowhere/agents.toml")
        == 0);
  const temporary_file file{"[[agent]]\nname = 5\n"};
  CHECK(read_roster({{}, {file.path()}}).has_error());
}

TEST_CASE("a skill or provider that does not exist is named with the agent and what there is") {
  agent_spec spec;
  spec.name = "odd";
  spec.skills = {"juggling"};
  spec.provider = "openai";
  part_contract part;
  part.name = "response";
  part.skills = {"singing"};
  part.provider = "nobody";
  spec.parts = {part};
  const auto faults = roster_faults({spec}, agent_library{}, {"offline"});
  REQUIRE(faults.size() == 4);
  CHECK(faults[0].starts_with("agent 'odd': there is no skill 'juggling'"));
  CHECK(faults[1] == "agent 'odd': the provider 'openai' is not configured; configured: offline");
  CHECK(faults[2].starts_with("agent 'odd', part 'response': there is no skill 'singing'"));
  CHECK(faults[3].starts_with("agent 'odd', part 'response': the provider 'nobody'"));
}

TEST_CASE("an agent without wishes has no faults") {
  agent_spec spec;
  spec.name = "plain";
  CHECK(roster_faults({spec}, agent_library{}, {}).empty());
}
