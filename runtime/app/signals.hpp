#pragma once
/// SIGINT, SIGTERM and where wanted SIGHUP as something to wait for beside files and sockets.

namespace flipsync::app {

/// Blocks the two signals for this thread and those it starts later, so it is made first of all.
class signal_watch {
public:
  signal_watch();
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// Watches SIGHUP too, which otherwise ends the program as usual. Before any thread starts.
  void watch_hangup();

  /// Readable while a signal waits.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Takes one signal that waits; 0 if there is none. Does not block.
  [[nodiscard]] int take();

private:
  int fd_ = -1;
};

} // namespace flipsync::app
