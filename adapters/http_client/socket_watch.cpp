#include "adapters/http_client/socket_watch.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "runtime/core/log.hpp"

namespace flipsync::http {

namespace {

constexpr int events_at_once = 128;
constexpr std::uint64_t key_of_bell = ~std::uint64_t{0};

std::uint64_t key_of(int socket, std::uint32_t generation) noexcept {
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(socket);
}

int checked(int descriptor, const char* what) {
  if (descriptor < 0)
    throw std::system_error{errno, std::generic_category(), what};
  return descriptor;
}

/// An epoll set in which the bell is.
int set_with(const bell& rung_by_others) {
  const int set = checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  epoll_event rung{};
  rung.events = EPOLLIN | EPOLLET;
  rung.data.u64 = key_of_bell;
  if (::epoll_ctl(set, EPOLL_CTL_ADD, rung_by_others.descriptor(), &rung) != 0) {
    const int why = errno;
    ::close(set);
    throw std::system_error{why, std::generic_category(), "epoll_ctl"};
  }
  return set;
}

/// Up to the next whole millisecond: a wait that ends early would be one for nothing.
int milliseconds_until(std::optional<socket_watch::steady::time_point> until) {
  using std::chrono::milliseconds;
  if (!until)
    return -1;
  constexpr milliseconds longest{std::chrono::hours{1}};
  const auto left = *until - std::min(*until, socket_watch::steady::now());
  return static_cast<int>(left >= longest ? longest.count()
                                          : std::chrono::ceil<milliseconds>(left).count());
}

} // namespace

// --- bell ---------------------------------------------------------------------------------------

bell::bell() : counter_{checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")} {}

bell::~bell() { ::close(counter_); }

void bell::ring() const noexcept {
  const std::uint64_t one = 1;
  // Nobody reads the counter: each write is an edge, and it would take centuries to fill.
  static_cast<void>(!::write(counter_, &one, sizeof one));
}

// --- sockets ------------------------------------------------------------------------------------

socket_watch::socket_watch(std::function<void(int, int)> ready)
  : ready_{std::move(ready)},
    bell_{std::make_shared<bell>()},
    set_{set_with(*bell_)} {}

socket_watch::~socket_watch() {
  for (const auto& [socket, each] : entries_)
    if (each.ours)
      ::close(socket);
  ::close(set_);
}

int socket_watch::open(int family, int type, int protocol) noexcept {
  const int socket = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (socket < 0)
    return -1;
  try {
    // libcurl closes a socket that did not connect without a word, and its number comes back here.
    entries_.erase(socket);
    add(socket, true);
    return socket;
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
    ::close(socket);
    return -1;
  }
}

int socket_watch::take_over(int socket) noexcept {
  const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0)
    return -1;
  try {
    add(own, true).connected = true;
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
    ::close(own);
    return -1;
  }
  // The set knows a socket by its number, and forgets it only once all its numbers are closed.
  ::epoll_ctl(set_, EPOLL_CTL_DEL, socket, nullptr);
  entries_.erase(socket);
  return own;
}

void socket_watch::close(int socket) noexcept {
  entries_.erase(socket);
  ::close(socket); // which ends its being watched, too
}

void socket_watch::want(int socket, int what) noexcept {
  try {
    const auto found = entries_.find(socket);
    if (what == CURL_POLL_REMOVE) {
      if (found == entries_.end())
        return;
      auto& kept = found->second;
      if (!kept.ours || !kept.connected)
        return drop(socket);
      kept.wanted = 0;
      // A connected socket is always writable, which would end each wait.
      if ((kept.watched & EPOLLOUT) != 0)
        watch(socket, kept, EPOLLIN);
      return;
    }
    auto& each = found != entries_.end() ? found->second : add(socket, false);
    each.wanted = (what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U;
    each.wanted |= (what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U;
    each.connected = each.connected || what == CURL_POLL_IN;
    watch(socket, each, each.wanted);
  } catch (const std::exception& e) {
    log::error("http_socket_failed", {{"what", e.what()}});
  }
}

bool socket_watch::wait(std::optional<steady::time_point> until) {
  std::array<epoll_event, events_at_once> events;
  const int count = ::epoll_wait(set_, events.data(), events_at_once, milliseconds_until(until));
  bool rung = false;
  for (int i = 0; i < count; ++i) {
    const auto& each = events[static_cast<std::size_t>(i)];
    if (each.data.u64 == key_of_bell)
      rung = true;
    else
      tell(static_cast<int>(each.data.u64 & 0xffffffffU),
           static_cast<std::uint32_t>(each.data.u64 >> 32), each.events);
  }
  return rung;
}

void socket_watch::tell(int socket, std::uint32_t generation, std::uint32_t events) {
  const auto found = entries_.find(socket);
  if (found == entries_.end()) {
    ::epoll_ctl(set_, EPOLL_CTL_DEL, socket, nullptr); // dropped, and still open
    return;
  }
  // What was told before it may have closed it, and opened another of the same number.
  if (found->second.generation != generation)
    return;
  auto& each = found->second;
  if (each.wanted == 0) {
    // The server closed a kept connection. libcurl sees that when it would use it again.
    ::epoll_ctl(set_, EPOLL_CTL_DEL, socket, nullptr);
    each.watched = 0;
    return;
  }
  const bool failed = (events & (EPOLLERR | EPOLLHUP)) != 0;
  const auto hits = failed ? each.wanted : events & each.wanted;
  int ready = failed ? CURL_CSELECT_ERR : 0;
  ready |= (hits & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
  ready |= (hits & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
  if (ready != 0)
    ready_(socket, ready);
}

socket_watch::entry& socket_watch::add(int socket, bool ours) {
  entry fresh;
  fresh.generation = ++generations_;
  fresh.ours = ours;
  return entries_.insert_or_assign(socket, fresh).first->second;
}

void socket_watch::watch(int socket, entry& of, std::uint32_t events) {
  if (of.watched == events)
    return;
  epoll_event wish{};
  wish.events = events;
  wish.data.u64 = key_of(socket, of.generation);
  const int first = of.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (::epoll_ctl(set_, first, socket, &wish) != 0) {
    // A socket that is not ours may have been closed, and its number used again, behind our back.
    const int second = errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    checked(::epoll_ctl(set_, second, socket, &wish), "epoll_ctl");
  }
  of.watched = events;
}

void socket_watch::drop(int socket) noexcept {
  // libcurl closes such a socket next, or has closed it, and its number may be another thread's by
  // now: the set is not told, which a closed socket leaves by itself.
  entries_.erase(socket);
}

} // namespace flipsync::http
