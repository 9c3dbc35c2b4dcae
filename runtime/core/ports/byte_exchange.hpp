#pragma once
/// A neutral exchange of bytes with a server: what a model provider needs of an HTTP client, and
/// all it gets to see of one.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync {

struct exchange_request {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers; ///< secrets included: never logged
  std::string body;
  std::chrono::milliseconds connect_timeout{5000};
  /// From the request sent until the first byte of the response's body or headers.
  std::chrono::milliseconds first_byte_timeout{15000};
  /// Longest silence between two reads once bytes flow.
  std::chrono::milliseconds idle_timeout{30000};
  std::chrono::milliseconds total_timeout{30000};
  /// The response's body is cut off beyond this with malformed_reply.
  std::size_t max_response_bytes = 8 * 1024 * 1024;
};

struct exchange_head {
  int status = 0;
  /// Names in lower case, as received otherwise.
  std::vector<std::pair<std::string, std::string>> headers;
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const noexcept;
};

/// Receives one exchange's response. Called on the thread that drives the client, in the order
/// head, chunk*, finished; `finished` exactly once unless the exchange was cancelled (then never
/// after `cancel` returned on that thread; a call already under way on it may still end). Must not
/// block.
class exchange_observer {
public:
  virtual ~exchange_observer() = default;
  virtual void on_head(const exchange_head& head) = 0;
  /// Returns false to stop: the connection is closed and finished(malformed_reply) follows.
  virtual bool on_chunk(std::string_view bytes) = 0;
  /// Ok: the body is whole by the protocol's own rules. Errors: provider_unavailable (refused,
  /// reset, DNS, TLS; `details["phase"]` is connect, send, head or body), deadline_exceeded
  /// (`phase` is connect, first_byte, idle or total), malformed_reply (too large, broken framing),
  /// shutting_down.
  virtual void on_finished(const result<void>& outcome) = 0;
};

/// A running exchange. `cancel` may be called from any thread, at any time, more than once; the
/// socket is closed within 10 ms.
class exchange_handle {
public:
  virtual ~exchange_handle() = default;
  virtual void cancel() = 0;
};

/// Thread-safe; `start` never blocks.
class byte_exchange {
public:
  virtual ~byte_exchange() = default;
  virtual std::shared_ptr<exchange_handle> start(exchange_request request,
                                                 std::shared_ptr<exchange_observer> observer) = 0;
};

} // namespace flipsync
