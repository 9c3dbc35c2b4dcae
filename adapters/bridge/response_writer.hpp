#pragma once
/// Responses as bytes: head, body of a length that is known only behind it, chunks. Knows no
/// request and no socket.

#include <cstddef>
#include <string>
#include <string_view>

namespace flipsync {

/// What stands in a response's head beside the body's length.
struct response_head {
  int status = 200;
  std::string_view content_type; ///< empty: none
  std::string_view request_id;
  std::string_view traceparent; ///< empty: none
  std::string_view headers;     ///< whole lines
  std::string_view more;        ///< further whole lines
  bool keep = true;             ///< the connection goes on
  bool http_1_1 = true;         ///< so does the client speak
};

/// One response after another, appended to what a connection is to send.
class response_writer {
public:
  /// What is to be sent; whoever has sent it clears it.
  std::string& output() noexcept { return out_; }
  [[nodiscard]] const std::string& output() const noexcept { return out_; }

  /// A response with a body: the head, then the body by whatever is appended to the string, then
  /// end_body.
  std::string& begin_body(const response_head& head);
  /// Fills in the length. `shown` false takes the body back: its length alone is told.
  void end_body(bool shown);
  /// Has the head of a response that stands alone tell the present time.
  void redate();

  /// A response that ends with its head.
  void no_body(const response_head& head);

  /// A response without a known length. A client of HTTP/1.0 gets it unframed, and knows its end by
  /// the connection's.
  void begin_stream(const response_head& head);
  void piece(std::string_view text);
  void end_stream();

private:
  void append_head(const response_head& head);

  std::string out_;
  std::size_t length_at_ = 0; ///< where in out_ the Content-Length belongs
  std::size_t body_at_ = 0;   ///< where in out_ the body begins
  bool chunked_ = false;
};

} // namespace flipsync
