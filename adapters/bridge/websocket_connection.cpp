#include "adapters/bridge/websocket_connection.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <poll.h>

#include <array>
#include <exception>
#include <utility>

#include "adapters/bridge/early_stream.hpp"
#include "adapters/bridge/http_date.hpp"
#include "adapters/bridge/tls/tls_channel.hpp"
#include "adapters/bridge/worker.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using beast::error_code;

/// An idle socket gives back what its read buffer holds beyond this, bytes.
constexpr std::size_t read_size = 2048;

/// What Beast itself found wrong with what came, and has told the client.
bool is_violation(const error_code& why) {
  return why.category() == make_error_code(websocket::error::closed).category();
}

/// Whether the socket takes bytes: its other side reads, or has not been sent much.
bool has_room(int socket) noexcept {
  pollfd look{socket, POLLOUT, 0};
  return ::poll(&look, 1, 0) == 1 && (look.revents & POLLOUT) != 0;
}

close_code code_for(const error& why) {
  if (why.code == errc::overloaded)
    return close_code::overloaded;
  return why.code == errc::shutting_down ? close_code::going_away : close_code::internal;
}

class beast_connection final : public websocket_connection,
                               public std::enable_shared_from_this<beast_connection> {
public:
  beast_connection(worker& owner, taken_socket socket, websocket_upgrade upgrade)
    : worker_{owner},
      wakes_{owner.wakes()},
      upgrade_{std::make_unique<websocket_upgrade>(std::move(upgrade))},
      stream_{std::move(socket)} {}

  void start() override;
  void pump() override;
  void on_tick(clock::time_point now) override;
  void drain() override;
  void abort() override { finish(session_end::left); }
  void wake() override { wakes_->push(shared_from_this()); }

private:
  void on_accepted(const error_code& why);
  void open_session();
  void read();
  void on_read(const error_code& why);
  void take_frame();
  void write_next();
  void on_written(const error_code& why);
  void ping();
  void begin_close(close_code code, std::string_view reason);
  void linger();
  bool lags();
  void cut_off();
  void finish(session_end how);
  asio::ip::tcp::socket& socket() { return stream_.next_layer().socket(); }
  const bridge_settings& limits() { return worker_.services().settings; }

  worker& worker_;
  const std::shared_ptr<handover<websocket_connection>> wakes_;
  std::unique_ptr<websocket_upgrade> upgrade_; ///< until the session is open
  websocket::stream<early_stream, false> stream_;
  std::shared_ptr<session> session_;
  beast::flat_buffer in_;
  std::vector<std::string> frames_; ///< being written
  std::size_t next_frame_ = 0;
  close_code close_ = close_code::none; ///< asked for, to come after frames_
  std::string close_reason_;
  clock::time_point since_{}; ///< of the write, the handshake or the close under way
  bool accepted_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool pinging_ = false;
  bool closing_ = false; ///< the close handshake, or what is left to come after a violation
  bool closed_ = false;
};

void beast_connection::start() {
  stream_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                     websocket::stream_base::none(), false});
  stream_.set_option(websocket::stream_base::decorator(
    [id = upgrade_->options.request_id](websocket::response_type& response) {
      response.set(http::field::date, http_date_now());
      response.set("X-Request-Id", id);
    }));
  stream_.auto_fragment(false);
  stream_.read_message_max(limits().max_frame);
  stream_.control_callback([this](websocket::frame_type kind, beast::string_view) {
    if (!session_)
      return;
    // A close counts when it comes, not when what is still being written lets it be answered.
    if (kind == websocket::frame_type::close)
      session_->closed(session_end::left);
    else
      session_->heard();
  });
  http::request<http::empty_body> request{http::verb::get, upgrade_->target, 11};
  request.set(http::field::host, "flipsync");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, upgrade_->key);
  since_ = clock::now();
  stream_.async_accept(
    request, [self = shared_from_this()](const error_code& why) { self->on_accepted(why); });
}

void beast_connection::on_accepted(const error_code& why) {
  if (closed_)
    return;
  if (why)
    return finish(session_end::left);
  accepted_ = true;
  // The decorator is used up; without this it would keep its memory as long as the socket lives.
  stream_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  stream_.text(true);
  open_session();
}

void beast_connection::open_session() {
  auto& services = worker_.services();
  auto opened = services.runtime.open_session(std::move(upgrade_->options), shared_from_this());
  upgrade_.reset();
  if (!opened) {
    services.metrics.ws_refused.add();
    return begin_close(code_for(opened.error()), opened.error().message);
  }
  session_ = std::move(*opened);
  if (services.draining.load())
    session_->drain();
  pump();
  read();
}

void beast_connection::read() {
  if (reading_ || closing_ || closed_ || !session_->may_read())
    return;
  reading_ = true;
  stream_.async_read(
    in_, [self = shared_from_this()](const error_code& why, std::size_t) { self->on_read(why); });
}

void beast_connection::on_read(const error_code& why) {
  reading_ = false;
  if (closed_)
    return;
  if (why == websocket::error::closed)
    return finish(session_end::left);
  if (why && is_violation(why))
    return linger();
  // Without a word; while we close, the client may do as it likes.
  if (why)
    return finish(closing_ ? session_end::left : session_end::dropped);
  if (!closing_)
    take_frame();
}

void beast_connection::take_frame() {
  worker_.services().metrics.ws_frames_in.add();
  if (stream_.got_binary())
    return begin_close(close_code::unsupported, "only text frames are taken");
  const auto bytes = in_.data();
  std::string text{static_cast<const char*>(bytes.data()), bytes.size()};
  in_.consume(in_.size());
  if (in_.capacity() > read_size)
    in_.shrink_to_fit();
  session_->frame(std::move(text));
  read();
}

void beast_connection::pump() {
  if (closed_ || !session_)
    return;
  worker_.note_work();
  if (session_->cut_off() || lags())
    return cut_off();
  read();
  if (writing_ || closing_)
    return;
  auto output = session_->take();
  if (output.ping)
    ping();
  frames_ = std::move(output.frames);
  next_frame_ = 0;
  close_ = output.close;
  close_reason_ = std::move(output.reason);
  write_next();
}

void beast_connection::write_next() {
  if (next_frame_ == frames_.size()) {
    if (close_ != close_code::none)
      return begin_close(close_, close_reason_);
    if (frames_.empty())
      return;
    std::vector<std::string>{}.swap(frames_);
    return pump();
  }
  writing_ = true;
  since_ = clock::now();
  stream_.async_write(
    asio::buffer(frames_[next_frame_]),
    [self = shared_from_this()](const error_code& why, std::size_t) { self->on_written(why); });
}

void beast_connection::on_written(const error_code& why) {
  writing_ = false;
  if (closed_)
    return;
  if (why) {
    // Where the client has closed, the read says so; where it has gone, both do.
    if (why != asio::error::operation_aborted && !is_violation(why) && !closing_)
      finish(session_end::dropped);
    return;
  }
  worker_.services().metrics.ws_frames_out.add();
  ++next_frame_;
  if (!closing_)
    write_next();
}

void beast_connection::ping() {
  if (std::exchange(pinging_, true))
    return;
  stream_.async_ping({}, [self = shared_from_this()](const error_code&) {
    self->pinging_ = false; // a ping that failed shows as a read that fails
  });
}

void beast_connection::begin_close(close_code code, std::string_view reason) {
  if (closing_ || closed_)
    return;
  closing_ = true;
  since_ = clock::now();
  if (session_)
    session_->closed(session_end::left);
  constexpr std::size_t most = 120; // RFC 6455, 5.5: a control frame holds 125 bytes
  const auto text = reason.substr(0, most);
  stream_.async_close(
    websocket::close_reason{static_cast<websocket::close_code>(code), {text.data(), text.size()}},
    [self = shared_from_this()](const error_code&) { self->finish(session_end::left); });
}

/// The client has been told what it did wrong; it may still be sending. Closing with bytes unread
/// would reset the connection, and it might never see why.
void beast_connection::linger() {
  if (!std::exchange(closing_, true)) {
    since_ = clock::now();
    session_->closed(session_end::left);
  }
  in_.clear();
  socket().async_read_some(in_.prepare(read_size),
                           [self = shared_from_this()](const error_code& why, std::size_t) {
                             if (self->closed_)
                               return;
                             if (why)
                               return self->finish(session_end::left);
                             self->linger();
                           });
}

void beast_connection::on_tick(clock::time_point now) {
  const auto spent = now - since_;
  if (closing_ || !accepted_) {
    if (spent > limits().close_timeout)
      finish(session_end::left);
  } else if (lags() || (writing_ && spent > limits().write_timeout)) {
    cut_off();
  }
}

/// More waits than may, and the client takes nothing.
bool beast_connection::lags() {
  return session_ && session_->lags() && !has_room(socket().native_handle());
}

void beast_connection::cut_off() {
  worker_.services().metrics.ws_cut_off.add();
  finish(session_end::dropped);
}

void beast_connection::drain() {
  if (session_ && !closing_)
    session_->drain();
}

void beast_connection::finish(session_end how) {
  if (std::exchange(closed_, true))
    return;
  const auto alive = shared_from_this();
  error_code ignored;
  socket().close(ignored);
  if (session_)
    session_->closed(how);
  session_.reset();
  worker_.remove(*this);
}

} // namespace

std::shared_ptr<websocket_connection> websocket_connection::make(worker& owner, taken_socket socket,
                                                                 websocket_upgrade upgrade) {
  return std::make_shared<beast_connection>(owner, std::move(socket), std::move(upgrade));
}

} // namespace flipsync
