#pragma once
/// Reads HTTP/1.x requests from bytes, incrementally and within limits. Knows no socket.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace flipsync {

enum class http_method : std::uint8_t { get, head, post, put, delete_, options, other };

/// A request as far as the door looks at it. Views into it live until the next request.
struct http_request {
  http_method method = http_method::other;
  std::string target; ///< as sent; of a line that cannot be read, what stands in its place
  bool http_1_1 = true;
  bool keep_alive = true;
  bool expects_continue = false;
  bool unknown_expectation = false;
  bool connection_upgrade = false;  ///< Connection names upgrade
  bool preflight = false;           ///< has an Access-Control-Request-Method
  bool has_idempotency_key = false; ///< which may be empty
  unsigned hosts = 0;               ///< Host headers seen
  std::string host;
  std::string origin;
  std::string wanted_headers; ///< Access-Control-Request-Headers
  std::string authorization;
  std::string api_key; ///< x-api-key
  std::string idempotency_key;
  std::string cache_control;
  std::string cache_wish; ///< x-flipsync-cache
  std::string accept;
  std::string if_none_match;
  std::uint64_t content_length = 0; ///< 0 where it is not given
  std::string content_type;
  std::string content_encoding;
  std::string request_id;  ///< x-request-id
  std::string traceparent; ///< W3C trace context
  std::string upgrade;
  std::string websocket_key;
  std::string websocket_version;
  std::string body;

  /// Forgets the request and keeps the memory.
  void clear();
};

/// One request after the other: feed until done, then reset.
class http_parser {
public:
  enum class outcome : std::uint8_t {
    more,   ///< everything useful was consumed; feed again with more bytes behind the rest
    header, ///< the header is complete; feed on for the body
    done,
    failed, ///< `status` and `why` say it; the connection cannot go on
  };
  struct step {
    outcome what = outcome::more;
    std::size_t consumed = 0;
    int status = 0;
    std::string why;
  };

  /// Limits in bytes: of request line and headers together, of the body, and of a body that is an
  /// upload.
  http_parser(std::size_t max_header, std::size_t max_body, std::size_t max_upload = 0);
  ~http_parser();
  http_parser(const http_parser&) = delete;
  http_parser& operator=(const http_parser&) = delete;

  /// Begins a new request.
  void reset();
  /// After the header: the body is an upload, and its limit that of uploads.
  void expect_upload();
  /// Lets go of what has come of the body.
  void drop_body();
  step feed(std::string_view bytes);
  [[nodiscard]] const http_request& request() const noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace flipsync
