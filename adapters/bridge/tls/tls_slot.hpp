#pragma once
/// The certificate that new connections begin with. Thread-safe.

#include <memory>
#include <mutex>
#include <utility>

#include "adapters/bridge/tls/tls_context.hpp"

namespace flipsync {

class tls_slot {
public:
  explicit tls_slot(std::shared_ptr<const tls_context> first)
    : encrypted_{first != nullptr},
      now_{std::move(first)} {}

  /// Null where connections are not encrypted, which never changes.
  [[nodiscard]] std::shared_ptr<const tls_context> get() const {
    if (!encrypted_)
      return nullptr;
    const std::lock_guard lock{mutex_};
    return now_;
  }
  void set(std::shared_ptr<const tls_context> next) {
    const std::lock_guard lock{mutex_};
    now_ = std::move(next);
  }
  [[nodiscard]] bool encrypted() const noexcept { return encrypted_; }

private:
  const bool encrypted_;
  mutable std::mutex mutex_;
  std::shared_ptr<const tls_context> now_;
};

} // namespace flipsync
