#include "config/agent_file/agent_file.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using config::load_agents;

namespace {

constexpr std::string_view minimal = "[[agent]]\nname = \"a\"\nprompt = \"p\"\n";

error refused(const std::string& toml) {
  const auto loaded = load_agents(toml, "roster.toml");
  REQUIRE_FALSE(loaded.has_value());
  return loaded.error();
}

/// The minimal agent with one more line.
std::string with(const std::string& line) { return std::string{minimal} + line + "\n"; }

} // namespace

TEST_CASE("An agent needs only a name and a prompt, the rest has defaults") {
  const auto agents = load_agents(minimal, "roster.toml").value();
  REQUIRE(agents.size() == 1);
  const auto& agent = agents.front();
  const agent_spec defaults;
  CHECK(agent.name == "a");
  CHECK(agent.prompt == "p");
  CHECK(agent.who == audience::seller);
  CHECK(agent.tier == "default");
  CHECK(agent.max_in_flight == defaults.max_in_flight);
  CHECK(agent.history_messages == defaults.history_messages);
  CHECK_FALSE(agent.tuning.temperature);
  CHECK(agent.parts.empty());
}

TEST_CASE("Every key is read") {
  const auto agents = load_agents(R"(
[[agent]]
name = "tutor"
aliases = ["teacher"]
title = "Teaches"
audience = "any"
prompt = "You teach."
skills = ["drill"]
phrases = ["teach me"]
keywords = ["verb"]
entities = ["category", "brand", "attribute", "product", "sku"]
tier = "fast"
provider = "scripted"
model = "tiny"
temperature = 1
max_tokens = 50
top_p = 0.9
top_k = 40
num_ctx = 1024
stop = ["\n\n"]
keep_alive = "24h"
max_in_flight = 7
history_messages = 0

[[agent.part]]
name = "response"
deadline_share = 0.8
skills = ["drill"]

[[agent.part]]
name = "translation"
required = true
source = "model"
after = "response"
provider = "scripted"
model = "tiny"
instruction = "Translate."
max_tokens = 20
)",
                                  "roster.toml")
                        .value();
  REQUIRE(agents.size() == 1);
  const auto& agent = agents.front();
  CHECK(agent.aliases == std::vector<std::string>{"teacher"});
  CHECK(agent.title == "Teaches");
  CHECK(agent.who == audience::any);
  CHECK(agent.skills == std::vector<std::string>{"drill"});
  CHECK(agent.phrases == std::vector<std::string>{"teach me"});
  CHECK(agent.keywords == std::vector<std::string>{"verb"});
  CHECK(agent.entities.size() == 5);
  CHECK(agent.tier == "fast");
  CHECK(agent.provider == "scripted");
  CHECK(agent.model == "tiny");
  CHECK(agent.tuning.temperature == 1.0);
  CHECK(agent.tuning.max_tokens == 50u);
  CHECK(agent.tuning.top_p == 0.9);
  CHECK(agent.tuning.top_k == 40u);
  CHECK(agent.tuning.num_ctx == 1024u);
  CHECK(agent.tuning.stop == std::vector<std::string>{"\n\n"});
  CHECK(agent.tuning.keep_alive == "24h");
  CHECK(agent.max_in_flight == 7);
  CHECK(agent.history_messages == 0);

  REQUIRE(agent.parts.size() == 2);
  CHECK(agent.parts[0].required); // a response is, unless said otherwise
  CHECK(agent.parts[0].source == part_source::model);
  CHECK(agent.parts[0].deadline_share == 0.8);
  CHECK(agent.parts[0].skills == std::vector<std::string>{"drill"});
  CHECK(agent.parts[1].required);
  CHECK(agent.parts[1].source == part_source::model);
  CHECK(agent.parts[1].after == "response");
  CHECK(agent.parts[1].provider == "scripted");
  CHECK(agent.parts[1].model == "tiny");
  CHECK(agent.parts[1].instruction == "Translate.");
  CHECK(agent.parts[1].max_tokens == 20u);
}

TEST_CASE("A part other than the response is optional and by rules unless said otherwise") {
  const auto agents = load_agents(with("[[agent.part]]\nname = \"quick_replies\""), "r").value();
  CHECK_FALSE(agents.front().parts.front().required);
  CHECK(agents.front().parts.front().source == part_source::rules);
}

TEST_CASE("A wrong value is refused with its file, line and key") {
  struct row {
    const char* line;
    const char* key;
  };
  const row rows[] = {
    {"tempo = 1", "agent 'a'.tempo"},
    {"aliases = \"b\"", "agent 'a'.aliases"},
    {"aliases = [1]", "agent 'a'.aliases"},
    {"aliases = [\"two words\"]", "agent 'a'.aliases"},
    {"aliases = [\"A\"]", "agent 'a'.aliases"},
    {"aliases = [\"b\", \"B\"]", "agent 'a'.aliases"},
    {"title = 7", "agent 'a'.title"},
    {"audience = \"admin\"", "agent 'a'.audience"},
    {"skills = [\"\"]", "agent 'a'.skills"},
    {"entities = [\"colour\"]", "agent 'a'.entities"},
    {"tier = \"best\"", "agent 'a'.tier"},
    {"temperature = 2.1", "agent 'a'.temperature"},
    {"temperature = -0.1", "agent 'a'.temperature"},
    {"temperature = nan", "agent 'a'.temperature"},
    {"temperature = \"0.7\"", "agent 'a'.temperature"},
    {"max_tokens = 0", "agent 'a'.max_tokens"},
    {"max_tokens = 1.5", "agent 'a'.max_tokens"},
    {"max_in_flight = -1", "agent 'a'.max_in_flight"},
    {"max_in_flight = 99999999999", "agent 'a'.max_in_flight"},
    {"history_messages = 201", "agent 'a'.history_messages"},
    {"part = 1", "agent 'a'.part"},
    {"part = [1]", "agent 'a'.part"},
  };
  for (const auto& r : rows) {
    INFO(r.line);
    const auto why = refused(with(r.line));
    CHECK(why.code == errc::invalid_request);
    CHECK(why.detail("file") == "roster.toml");
    CHECK(why.detail("line") == "4");
    CHECK(why.detail("key") == r.key);
    CHECK(why.message.starts_with("roster.toml:4: " + std::string{r.key}));
  }
}

TEST_CASE("A wrong part is refused with its line and key") {
  struct row {
    const char* line;
    const char* key;
  };
  const row rows[] = {
    {"name = \"two words\"", "agent 'a'.part.name"},
    {"name = \"x\"\nspeed = 1", "agent 'a'.part.speed"},
    {"name = \"x\"\nsource = \"magic\"", "agent 'a'.part.source"},
    {"name = \"x\"\nrequired = 1", "agent 'a'.part.required"},
    {"name = \"x\"\ndeadline_share = 0", "agent 'a'.part.deadline_share"},
    {"name = \"x\"\ndeadline_share = 1.1", "agent 'a'.part.deadline_share"},
    {"name = \"x\"\n[[agent.part]]\nname = \"x\"", "agent 'a'.part"},
  };
  for (const auto& r : rows) {
    INFO(r.line);
    CHECK(refused(with(std::string{"[[agent.part]]\n"} + r.line)).detail("key") == r.key);
  }
}

TEST_CASE("An agent without a name or a prompt is refused") {
  CHECK(refused("[[agent]]\nprompt = \"p\"\n").detail("key") == "agent.name");
  CHECK(refused("[[agent]]\nname = \"\"\nprompt = \"p\"\n").detail("key") == "agent.name");
  CHECK(refused("[[agent]]\nname = \"a b\"\nprompt = \"p\"\n").detail("key") == "agent.name");
  CHECK(refused("[[agent]]\nname = \"a\"\n").detail("key") == "agent 'a'.prompt");
}

TEST_CASE("Two agents may not share a name or an alias, in any case") {
  const std::string again = "[[agent]]\nprompt = \"p\"\nname = ";
  CHECK(refused(with(again + "\"A\"")).detail("key") == "agent 'A'.name");
  CHECK(refused(with("aliases = [\"b\"]\n" + again + "\"B\"")).detail("key") == "agent 'B'.name");
  CHECK(refused(with(again + "\"b\"\naliases = [\"a\"]")).detail("key") == "agent 'b'.aliases");
}

TEST_CASE("A file without agents, with other tables, or that is no TOML is refused") {
  CHECK(refused("").detail("key") == "agent");
  CHECK(refused("agent = 1\n").detail("key") == "agent");
  CHECK(refused("agent = []\n").detail("key") == "agent");
  CHECK(refused(with("[server]\nport = 1")).detail("key") == "server");
  const auto broken = refused("[[agent]]\nname = \n");
  CHECK(broken.detail("line") == "2");
  CHECK(refused(with("name = \"b\"")).code == errc::invalid_request);
}

TEST_CASE("The router sees the agents in the file's order") {
  const auto agents =
    load_agents(with("keywords = [\"k\"]\n[[agent]]\nname = \"b\"\nprompt = \"p\"\n"
                     "audience = \"shopper\"\naliases = [\"c\"]\nentities = [\"sku\"]"),
                "r")
      .value();
  const auto routed = config::routed_agents(agents);
  REQUIRE(routed.size() == 2);
  CHECK(routed[0].keywords == std::vector<std::string>{"k"});
  CHECK(routed[1].name == "b");
  CHECK(routed[1].who == audience::shopper);
  CHECK(routed[1].aliases == std::vector<std::string>{"c"});
  CHECK(routed[1].entities == std::vector<entity_kind>{entity_kind::sku});
}

TEST_CASE("Parts that wait for themselves or in a circle are refused with file, line and key") {
  const auto itself = refused(with("[[agent.part]]\nname = \"x\"\nafter = \"x\""));
  CHECK(itself.message == "roster.toml:6: agent 'a'.part.after names the part itself");
  const auto circle = refused(with(R"([[agent.part]]
name = "z"
after = "x"
[[agent.part]]
name = "x"
after = "y"
[[agent.part]]
name = "y"
after = "x")"));
  CHECK(circle.message
        == "roster.toml:9: agent 'a'.part.after has parts wait in a circle: x after y after x");
  CHECK(load_agents(with("[[agent.part]]\nname = \"x\"\nafter = \"the_plans\""), "r").has_value());
}
