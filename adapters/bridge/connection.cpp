#include "adapters/bridge/connection.hpp"

#include <algorithm>
#include <cstring>
#include <exception>

#include "adapters/bridge/listen_address.hpp"
#include "adapters/bridge/tls/tls_channel.hpp"
#include "adapters/bridge/worker.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t first_buffer = 4 * 1024;
/// An idle connection gives back what it holds beyond this.
constexpr std::size_t kept_buffer = 16 * 1024;
/// How long a client that was told everything may take to close.
constexpr std::chrono::seconds linger_time{2};

} // namespace

connection::connection(worker& owner, asio::ip::tcp::socket socket)
  : worker_{owner},
    socket_{std::move(socket)},
    session_{owner.services(), *this} {
  if (auto with = owner.services().tls.get())
    tls_ = std::make_unique<tls_channel>(std::move(with));
}

connection::~connection() = default;

void connection::start() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  in_.resize(first_buffer);
  read();
}

void connection::start_refused() {
  start();
  session_.refuse();
  if (tls_)
    return close({}); // hands are not shaken yet, so that it could not be read
  pump();
}

void connection::settle() {
  if (session_.sent())
    pump();
}

int connection::free_socket() const {
  const auto others =
    worker_.services().in_flight.load(std::memory_order_relaxed) - (counted_busy_ ? 1U : 0U);
  const bool is_free = others == 0 && !tls_ && !writing_ && !closed_;
  // Asking for the number changes nothing of the socket.
  return is_free ? const_cast<asio::ip::tcp::socket&>(socket_).native_handle() : -1;
}

std::string connection::peer() const {
  error_code why;
  const auto where = socket_.remote_endpoint(why);
  return why ? std::string{} : client_address(where.address());
}

void connection::pump() {
  if (closed_)
    return;
  // A handler may complete within another pump: that one goes round once more.
  pump_again_ = true;
  if (pumping_)
    return;
  pumping_ = true;
  worker_.note_work();
  const auto alive = shared_from_this();
  try {
    while (std::exchange(pump_again_, false) && !closed_)
      pump_once();
  } catch (const std::exception& e) {
    log::error("http_connection_failed", {{"reason", e.what()}});
    close({});
  }
  pumping_ = false;
  if (!closed_)
    note_busy();
}

void connection::pump_once() {
  while (!closed_ && !lingering_) {
    if (!write())
      break;
    const auto before = begin_;
    session_.advance();
    if (!closed_ && session_.wants_bytes())
      feed();
    if (closed_)
      return;
    if (!session_.output().empty())
      continue;
    if (session_.upgraded())
      return become_websocket();
    if (session_.finished())
      return finish();
    if (before == begin_)
      break;
  }
  if (!closed_)
    read();
}

void connection::feed() {
  if (begin_ == end_)
    return;
  begin_ += session_.on_bytes({in_.data() + begin_, end_ - begin_});
  if (begin_ == end_)
    begin_ = end_ = reading_ ? end_ : 0;
}

bool connection::make_room() {
  const auto& limits = worker_.services().settings;
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (in_.size() > kept_buffer)
      std::vector<char>(first_buffer).swap(in_);
    return true;
  }
  if (begin_ > 0) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ < in_.size())
    return true;
  // A request's header must fit as a whole; later requests only as far as they may be pipelined.
  const auto most = std::max(limits.max_header, limits.max_pipelined) + 1;
  if (in_.size() >= most)
    return false;
  in_.resize(std::min(in_.size() * 2, most));
  return true;
}

void connection::read() {
  if (reading_ || eof_ || closed_)
    return;
  if (!make_room()) {
    if (!session_.wants_bytes() || writing_)
      return; // taken up again when the running request is done
    session_.on_stuck();
    return pump();
  }
  if (tls_)
    return read_encrypted();
  reading_ = true;
  socket_.async_read_some(asio::buffer(in_.data() + end_, in_.size() - end_),
                          [self = shared_from_this()](const error_code& why, std::size_t bytes) {
                            self->on_read(why, bytes);
                          });
}

void connection::on_read(const error_code& why, std::size_t bytes) {
  reading_ = false;
  if (closed_)
    return;
  if (session_.upgraded() && (!why || why == asio::error::operation_aborted)) {
    end_ += bytes;
    return pump();
  }
  if (why == asio::error::eof) {
    eof_ = true;
    if (lingering_)
      return close({});
    session_.on_eof();
    return pump();
  }
  if (why)
    return close({});
  if (lingering_)
    return read();
  end_ += bytes;
  if (session_.waiting() || writing_)
    return read(); // what comes early waits its turn, but the client's leaving is seen at once
  pump();
}

bool connection::write() {
  if (writing_)
    return false;
  if (tls_)
    encrypt();
  auto& out = outgoing();
  if (out.empty())
    return true;
  error_code why;
  written_ = socket_.write_some(asio::buffer(out), why);
  if (why && why != asio::error::would_block) {
    close({});
    return false;
  }
  if (written_ == out.size()) {
    out.clear();
    return true;
  }
  writing_ = true;
  progress_ = clock::now();
  write_rest();
  return false;
}

void connection::write_rest() {
  const auto& out = outgoing();
  socket_.async_write_some(asio::buffer(out.data() + written_, out.size() - written_),
                           [self = shared_from_this()](const error_code& e, std::size_t bytes) {
                             self->on_written(e, bytes);
                           });
}

void connection::on_written(const error_code& why, std::size_t bytes) {
  if (closed_)
    return;
  if (why)
    return close({});
  written_ += bytes;
  progress_ = clock::now();
  if (written_ < outgoing().size())
    return write_rest();
  writing_ = false;
  outgoing().clear();
  pump();
}

void connection::finish() {
  if (!say_goodbye() || closed_)
    return;
  if (eof_)
    return close({});
  linger();
}

void connection::linger() {
  // Closing with bytes unread would reset the connection, and the client might never see the
  // answer.
  lingering_ = true;
  progress_ = clock::now();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  begin_ = end_ = 0;
  note_busy();
  read();
}

void connection::become_websocket() {
  if (reading_) {
    // What it has read must not be lost: on_read comes back to this.
    error_code ignored;
    socket_.cancel(ignored);
    return;
  }
  closed_ = true;
  note_busy();
  std::string early{in_.data() + begin_, end_ - begin_};
  early += plain_;
  worker_.remove(*this);
  worker_.add_websocket({std::move(socket_), std::move(early), std::move(tls_)},
                        session_.take_upgrade());
}

void connection::on_tick(clock::time_point now) {
  if (lingering_) {
    if (now - progress_ > linger_time)
      close({});
  } else if (writing_) {
    if (now - progress_ > worker_.services().settings.write_timeout)
      close({});
  } else {
    session_.on_tick(now);
  }
}

void connection::close(std::string_view reason) {
  if (std::exchange(closed_, true))
    return;
  const auto alive = shared_from_this();
  error_code ignored;
  session_.withdraw();
  socket_.close(ignored);
  session_.on_lost(reason);
  note_busy();
  worker_.remove(*this);
}

void connection::note_busy() {
  const bool busy = !closed_ && !lingering_
                    && (session_.busy() || !session_.output().empty() || !encrypted_.empty());
  if (busy == counted_busy_)
    return;
  counted_busy_ = busy;
  worker_.note_busy(busy);
}

} // namespace flipsync
