#pragma once
/// One TCP connection: moves bytes between a socket and its session, and owns the byte-level
/// limits. Runs on one I/O thread.

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bridge/http_session.hpp"

namespace flipsync {

class tls_channel;
class worker;

class connection final : public session_host, public std::enable_shared_from_this<connection> {
public:
  using clock = http_session::clock;

  connection(worker& owner, boost::asio::ip::tcp::socket socket);
  ~connection() override;

  void start();
  /// Says 503 instead.
  void start_refused();
  /// Once per tick of the worker.
  void on_tick(clock::time_point now);
  /// Counts an answer that another thread has sent.
  void settle();
  /// Closes at once for this reason.
  void close(std::string_view reason);

  void pump() override;
  void abort() override { close({}); }
  [[nodiscard]] int free_socket() const override;
  [[nodiscard]] std::string peer() const override;

  /// Where the worker keeps it; only the worker uses it.
  std::size_t slot = 0;

private:
  void pump_once();
  void read();
  void on_read(const boost::system::error_code& why, std::size_t bytes);
  /// Makes room behind the unread bytes; false where the buffer may not grow any more.
  bool make_room();
  /// Feeds the session what has been read.
  void feed();
  /// Writes what the session has put out; false while the socket takes no more.
  bool write();
  void write_rest();
  void on_written(const boost::system::error_code& why, std::size_t bytes);
  void finish();
  /// Waits for the client to close.
  void linger();
  /// Gives the socket, and what was read beyond the request, to a WebSocket.
  void become_websocket();
  void note_busy();

  // Where the connection is encrypted; in connection_tls.cpp.
  void read_encrypted();
  void on_encrypted(boost::system::error_code why);
  /// Hands on what has been decrypted.
  void take_plain();
  /// Takes the session's output into `encrypted_`.
  void encrypt();
  void fail_encryption();
  /// Tells the client that all is said; false while that is being written.
  bool say_goodbye();
  /// What the socket is to send.
  std::string& outgoing() noexcept { return tls_ ? encrypted_ : session_.output(); }

  worker& worker_;
  boost::asio::ip::tcp::socket socket_;
  http_session session_;
  std::unique_ptr<tls_channel> tls_; ///< null where nothing is encrypted
  std::string plain_;                ///< decrypted, and no room for it yet
  std::string encrypted_;            ///< to be sent
  std::vector<char> in_;
  std::size_t begin_ = 0; ///< in_[begin_, end_) is read and not consumed
  std::size_t end_ = 0;
  std::size_t written_ = 0; ///< of what is to be sent
  bool reading_ = false;
  bool writing_ = false;
  bool pumping_ = false;
  bool pump_again_ = false;
  bool eof_ = false;
  bool closed_ = false;
  bool plain_ended_ = false; ///< the client has said so, behind plain_
  bool goodbye_ = false;     ///< said to the client
  bool lingering_ = false;   ///< all is said; only waits for the client to close
  bool counted_busy_ = false;
  clock::time_point progress_; ///< of a write or of lingering
};

} // namespace flipsync
