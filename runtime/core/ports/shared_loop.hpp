#pragma once
/// Two adapters on one thread: a loop that waits for its own descriptors, and one that can be
/// driven by it instead of by a thread of its own, which would have to be woken (docs/adr/0028).

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace flipsync {

/// A loop that another one can drive. Everything is called on the host's thread, and none of it
/// waits.
class loop_guest {
public:
  using steady = std::chrono::steady_clock;

  virtual ~loop_guest() = default;

  /// From here on the calling thread drives the guest. The guest calls `soon`, on that thread only,
  /// when it wants `tend` to be called before the thread waits again.
  virtual void move_in(std::function<void()> soon) = 0;
  /// Readable when there is something for `ready`. Stays the same, and open, while the guest lives.
  [[nodiscard]] virtual int descriptor() const noexcept = 0;
  /// Does what the descriptor tells of, then as `tend`.
  virtual void ready() = 0;
  /// Does what `soon` was called for, and whatever its time has come for.
  virtual void tend() = 0;
  /// When `tend` is to be called at the latest.
  [[nodiscard]] virtual std::optional<steady::time_point> due() const = 0;
  /// Whether nothing is left to do, and nothing will come: the host lets go of it.
  [[nodiscard]] virtual bool ended() const noexcept = 0;
  /// The host ends; the guest goes on by itself.
  virtual void move_out() = 0;
};

/// Where guests find their host. Thread-safe.
class shared_loop {
public:
  /// Takes a guest over, on the host's own thread and soon; called on any thread, and must neither
  /// block nor throw.
  using taker = std::function<void(std::shared_ptr<loop_guest>)>;

  /// The first host is kept until it closes.
  void open(taker take);
  /// For the host: once this returns, no further guest comes.
  void close();
  /// False where no host is there: the guest needs a thread of its own.
  [[nodiscard]] bool join(std::shared_ptr<loop_guest> guest);

private:
  std::mutex mutex_;
  taker take_;
};

} // namespace flipsync
