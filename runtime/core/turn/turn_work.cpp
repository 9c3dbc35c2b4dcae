#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

const store_rows* fetched_rows::find(const store_query& query) const noexcept {
  for (const auto& entry : entries)
    if (entry.query == query)
      return &entry.rows;
  return nullptr;
}

std::shared_ptr<const skill_output> skill_memo::find(std::string_view skill) const {
  const std::lock_guard lock{mutex_};
  for (const auto& [name, output] : outputs_)
    if (name == skill)
      return output;
  return nullptr;
}

void skill_memo::keep(std::string_view skill, std::shared_ptr<const skill_output> output) {
  const std::lock_guard lock{mutex_};
  outputs_.emplace_back(skill, std::move(output));
}

} // namespace flipsync
