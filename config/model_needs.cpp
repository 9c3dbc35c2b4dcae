#include "config/model_needs.hpp"

#include <algorithm>

#include "config/check.hpp"
#include "config/providers.hpp"

namespace flipsync::config {
namespace {

void add(std::vector<std::string>& to, const std::string& model) {
  if (!model.empty() && std::find(to.begin(), to.end(), model) == to.end())
    to.push_back(model);
}

/// What agents and their parts name of that provider themselves.
void add_named(provider_need& need, const std::vector<agent_spec>& agents) {
  const auto is_it = [&](const std::string& provider) {
    return provider == need.provider || (provider.empty() && need.primary);
  };
  for (const auto& agent : agents) {
    if (is_it(agent.provider))
      add(need.models, agent.model);
    for (const auto& part : agent.parts)
      if (is_it(part.provider))
        add(need.models, part.model);
  }
}

} // namespace

std::vector<provider_need> provider_needs(const settings& values,
                                          const std::vector<agent_spec>& agents) {
  std::vector<provider_need> out;
  for (const auto& name : configured_providers(values)) {
    if (name == "offline")
      continue;
    provider_need need;
    need.provider = name;
    need.primary = values.models.provider == name;
    need.fetchable = name == "ollama";
    if (need.fetchable)
      need.models = fetchable_models(values, agents);
    for_each_hosted(values, [&](const std::string& hosted, const hosted_settings& own) {
      if (hosted != name)
        return;
      need.has_key = !own.api_keys.empty();
      need.key_option = name + ".api_key";
      if (!need.primary)
        add(need.models, own.model);
    });
    if (need.primary)
      for (const auto& [tier, model] : tier_models(values))
        add(need.models, model);
    add_named(need, agents);
    out.push_back(std::move(need));
  }
  return out;
}

} // namespace flipsync::config
