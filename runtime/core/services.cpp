#include "runtime/core/services.hpp"

namespace flipsync {

std::size_t environment::index_of(std::string_view agent) const noexcept {
  for (std::size_t i = 0; i < agents.size(); ++i)
    if (agents[i]->name == agent)
      return i;
  return npos;
}

std::vector<std::string> environment::shopper_agents() const {
  std::vector<std::string> names;
  for (const auto& spec : agents)
    if (spec->who == audience::shopper)
      names.push_back(spec->name);
  return names;
}

} // namespace flipsync
