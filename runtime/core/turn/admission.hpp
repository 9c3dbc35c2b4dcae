#pragma once
/// Admission: what a door asks before anything enters an actor's mailbox, since those are
/// unbounded.

#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// Bounds the turns in flight. Thread-safe. A ticket holds a place until it is destroyed, and keeps
/// the counter alive, so that it may outlive the admission object.
class admission {
public:
  class ticket {
  public:
    ticket() = default;
    ~ticket() { release(); }
    ticket(ticket&& other) noexcept : counter_{std::move(other.counter_)} {}
    ticket& operator=(ticket&& other) noexcept {
      if (this != &other) {
        release();
        counter_ = std::move(other.counter_);
      }
      return *this;
    }
    void release() noexcept {
      if (counter_)
        counter_->fetch_sub(1, std::memory_order_acq_rel);
      counter_.reset();
    }

  private:
    friend class admission;
    explicit ticket(std::shared_ptr<std::atomic<std::uint32_t>> counter)
      : counter_{std::move(counter)} {}
    std::shared_ptr<std::atomic<std::uint32_t>> counter_;
  };

  explicit admission(std::uint32_t limit) : limit_{limit} {}

  /// Errors: overloaded (with retry_after), shutting_down once closed.
  result<ticket> enter();
  /// Refuses everything from now on.
  void close() noexcept { closed_.store(true); }
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }
  [[nodiscard]] std::uint32_t in_flight() const noexcept { return counter_->load(); }

private:
  std::uint32_t limit_;
  std::atomic<bool> closed_ = false;
  std::shared_ptr<std::atomic<std::uint32_t>> counter_ =
    std::make_shared<std::atomic<std::uint32_t>>(0);
};

} // namespace flipsync
