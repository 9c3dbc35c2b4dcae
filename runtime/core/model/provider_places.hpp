#pragma once
/// A provider's places for attempts under way, and how many wait for one.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace flipsync {

/// Counts over all actors of one provider: after a new configuration there may be several, of which
/// the older ones end with their last turns. Thread-safe.
class provider_places {
public:
  struct load {
    std::uint32_t running = 0;
    std::uint32_t waiting = 0;
  };
  class share;

  [[nodiscard]] load all() const;

private:
  using tellers = std::vector<std::function<void()>>;
  /// Of those who wait, but for one; called outside the lock.
  [[nodiscard]] tellers waiting_locked(const share* but) const;

  mutable std::mutex mutex_;
  std::vector<share*> shares_;
};

/// What one actor has of the places; what it has goes back with it.
class provider_places::share {
public:
  /// `free` is called, on any thread, when a place of another share may have become free while this
  /// one has jobs that wait. It must not block.
  share(std::shared_ptr<provider_places> of, std::function<void()> free);
  ~share();
  share(const share&) = delete;
  share& operator=(const share&) = delete;

  /// Takes a place if fewer than `most` are taken in all.
  bool take(std::uint32_t most);
  void give_back();
  void set_waiting(std::uint32_t jobs);
  [[nodiscard]] load all() const { return of_->all(); }

private:
  friend class provider_places;
  std::shared_ptr<provider_places> of_;
  std::function<void()> free_;
  load own_; ///< under the lock of `of_`
};

} // namespace flipsync
