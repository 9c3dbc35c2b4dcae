#include "adapters/http_client/plain_connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "adapters/http_client/request_words.hpp"

namespace flipsync::http {

namespace {

/// What only the client can know of its own request.
bool said_by_us(std::string_view name) noexcept {
  return same_name(name, "content-length") || same_name(name, "transfer-encoding");
}

bool would_block(int code) noexcept {
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}

} // namespace

std::size_t plain_connection::body_size() const noexcept {
  return running_ != nullptr ? running_->request().body.size() : 0;
}

result<void> plain_connection::compose(const plain_target& target, std::string_view agent) {
  const auto& request = running_->request();
  if (auto sound = check_request(request); !sound)
    return sound;
  head_.clear();
  head_.append(request.method).append(" ").append(target.path).append(" HTTP/1.1\r\n");
  bool host_named = false;
  bool agent_named = false;
  bool accept_named = false;
  for (const auto& [name, value] : request.headers) {
    if (said_by_us(name))
      continue;
    host_named = host_named || same_name(name, "host");
    agent_named = agent_named || same_name(name, "user-agent");
    accept_named = accept_named || same_name(name, "accept");
    head_.append(name).append(": ").append(value).append("\r\n");
  }
  if (!host_named)
    head_.append("Host: ").append(target.host_field).append("\r\n");
  if (!agent_named)
    head_.append("User-Agent: ").append(agent).append("\r\n");
  if (!accept_named)
    head_.append("Accept: */*\r\n");
  head_.append("Accept-Encoding: gzip\r\n");
  if (!request.body.empty() || request.method == "POST")
    head_.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  head_.append("\r\n");
  return {};
}

plain_connection::step plain_connection::start(exchange& what, const plain_target& target,
                                               std::string_view agent) {
  running_ = &what;
  sent_ = 0;
  send_error_ = 0;
  heard_ = false;
  whole_ = false;
  failure_ = {};
  if (auto composed = compose(target, agent); !composed)
    return fail(composed.error());
  reader_.begin(what, what.request().method == "HEAD");
  what.enter(phase::first_byte);
  writable();
  return step::going;
}

void plain_connection::writable() {
  // Once: a large request to a quick reader must not keep the loop from everybody else.
  if (send_error_ != 0 || !sending())
    return;
  const auto& body = running_->request().body;
  std::array<iovec, 2> parts{};
  std::size_t count = 0;
  if (sent_ < head_.size())
    parts[count++] = {head_.data() + sent_, head_.size() - sent_};
  const auto of_body = sent_ - std::min(sent_, head_.size());
  if (of_body < body.size()) // sendmsg only reads
    parts[count++] = {const_cast<char*>(body.data()) + of_body, body.size() - of_body};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  const auto done = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (done >= 0)
    sent_ += static_cast<std::size_t>(done);
  else if (!would_block(errno))
    // The server may have answered before it closed: that is found by reading.
    send_error_ = errno;
}

plain_connection::step plain_connection::readable(std::span<char> room) {
  const auto got = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0) {
    heard_ = true;
    return after(reader_.read({room.data(), static_cast<std::size_t>(got)}));
  }
  const int why = got < 0 ? errno : 0;
  if (got < 0 && would_block(why))
    return step::going;
  if (used_before_ && !heard_)
    return step::stale;
  if (send_error_ != 0 && !heard_)
    return lost("send", send_error_);
  if (got < 0)
    return lost(nullptr, why);
  return after(reader_.end_of_input());
}

plain_connection::step plain_connection::after(response_reader::state state) {
  switch (state) {
  case response_reader::state::more:
    return step::going;
  case response_reader::state::whole:
    whole_ = reader_.keeps() && !sending();
    return step::whole;
  case response_reader::state::failed:
    break;
  }
  return fail(reader_.failure());
}

plain_connection::step plain_connection::fail(error why) {
  failure_ = std::move(why);
  return step::failed;
}

plain_connection::step plain_connection::lost(const char* phase, int why) {
  return fail(error{errc::provider_unavailable, "the exchange with the server failed"}
                .with("phase", phase != nullptr ? phase : std::string{running_->failure_phase()})
                .with("reason", std::generic_category().message(why)));
}

bool plain_connection::release() noexcept {
  running_ = nullptr;
  used_before_ = true;
  idle_since_ = steady::now();
  return std::exchange(whole_, false);
}

} // namespace flipsync::http
