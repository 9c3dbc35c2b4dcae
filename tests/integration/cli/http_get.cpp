#include "tests/integration/cli/http_get.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace flipsync::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

/// -1 where it is refused.
int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return fd;
  close(fd);
  return -1;
}

bool send_all(int fd, const std::string& text) {
  return send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

} // namespace

std::string http_get(int port, const std::string& target) {
  const int fd = connect_to(port);
  if (fd < 0)
    return {};
  // A listener that closes resets what waited in its backlog: that is a refusal too.
  if (!send_all(fd,
                "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
    close(fd);
    return {};
  }
  std::string out;
  char chunk[4096];
  ssize_t n = 0;
  while ((n = recv(fd, chunk, sizeof chunk, 0)) > 0)
    out.append(chunk, static_cast<std::size_t>(n));
  close(fd);
  return out;
}

pending_post::pending_post(int port, const std::string& target, const std::string& body)
  : fd_{connect_to(port)} {
  const auto request = "POST " + target
                       + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         "Content-Length: "
                       + std::to_string(body.size()) + "\r\n\r\n" + body;
  if (!send_all(fd_, request))
    throw std::runtime_error{"the request could not be sent"};
}

pending_post::~pending_post() { close(fd_); }

silent_server::silent_server() : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  const auto address = loopback(0);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
      || listen(listener_, 8) != 0)
    throw std::runtime_error{"no port to listen on"};
}

silent_server::~silent_server() {
  if (client_ >= 0)
    close(client_);
  close(listener_);
}

std::string silent_server::address() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

void silent_server::wait_for_connection() {
  pollfd wait{listener_, POLLIN, 0};
  if (poll(&wait, 1, 30'000) != 1)
    throw std::runtime_error{"nobody connected"};
  client_ = accept(listener_, nullptr, nullptr);
  char byte = 0;
  if (recv(client_, &byte, 1, 0) != 1)
    throw std::runtime_error{"nothing was sent"};
}

int free_port() {
  const silent_server briefly;
  const auto address = briefly.address();
  return std::stoi(address.substr(address.rfind(':') + 1));
}

void wait_until_ready(int port) {
  while (!http_get(port, "/readyz").starts_with("HTTP/1.1 200")) {
  }
}

void wait_until_refused(int port) {
  while (http_get(port, "/readyz").starts_with("HTTP/1.1 200")) {
  }
}

} // namespace flipsync::test
