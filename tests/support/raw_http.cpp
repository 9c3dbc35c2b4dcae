#include "tests/support/raw_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace flipsync::testing {

raw_http::raw_http(std::uint16_t port, int receive_buffer) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    throw std::runtime_error{"no socket"};
  const timeval limit{20, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (receive_buffer > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    ::close(fd_);
    throw std::runtime_error{"cannot connect"};
  }
}

raw_http::~raw_http() { close(); }

raw_http::raw_http(raw_http&& other) noexcept
  : fd_{std::exchange(other.fd_, -1)},
    buffer_{std::move(other.buffer_)} {}

bool raw_http::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

raw_response raw_http::request(std::string_view method, std::string_view target,
                               std::string_view body, std::string_view extra_headers) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  text.append(extra_headers);
  if (!body.empty())
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  text.append("\r\n").append(body);
  send(text);
  return read_response(method == "HEAD");
}

raw_response raw_http::read_head() {
  raw_response response;
  const auto first = take_line();
  if (first.size() < 12 || first.substr(0, 5) != "HTTP/")
    throw std::runtime_error{"no response: '" + first + "'"};
  response.status = std::stoi(first.substr(9, 3));
  for (auto line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(':');
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto value = line.find_first_not_of(' ', colon + 1);
    response.headers[name] = value == std::string::npos ? "" : line.substr(value);
  }
  return response;
}

raw_response raw_http::read_response(bool to_head) {
  auto response = read_head();
  const auto status = response.status;
  if (to_head || status == 100 || status == 204 || status == 304)
    return response;
  if (response.header("transfer-encoding") == "chunked") {
    for (auto piece = read_chunk(); !piece.empty(); piece = read_chunk())
      response.body += piece;
  } else if (const auto length = response.header("content-length"); !length.empty()) {
    response.body = take(std::stoul(length));
  } else {
    response.body = read_all();
  }
  return response;
}

std::string raw_http::read_chunk() {
  const auto size = std::stoul(take_line(), nullptr, 16);
  auto piece = take(size);
  if (!take_line().empty())
    throw std::runtime_error{"a chunk does not end where it says"};
  return piece;
}

std::string raw_http::read_all() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

std::string raw_http::read_some() {
  if (buffer_.empty())
    fill();
  return std::exchange(buffer_, {});
}

bool raw_http::closed_by_server() { return buffer_.empty() && !fill(); }

void raw_http::shutdown_write() { ::shutdown(fd_, SHUT_WR); }

void raw_http::close(bool reset) {
  if (fd_ < 0)
    return;
  if (reset) {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(std::exchange(fd_, -1));
}

bool raw_http::fill() {
  std::array<char, 64 * 1024> bytes;
  const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    throw std::runtime_error{"the server sends nothing"};
  if (got <= 0)
    return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string raw_http::take(std::size_t bytes) {
  while (buffer_.size() < bytes)
    if (!fill())
      throw std::runtime_error{"the server closed within a body"};
  auto taken = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return taken;
}

std::string raw_http::take_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos)
    if (!fill())
      throw std::runtime_error{"the server closed within a line"};
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string json_post(std::string_view target, std::string_view body,
                      std::string_view extra_headers) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
  text.append(extra_headers).append("Content-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

} // namespace flipsync::testing
