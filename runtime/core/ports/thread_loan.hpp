#pragma once
/// A thread of an adapter's own, lent to the runtime (docs/adr/0019).

#include <functional>
#include <optional>
#include <vector>

namespace flipsync {

/// While one lives, the thread that made it may be given the runtime's work that it has itself made
/// ready, instead of a worker being woken for it: a wake costs more than most of that work. The
/// work never blocks, and is bounded (runtime/embed/lent_unit). Made and destroyed on the
/// thread that it lends, at most one per thread; for threads that have a loop of their own and wait
/// in it.
class thread_loan {
public:
  /// `run` is called on the lent thread. `give_back` is called instead where the loan ends first.
  struct work {
    void (*run)(void* owner, void* job) = nullptr;
    void (*give_back)(void* owner, void* job) = nullptr;
    void* owner = nullptr;
    void* job = nullptr;
  };

  /// `soon` sees to it that run() is called on this thread when the handler at hand has returned,
  /// with no lock held, before the thread waits again.
  explicit thread_loan(std::function<void()> soon);
  ~thread_loan();
  thread_loan(const thread_loan&) = delete;
  thread_loan& operator=(const thread_loan&) = delete;

  /// The calling thread's; nullptr where it is not lent.
  static thread_loan* here() noexcept;

  /// For who is about to give the runtime one thing more from the calling thread: work that this
  /// thread has taken and not begun goes to its owner's own threads, which can do it beside the
  /// rest of what this thread has before it. Without a loan here, nothing.
  static void more_comes();

  /// Has `step` called on the calling thread, with no lock held, once its loop has begun what it
  /// was asked for meanwhile (exchanges, mostly), and before it waits again: for what can be done
  /// while that is under way. False, and nothing is kept, where the thread is not lent.
  static bool later(std::function<void()> step);

  /// Whether work would be taken. One at a time: what comes meanwhile is for others.
  [[nodiscard]] bool free() const noexcept { return !waiting_; }
  /// Whether there is anything to do before the thread waits.
  [[nodiscard]] bool has_work() const noexcept { return waiting_ || !later_.empty(); }
  /// Takes work to be run soon. Only where `free`.
  void take(const work& next);
  /// Does the work that waits, if any.
  void run();
  /// Calls what waits for that by `later`: the loop has begun what it was asked for.
  void asked_has_begun();
  /// Leaves the work that waits, if any, to its owner's own threads: for who is about to wait here.
  void give_back();

private:
  std::function<void()> soon_;
  std::optional<work> waiting_;
  std::vector<std::function<void()>> later_;
};

} // namespace flipsync
