#pragma once
/// How the store's last commit ended, for who asks how the service is.

#include <atomic>
#include <mutex>
#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// Thread-safe.
class commit_watch {
public:
  /// Notes how a commit ended. The first that fails is logged, and the first that succeeds again.
  void note(const result<void>& outcome);
  /// What the last commit failed with; empty where it did not.
  [[nodiscard]] std::string trouble() const;

private:
  std::atomic<bool> failing_ = false; ///< read without the lock by commits that succeed
  mutable std::mutex mutex_;
  std::string trouble_;
};

} // namespace flipsync
