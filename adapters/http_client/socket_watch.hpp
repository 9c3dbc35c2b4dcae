#pragma once
/// The readiness of libcurl's sockets, and the bell by which other threads wake who waits for it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace flipsync::http {

/// Ends a wait. Thread-safe, and never blocks.
class bell {
public:
  /// Throws std::system_error where the process has no descriptor left.
  bell();
  ~bell();
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;

  void ring() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return counter_; }

private:
  int counter_;
};

/// Owns the sockets that it opens for libcurl, or takes over. A kept connection stays watched while
/// no transfer uses it, so that using it again costs no system call. Not thread-safe: loop only.
class socket_watch {
public:
  using steady = std::chrono::steady_clock;

  /// `ready(socket, CURL_CSELECT_…)` is called from `wait`. Throws std::system_error where the
  /// process has no descriptor left.
  explicit socket_watch(std::function<void(int, int)> ready);
  ~socket_watch();
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

  /// Rung by any thread; may outlive this.
  [[nodiscard]] const std::shared_ptr<bell>& wake_up() const noexcept { return bell_; }

  /// A new non-blocking socket, or -1.
  int open(int family, int type, int protocol) noexcept;
  /// A second number for one of its connected sockets, which lives on when the first is closed; -1
  /// where there is no descriptor or memory left. The first is watched no more.
  int take_over(int socket) noexcept;
  void close(int socket) noexcept;
  /// libcurl's wish for the socket, CURL_POLL_…. On CURL_POLL_REMOVE a socket is forgotten if it is
  /// not one of ours (a resolver's) or never connected: libcurl closes those by itself.
  void want(int socket, int what) noexcept;

  /// Waits for sockets, the bell or `until` (to the next millisecond), and tells of what is ready.
  /// True if the bell was rung since the last call.
  bool wait(std::optional<steady::time_point> until);
  /// Readable when a wait would end at once, but for the time.
  [[nodiscard]] int descriptor() const noexcept { return set_; }

private:
  struct entry {
    std::uint32_t generation = 0; ///< tells a socket from an earlier one of the same number
    std::uint32_t wanted = 0;     ///< EPOLLIN, EPOLLOUT
    std::uint32_t watched = 0;    ///< what the kernel watches for; none: not at all
    bool ours = false;
    bool connected = false;
  };

  entry& add(int socket, bool ours);
  void watch(int socket, entry& of, std::uint32_t events);
  void drop(int socket) noexcept;
  void tell(int socket, std::uint32_t generation, std::uint32_t events);

  std::function<void(int, int)> ready_;
  std::shared_ptr<bell> bell_;
  int set_;
  std::unordered_map<int, entry> entries_;
  std::uint32_t generations_ = 0;
};

} // namespace flipsync::http
