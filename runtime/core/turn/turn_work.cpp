#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

const store_rows* fetched_rows::find(const store_query& query) const noexcept {
  for (const auto& entry : entries)
    if (entry.query == query)
      return &entry.rows;
  return nullptr;
}

} // namespace flipsync
