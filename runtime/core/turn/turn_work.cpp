#include "runtime/core/turn/turn_work.hpp"

#include <algorithm>

namespace flipsync {

void fetched_rows::ask(std::string_view skill, std::vector<store_query> wanted) {
  if (find(skill) != nullptr)
    return;
  need added{std::string{skill}, {}};
  for (auto& query : wanted) {
    const auto known = std::find(queries.begin(), queries.end(), query);
    added.queries.push_back(static_cast<std::size_t>(known - queries.begin()));
    if (known == queries.end())
      queries.push_back(std::move(query));
  }
  rows.resize(queries.size());
  needs.push_back(std::move(added));
}

const fetched_rows::need* fetched_rows::find(std::string_view skill) const noexcept {
  for (const auto& each : needs)
    if (each.skill == skill)
      return &each;
  return nullptr;
}

std::shared_ptr<const skill_output> skill_memo::find(std::string_view skill) const {
  for (const auto& [name, output] : outputs_)
    if (name == skill)
      return output;
  return nullptr;
}

void skill_memo::keep(std::string_view skill, std::shared_ptr<const skill_output> output) {
  outputs_.emplace_back(skill, std::move(output));
}

} // namespace flipsync
