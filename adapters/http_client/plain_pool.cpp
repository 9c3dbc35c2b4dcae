#include "adapters/http_client/plain_pool.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace flipsync::http {

namespace {

/// libcurl's own bound: what lies longer has often been forgotten by something on the way.
constexpr std::chrono::seconds longest_idle{118};

} // namespace

plain_connection& plain_pool::add(int socket, std::string origin) {
  auto fresh = std::make_unique<plain_connection>(socket, std::move(origin));
  sockets_.want(socket, CURL_POLL_IN);
  return *all_.insert_or_assign(socket, std::move(fresh)).first->second;
}

plain_connection* plain_pool::find(int socket) const noexcept {
  const auto found = all_.find(socket);
  return found != all_.end() ? found->second.get() : nullptr;
}

plain_connection* plain_pool::take_idle(const std::string& origin) {
  for (;;) {
    const auto last = std::find_if(idle_.rbegin(), idle_.rend(),
                                   [&](const auto* each) { return each->origin() == origin; });
    if (last == idle_.rend())
      return nullptr;
    auto* found = *last;
    if (steady::now() - found->idle_since() < longest_idle) {
      idle_.erase(std::next(last).base());
      return found;
    }
    close(*found);
  }
}

void plain_pool::keep(plain_connection& idle) { idle_.push_back(&idle); }

void plain_pool::close(plain_connection& done) noexcept {
  const auto listed = std::find(idle_.begin(), idle_.end(), &done);
  if (listed != idle_.end())
    idle_.erase(listed);
  const int socket = done.socket();
  all_.erase(socket);
  sockets_.close(socket);
}

void plain_pool::keep_at_most(std::size_t idle) noexcept {
  while (idle_.size() > idle)
    close(*idle_.front());
}

} // namespace flipsync::http
