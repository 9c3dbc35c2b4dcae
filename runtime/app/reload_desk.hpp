#pragma once
/// Where doors ask for the configuration to be read anew, and the main thread takes that up.

#include <functional>
#include <mutex>
#include <vector>

#include "runtime/core/ports/reloader.hpp"

namespace flipsync::app {

/// Thread-safe.
class reload_desk final : public reloader_port {
public:
  using answer = std::function<void(result<reload_report>)>;

  reload_desk();
  ~reload_desk() override;
  reload_desk(const reload_desk&) = delete;
  reload_desk& operator=(const reload_desk&) = delete;

  /// Errors beside those of the port: overloaded (too many wait), shutting_down (closed).
  void reload(answer done) override;

  /// Readable while somebody waits.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Takes all who wait: one reading answers them all.
  [[nodiscard]] std::vector<answer> take();
  /// Refuses who waits and who comes.
  void close();

private:
  int fd_ = -1;
  std::mutex mutex_;
  std::vector<answer> waiting_;
  bool open_ = true;
};

} // namespace flipsync::app
