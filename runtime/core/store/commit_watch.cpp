#include "runtime/core/store/commit_watch.hpp"

#include "runtime/core/log.hpp"

namespace flipsync {

void commit_watch::note(const result<void>& outcome) {
  if (outcome && !failing_.load())
    return;
  const std::lock_guard lock{mutex_};
  trouble_ = outcome ? std::string{} : outcome.error().message;
  if (failing_.exchange(!outcome) == !outcome)
    return;
  if (outcome)
    log::info("store_commits_again");
  else
    log::error("store_commit_failed", {{"reason", trouble_}});
}

std::string commit_watch::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

} // namespace flipsync
