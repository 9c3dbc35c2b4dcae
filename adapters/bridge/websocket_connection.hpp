#pragma once
/// One WebSocket: moves frames between a socket and its session, and owns the byte-level limits.
/// Runs on one I/O thread.

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "adapters/bridge/websocket_upgrade.hpp"
#include "runtime/core/session/session.hpp"

namespace flipsync {

class tls_channel;
class worker;

/// A socket that another connection has begun with.
struct taken_socket {
  taken_socket(boost::asio::ip::tcp::socket from, std::string read,
               std::unique_ptr<tls_channel> with);
  taken_socket(taken_socket&&) noexcept;
  taken_socket& operator=(taken_socket&&) = delete;
  ~taken_socket();

  boost::asio::ip::tcp::socket socket;
  std::string early;                ///< read already, behind the request
  std::unique_ptr<tls_channel> tls; ///< null where nothing is encrypted
};

class websocket_connection : public session_port {
public:
  using clock = std::chrono::steady_clock;

  static std::shared_ptr<websocket_connection> make(worker& owner, taken_socket socket,
                                                    websocket_upgrade upgrade);

  /// Answers the handshake and opens the session.
  virtual void start() = 0;
  /// The session has news.
  virtual void pump() = 0;
  /// About once a second.
  virtual void on_tick(clock::time_point now) = 0;
  /// The service is stopping: see session::drain.
  virtual void drain() = 0;
  /// Closes the socket at once.
  virtual void abort() = 0;

  /// Where the worker keeps it; only the worker uses it.
  std::size_t slot = 0;
};

} // namespace flipsync
