#pragma once
/// The readiness of libcurl's sockets, told by Asio.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <unordered_map>

namespace flipsync::http {

/// Owns the sockets that it opens for libcurl. A kept connection stays registered with the reactor
/// while no transfer uses it, so that using it again costs no system call. Not thread-safe: loop
/// only.
class socket_watch {
public:
  /// `ready(socket, CURL_CSELECT_…)` is called from the io_context.
  socket_watch(boost::asio::io_context& io, std::function<void(int, int)> ready);
  ~socket_watch();
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

  /// A new non-blocking socket, or -1.
  int open(int family, int type, int protocol) noexcept;
  void close(int socket) noexcept;
  /// libcurl's wish for the socket, CURL_POLL_…. On CURL_POLL_REMOVE a socket is forgotten if it is
  /// not one of ours (a resolver's) or never connected: libcurl closes those by itself.
  void want(int socket, int what) noexcept;

private:
  struct entry;
  /// The entry to watch with, made or renewed where need be.
  std::shared_ptr<entry> registered(int socket, int what);
  void watch(const std::shared_ptr<entry>& e, int what);
  void await(const std::shared_ptr<entry>& e, bool reading);
  void drop(int socket) noexcept;

  boost::asio::io_context& io_;
  std::function<void(int, int)> ready_;
  std::unordered_map<int, std::shared_ptr<entry>> entries_;
};

} // namespace flipsync::http
