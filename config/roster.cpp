#include "config/roster.hpp"

#include <algorithm>
#include <map>

#include "config/agent_file/agent_file.hpp"
#include "config/embedded.hpp"
#include "config/text_file.hpp"

namespace flipsync::config {
namespace {

result<std::vector<agent_spec>> read_agent_file(const std::string& path) {
  auto text = read_text_file(path);
  if (!text)
    return text.error();
  return load_agents(*text, path);
}

void merge(std::vector<agent_spec>& roster, std::vector<agent_spec> added) {
  for (auto& agent : added) {
    const auto same = std::find_if(roster.begin(), roster.end(),
                                   [&](const agent_spec& a) { return a.name == agent.name; });
    if (same == roster.end())
      roster.push_back(std::move(agent));
    else
      *same = std::move(agent);
  }
}

/// Each file is checked by itself; together they may still claim one name twice.
result<void> check_names(const std::vector<agent_spec>& roster) {
  std::map<std::string, std::string> owners;
  for (const auto& agent : roster) {
    auto names = agent.aliases;
    names.push_back(agent.name);
    for (const auto& name : names) {
      const auto [at, fresh] = owners.emplace(fold(name), agent.name);
      if (!fresh && at->second != agent.name)
        return error{errc::invalid_request,
                     "agents: '" + name + "' means both " + at->second + " and " + agent.name};
    }
  }
  return {};
}

bool holds(const std::vector<agent_spec>& agents, std::string_view name) {
  return std::any_of(agents.begin(), agents.end(),
                     [&](const agent_spec& a) { return a.name == name; });
}

std::string default_for(const std::vector<agent_spec>& agents, const std::string& usual,
                        audience who) {
  if (holds(agents, usual))
    return usual;
  for (const auto& agent : agents)
    if (agent.who == who || agent.who == audience::any)
      return agent.name;
  return {};
}

/// Collects what is wrong with one agent.
struct fault_finder {
  const agent_library& library;
  const std::vector<std::string>& providers;
  std::vector<std::string>& out;

  void skills(const std::string& where, const std::vector<std::string>& names) {
    for (const auto& name : names) {
      if (library.find_skill(name))
        continue;
      std::string known;
      for (const auto& other : library.skill_names())
        known += (known.empty() ? "" : ", ") + other;
      out.push_back(where + ": there is no skill '" + name + "'; allowed: " + known);
    }
  }

  void provider(const std::string& where, const std::string& name) {
    if (name.empty() || std::find(providers.begin(), providers.end(), name) != providers.end())
      return;
    std::string known;
    for (const auto& other : providers)
      known += (known.empty() ? "" : ", ") + other;
    out.push_back(where + ": the provider '" + name + "' is not configured; configured: " + known);
  }

  void agent(const agent_spec& spec) {
    const auto where = "agent '" + spec.name + "'";
    skills(where, spec.skills);
    provider(where, spec.provider);
    for (const auto& part : spec.parts) {
      skills(where + ", part '" + part.name + "'", part.skills);
      provider(where + ", part '" + part.name + "'", part.provider);
    }
  }
};

} // namespace

result<std::vector<agent_spec>> read_roster(const agents_settings& files) {
  auto roster = files.file.empty() ? load_agents(agents_toml(), "agents.toml (built in)")
                                   : read_agent_file(files.file);
  if (!roster)
    return roster;
  for (const auto& path : files.extra_files) {
    auto added = read_agent_file(path);
    if (!added)
      return added;
    merge(*roster, *std::move(added));
  }
  if (auto unique = check_names(*roster); !unique)
    return unique.error();
  return roster;
}

router_config routing_of(const std::vector<agent_spec>& agents) {
  router_config out;
  out.agents = routed_agents(agents);
  out.shopper_default = default_for(agents, out.shopper_default, audience::shopper);
  out.seller_default = default_for(agents, out.seller_default, audience::seller);
  return out;
}

std::vector<std::string> roster_faults(const std::vector<agent_spec>& agents,
                                       const agent_library& library,
                                       const std::vector<std::string>& providers) {
  std::vector<std::string> out;
  fault_finder finder{library, providers, out};
  for (const auto& agent : agents)
    finder.agent(agent);
  return out;
}

} // namespace flipsync::config
