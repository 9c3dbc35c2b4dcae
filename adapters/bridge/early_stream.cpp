#include "adapters/bridge/early_stream.hpp"

#include <boost/asio/error.hpp>

#include <utility>

#include "adapters/bridge/tls/secret_buffer.hpp"
#include "adapters/bridge/tls/tls_channel.hpp"

namespace flipsync {

namespace asio = boost::asio;

taken_socket::taken_socket(asio::ip::tcp::socket from, std::string read,
                           std::unique_ptr<tls_channel> with)
  : socket{std::move(from)},
    early{std::move(read)},
    tls{std::move(with)} {}
taken_socket::taken_socket(taken_socket&&) noexcept = default;
taken_socket::~taken_socket() = default;

early_stream::early_stream(taken_socket from)
  : socket_{std::move(from.socket)},
    early_{std::move(from.early)},
    tls_{std::move(from.tls)} {}

early_stream::~early_stream() = default;

early_stream::error_code early_stream::decrypt() {
  auto& buffer = secret_buffer();
  error_code why;
  const auto bytes = socket_.read_some(asio::buffer(buffer), why);
  if (why == asio::error::would_block || why == asio::error::try_again)
    return {};
  if (why)
    return why;
  switch (tls_->receive({buffer.data(), bytes}, early_)) {
  case tls_channel::state::open:
    return {};
  case tls_channel::state::ended:
    return asio::error::eof;
  case tls_channel::state::failed:
    break;
  }
  return asio::error::connection_reset;
}

void early_stream::encrypt(const std::string& plain) {
  tls_->send(plain); // where it fails, the next read says so
  encrypted_.clear();
  encrypted_.swap(tls_->to_send());
}

void early_stream::say_goodbye() {
  error_code ignored;
  if (tls_) {
    tls_->close();
    socket_.write_some(asio::buffer(tls_->to_send()), ignored);
  }
  socket_.shutdown(socket_type::shutdown_send, ignored);
}

} // namespace flipsync
