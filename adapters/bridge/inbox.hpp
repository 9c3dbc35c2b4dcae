#pragma once
/// How runtime threads hand finished work to the I/O thread that owns its connection.

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace flipsync {

class http_session;

/// Work that a session waits for. Made and answered on the I/O thread; completed on any thread.
class completion {
public:
  virtual ~completion() = default;
  /// Whether there is something to answer. I/O thread.
  [[nodiscard]] virtual bool ready() = 0;
  /// Whether the connection must be closed although output is still unwritten. I/O thread.
  [[nodiscard]] virtual bool hopeless() { return false; }
  /// Writes what there is into the session's response. I/O thread.
  virtual void answer(http_session& session) = 0;

  /// Who waits; cleared when it waits no more. Only touched on the I/O thread.
  http_session* owner = nullptr;
};

/// Completions on their way to one I/O thread. Wakes it once for a batch, however many are pushed
/// before it looks. Thread-safe; outlives its I/O thread in the hands of late sinks.
class inbox {
public:
  /// `wake` runs on the pushing thread and makes the I/O thread call `drain` soon; it must not
  /// block.
  explicit inbox(std::function<void()> wake) : wake_{std::move(wake)} {}

  void push(std::shared_ptr<completion> item);
  /// Swaps what has come into `into`, which must be empty. I/O thread.
  void drain(std::vector<std::shared_ptr<completion>>& into);
  /// Drops everything from now on; `wake` is not called any more once this returns.
  void close();

private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<completion>> items_;
  std::function<void()> wake_;
  bool open_ = true;
};

} // namespace flipsync
