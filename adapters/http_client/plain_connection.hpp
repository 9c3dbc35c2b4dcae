#pragma once
/// One connection without TLS, which carries one HTTP/1.1 exchange after the other.

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/plain_target.hpp"
#include "adapters/http_client/response_reader.hpp"

namespace flipsync::http {

/// Does not own its socket, which is connected and does not block. Not thread-safe.
class plain_connection {
public:
  plain_connection(int socket, std::string origin) : socket_{socket}, origin_{std::move(origin)} {}

  [[nodiscard]] int socket() const noexcept { return socket_; }
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

  enum class step : std::uint8_t {
    going,
    whole,
    failed,
    /// The server had closed the kept connection before the request could reach it.
    stale
  };

  /// Sends the request; `agent` where its headers name none. Errors: invalid_request (a header
  /// or method that would break the request).
  step start(exchange& what, const plain_target& target, std::string_view agent);
  /// The socket can be read, or has failed; `room` is for what is read.
  step readable(std::span<char> room);
  /// The socket takes more of the request.
  void writable();

  /// What it carries; nullptr while it is idle.
  [[nodiscard]] exchange* running() const noexcept { return running_; }
  [[nodiscard]] bool sending() const noexcept { return sent_ < head_.size() + body_size(); }
  /// Why a step failed.
  [[nodiscard]] const error& failure() const noexcept { return failure_; }
  /// The exchange leaves. False: the connection is of no use to another.
  bool release() noexcept;
  [[nodiscard]] steady::time_point idle_since() const noexcept { return idle_since_; }

private:
  step fail(error why);
  step lost(const char* phase, int why);
  step after(response_reader::state state);
  [[nodiscard]] std::size_t body_size() const noexcept;
  [[nodiscard]] result<void> compose(const plain_target& target, std::string_view agent);

  const int socket_;
  const std::string origin_;
  exchange* running_ = nullptr;
  std::string head_;
  std::size_t sent_ = 0;
  int send_error_ = 0;
  bool used_before_ = false;
  bool heard_ = false; ///< something of this response
  bool whole_ = false;
  response_reader reader_;
  error failure_;
  steady::time_point idle_since_;
};

} // namespace flipsync::http
