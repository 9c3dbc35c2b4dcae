#pragma once
/// What a connection gives to its WebSocket: the socket, what has been read of it already, and its
/// encryption. Includes Beast: for the WebSocket's sources only.

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <string>

#include "adapters/bridge/websocket_connection.hpp"

namespace flipsync {

/// What Beast's WebSocket needs of the stream below it. Its teardown only ends our side: how long
/// the other side may take is the connection's to say.
class early_stream {
public:
  using socket_type = boost::asio::ip::tcp::socket;
  using executor_type = socket_type::executor_type;
  using error_code = boost::system::error_code;

  explicit early_stream(taken_socket from);
  ~early_stream();
  early_stream(const early_stream&) = delete;
  early_stream& operator=(const early_stream&) = delete;

  socket_type& socket() noexcept { return socket_; }
  executor_type get_executor() noexcept { return socket_.get_executor(); }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& done, const Buffers& into) {
        if (early_.empty() && !tls_)
          return socket_.async_read_some(into, std::forward<decltype(done)>(done));
        if (early_.empty())
          return read_encrypted(into, std::forward<decltype(done)>(done));
        boost::asio::post(get_executor(),
                          boost::beast::bind_front_handler(std::forward<decltype(done)>(done),
                                                           error_code{}, hand_out(into)));
      },
      handler, buffers);
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& done, const Buffers& from) {
        if (!tls_)
          return socket_.async_write_some(from, std::forward<decltype(done)>(done));
        const auto bytes = boost::asio::buffer_size(from);
        encrypt(boost::beast::buffers_to_string(from));
        boost::asio::async_write(
          socket_, boost::asio::buffer(encrypted_),
          [bytes, done = std::forward<decltype(done)>(done)](
            const error_code& why, std::size_t) mutable { std::move(done)(why, why ? 0 : bytes); });
      },
      handler, buffers);
  }

  friend void teardown(boost::beast::role_type, early_stream& stream, error_code&) {
    stream.say_goodbye();
  }

  /// What Beast does where it gives a connection up.
  friend void beast_close_socket(early_stream& stream) {
    error_code ignored;
    stream.socket_.close(ignored);
  }

  template <class Handler>
  friend void async_teardown(boost::beast::role_type, early_stream& stream, Handler&& handler) {
    stream.say_goodbye();
    boost::asio::post(stream.get_executor(), boost::beast::bind_front_handler(
                                               std::forward<Handler>(handler), error_code{}));
  }

private:
  template <class Buffers, class Handler>
  void read_encrypted(const Buffers& into, Handler done) {
    socket_.async_wait(socket_type::wait_read,
                       [this, into, done = std::move(done)](error_code why) mutable {
                         if (!why)
                           why = decrypt();
                         if (early_.empty() && !why)
                           return read_encrypted(into, std::move(done));
                         const auto bytes = hand_out(into);
                         std::move(done)(bytes > 0 ? error_code{} : why, bytes);
                       });
  }
  template <class Buffers>
  std::size_t hand_out(const Buffers& into) {
    const auto bytes = boost::asio::buffer_copy(into, boost::asio::buffer(early_));
    early_.erase(0, bytes);
    if (early_.empty())
      std::string{}.swap(early_);
    return bytes;
  }

  /// Reads what the socket has, into `early_`; where it has nothing, that is no error.
  error_code decrypt();
  /// Into `encrypted_`, which was written before.
  void encrypt(const std::string& plain);
  void say_goodbye();

  socket_type socket_;
  std::string early_; ///< read, decrypted and not handed out
  std::unique_ptr<tls_channel> tls_;
  std::string encrypted_;
};

} // namespace flipsync
