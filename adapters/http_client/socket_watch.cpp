#include "adapters/http_client/socket_watch.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "runtime/core/log.hpp"

namespace flipsync::http {

namespace asio = boost::asio;

struct socket_watch::entry {
  entry(asio::io_context& io, int fd, bool is_ours)
    : descriptor{io, fd},
      socket{fd},
      ours{is_ours} {}

  asio::posix::stream_descriptor descriptor;
  int socket;
  bool ours;
  bool live = true;
  bool want_read = false;
  bool want_write = false;
  bool awaiting_read = false;
  bool awaiting_write = false;
  bool waited_to_write = false;
  bool connected = false;
};

socket_watch::socket_watch(asio::io_context& io, std::function<void(int, int)> ready)
  : io_{io},
    ready_{std::move(ready)} {}

socket_watch::~socket_watch() {
  while (!entries_.empty()) {
    const auto [socket, e] = *entries_.begin();
    drop(socket);
    if (e->ours)
      ::close(socket);
  }
}

int socket_watch::open(int family, int type, int protocol) noexcept {
  const int socket = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (socket < 0)
    return -1;
  // libcurl closes a socket that did not connect without a word, and its number comes back here.
  drop(socket);
  try {
    entries_[socket] = std::make_shared<entry>(io_, socket, true);
    return socket;
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
    ::close(socket);
    return -1;
  }
}

void socket_watch::close(int socket) noexcept {
  drop(socket);
  ::close(socket);
}

void socket_watch::drop(int socket) noexcept {
  const auto found = entries_.find(socket);
  if (found == entries_.end())
    return;
  found->second->live = false;
  try {
    found->second->descriptor.release(); // leaves the reactor; the socket itself stays open
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
  }
  entries_.erase(found);
}

void socket_watch::want(int socket, int what) noexcept {
  try {
    const auto found = entries_.find(socket);
    if (what != CURL_POLL_REMOVE)
      watch(registered(socket, what), what);
    else if (found != entries_.end() && found->second->ours && found->second->connected)
      watch(found->second, what);
    else
      drop(socket);
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
  }
}

std::shared_ptr<socket_watch::entry> socket_watch::registered(int socket, int what) {
  auto found = entries_.find(socket);
  if (found == entries_.end())
    return entries_.emplace(socket, std::make_shared<entry>(io_, socket, false)).first->second;
  // Once it has watched for writing, the reactor does so for good, and a connected socket is always
  // writable: each wait would be woken for nothing. A fresh registration watches for reading alone.
  if (what == CURL_POLL_IN && found->second->waited_to_write) {
    const bool ours = found->second->ours;
    drop(socket);
    found = entries_.emplace(socket, std::make_shared<entry>(io_, socket, ours)).first;
  }
  return found->second;
}

void socket_watch::watch(const std::shared_ptr<entry>& e, int what) {
  e->want_read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  e->want_write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  e->connected = e->connected || what == CURL_POLL_IN;
  if (e->want_read && !e->awaiting_read)
    await(e, true);
  if (e->want_write && !e->awaiting_write)
    await(e, false);
}

void socket_watch::await(const std::shared_ptr<entry>& e, bool reading) {
  (reading ? e->awaiting_read : e->awaiting_write) = true;
  e->waited_to_write = e->waited_to_write || !reading;
  const auto direction =
    reading ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write;
  e->descriptor.async_wait(direction, [this, e, reading](const boost::system::error_code& failed) {
    (reading ? e->awaiting_read : e->awaiting_write) = false;
    const bool wanted = reading ? e->want_read : e->want_write;
    if (!e->live || !wanted)
      return;
    int events = reading ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
    if (failed)
      events |= CURL_CSELECT_ERR;
    ready_(e->socket, events);
    const bool again =
      reading ? e->want_read && !e->awaiting_read : e->want_write && !e->awaiting_write;
    if (e->live && again)
      await(e, reading);
  });
}

} // namespace flipsync::http
