// What a connection does besides where it is encrypted: everything else is as without.

#include <algorithm>

#include "adapters/bridge/connection.hpp"
#include "adapters/bridge/tls/secret_buffer.hpp"
#include "adapters/bridge/tls/tls_channel.hpp"
#include "adapters/bridge/worker.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

using boost::system::error_code;

} // namespace

void connection::read_encrypted() {
  if (!lingering_ && (!plain_.empty() || plain_ended_))
    return take_plain();
  reading_ = true;
  socket_.async_wait(
    boost::asio::ip::tcp::socket::wait_read,
    [self = shared_from_this()](const error_code& why) { self->on_encrypted(why); });
}

void connection::on_encrypted(error_code why) {
  auto& buffer = secret_buffer();
  const auto bytes = why ? 0 : socket_.read_some(boost::asio::buffer(buffer), why);
  if (why == boost::asio::error::would_block || why == boost::asio::error::try_again) {
    reading_ = false;
    return read();
  }
  if (why || closed_ || lingering_)
    return on_read(why, 0);
  reading_ = false;
  const auto now = tls_->receive({buffer.data(), bytes}, plain_);
  if (now == tls_channel::state::failed)
    return fail_encryption();
  plain_ended_ = now == tls_channel::state::ended;
  if (plain_.empty() && !plain_ended_)
    return pump(); // what the handshake has to say goes out
  take_plain();
}

void connection::take_plain() {
  if (plain_.empty()) {
    plain_ended_ = false;
    return on_read(boost::asio::error::eof, 0);
  }
  const auto bytes = std::min(plain_.size(), in_.size() - end_);
  std::copy_n(plain_.data(), bytes, in_.data() + end_);
  plain_.erase(0, bytes);
  if (plain_.empty())
    plain_.shrink_to_fit();
  on_read({}, bytes);
}

void connection::encrypt() {
  auto& plain = session_.output();
  if (!plain.empty() && tls_->established())
    tls_->send(plain); // where it fails, the next read says so
  plain.clear();
  encrypted_ += tls_->to_send();
  tls_->to_send().clear();
}

void connection::fail_encryption() {
  log::debug("tls_failed", {{"reason", tls_->why()}});
  error_code ignored;
  // An alert, or plain words for who speaks plain HTTP. What was being written cannot be ended.
  if (!writing_)
    socket_.write_some(boost::asio::buffer(tls_->to_send()), ignored);
  session_.on_lost({});
  linger();
}

bool connection::say_goodbye() {
  if (!tls_ || std::exchange(goodbye_, true))
    return true;
  tls_->close();
  return write();
}

} // namespace flipsync
