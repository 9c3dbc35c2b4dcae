#include <algorithm>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync {

namespace {

/// The plan of an agent that brings none: its skills' findings, told by a model.
class default_plan final : public agent_plan {
public:
  [[nodiscard]] part_plan plan(const agent_spec& spec, const skill_input&) const override {
    part_contract response;
    response.name = "response";
    response.required = true;
    response.source = part_source::model;
    response.skills = spec.skills;
    return {std::move(response)};
  }
};

/// What the override leaves empty stays as the plan has it.
void merge(part_contract& part, const part_contract& with) {
  part.required = with.required;
  part.source = with.source;
  part.deadline_share = with.deadline_share;
  if (!with.skills.empty())
    part.skills = with.skills;
  if (!with.after.empty())
    part.after = with.after;
  if (!with.provider.empty())
    part.provider = with.provider;
  if (!with.model.empty())
    part.model = with.model;
  if (!with.instruction.empty())
    part.instruction = with.instruction;
  if (with.max_tokens)
    part.max_tokens = with.max_tokens;
}

} // namespace

part_plan with_overrides(part_plan plan, const std::vector<part_contract>& overrides) {
  for (const auto& one : overrides) {
    const auto found = std::find_if(plan.begin(), plan.end(),
                                    [&](const part_contract& p) { return p.name == one.name; });
    if (found == plan.end())
      plan.push_back(one);
    else
      merge(*found, one);
  }
  return plan;
}

void agent_library::add(std::shared_ptr<const skill> s) {
  const auto found = std::find_if(skills_.begin(), skills_.end(),
                                  [&](const auto& known) { return known.first == s->name(); });
  if (found == skills_.end())
    skills_.emplace_back(s->name(), s);
  else
    found->second = std::move(s);
}

void agent_library::add(std::string agent_name, std::shared_ptr<const agent_plan> p) {
  const auto found = std::find_if(plans_.begin(), plans_.end(),
                                  [&](const auto& known) { return known.first == agent_name; });
  if (found == plans_.end())
    plans_.emplace_back(std::move(agent_name), std::move(p));
  else
    found->second = std::move(p);
}

const skill* agent_library::find_skill(std::string_view name) const noexcept {
  for (const auto& [known, found] : skills_)
    if (known == name)
      return found.get();
  return nullptr;
}

const agent_plan& agent_library::plan_of(std::string_view agent_name) const noexcept {
  static const default_plan fallback;
  for (const auto& [name, plan] : plans_)
    if (name == agent_name)
      return *plan;
  return fallback;
}

std::vector<std::string> agent_library::skill_names() const {
  std::vector<std::string> names;
  names.reserve(skills_.size());
  for (const auto& known : skills_)
    names.push_back(known.first);
  return names;
}

} // namespace flipsync
