#pragma once
/// Lets one of several attempts of a call speak to the caller.

#include <atomic>
#include <cstdint>

namespace flipsync {

/// Thread-safe.
class token_gate {
public:
  /// True if attempt `number` may speak: it is the first to ask, or asked first before. From 1.
  bool claim(std::uint64_t number) noexcept {
    std::uint64_t nobody = 0;
    return speaker_.compare_exchange_strong(nobody, number) || nobody == number;
  }
  [[nodiscard]] bool claimed() const noexcept { return speaker_.load() != 0; }
  [[nodiscard]] bool held_by(std::uint64_t number) const noexcept {
    return speaker_.load() == number;
  }
  /// After the speaker has failed: another may begin again.
  void reopen() noexcept { speaker_.store(0); }

private:
  std::atomic<std::uint64_t> speaker_ = 0;
};

} // namespace flipsync
