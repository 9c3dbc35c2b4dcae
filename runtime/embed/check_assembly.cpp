#include "runtime/embed/check_assembly.hpp"

#include <algorithm>
#include <set>

namespace flipsync {

namespace {

error wrong(const std::string& field, const std::string& text) {
  return error{errc::invalid_request, text}.with("field", field);
}

result<void> check_provider(const assembly& parts, const std::string& name,
                            const std::string& field) {
  const bool known =
    name.empty()
    || std::any_of(parts.providers.begin(), parts.providers.end(),
                   [&](const provider_entry& entry) { return entry.provider->name() == name; });
  if (known)
    return {};
  return wrong(field, "provider '" + name + "' is not configured");
}

result<void> check_skills(const assembly& parts, const std::vector<std::string>& skills,
                          const std::string& field) {
  for (const auto& skill : skills)
    if (parts.library->find_skill(skill) == nullptr)
      return wrong(field, "no skill is called '" + skill + '\'');
  return {};
}

result<void> check_agent(const assembly& parts, const agent_spec& spec) {
  const auto field = "agent." + spec.name;
  if (auto ok = check_skills(parts, spec.skills, field + ".skills"); !ok)
    return ok;
  if (auto ok = check_provider(parts, spec.provider, field + ".provider"); !ok)
    return ok;
  for (const auto& part : spec.parts) {
    const auto part_field = field + ".part." + part.name;
    if (auto ok = check_skills(parts, part.skills, part_field + ".skills"); !ok)
      return ok;
    if (auto ok = check_provider(parts, part.provider, part_field + ".provider"); !ok)
      return ok;
  }
  return {};
}

} // namespace

result<void> check_assembly(const assembly& parts) {
  if (!parts.library)
    return wrong("library", "no skills were given");
  if (parts.agents.empty())
    return wrong("agents", "no agent is configured");
  std::set<std::string> names;
  for (const auto& spec : parts.agents) {
    if (!names.insert(spec.name).second)
      return wrong("agent." + spec.name, "two agents are called '" + spec.name + '\'');
    if (auto ok = check_agent(parts, spec); !ok)
      return ok;
  }
  if (auto ok = check_provider(parts, parts.models.provider, "models.provider"); !ok)
    return ok;
  for (const auto& fallback : parts.models.fallbacks)
    if (auto ok = check_provider(parts, fallback, "models.fallbacks"); !ok)
      return ok;
  return {};
}

} // namespace flipsync
