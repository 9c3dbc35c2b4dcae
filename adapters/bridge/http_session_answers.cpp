/// How a session answers: heads, bodies, problems and streams.

#include <algorithm>

#include "adapters/bridge/direct_send.hpp"
#include "adapters/bridge/error_body.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/http_status.hpp"

namespace flipsync {

response_head http_session::head(int status, std::string_view content_type,
                                 std::string_view extra_header) {
  if (services_.draining.load(std::memory_order_relaxed))
    keep_ = false;
  status_ = status;
  response_head out;
  out.status = status;
  out.content_type = content_type;
  out.request_id = request_id_;
  out.traceparent = traceparent();
  out.headers = more_headers_;
  out.more = extra_header;
  out.keep = keep_;
  out.http_1_1 = request().http_1_1;
  return out;
}

std::string& http_session::begin_response(int status, std::string_view content_type,
                                          std::string_view extra_header) {
  return out_.begin_body(head(status, content_type, extra_header));
}

void http_session::end_response() {
  // Both tell the length of a body that they do not send (RFC 9110, 8.6).
  out_.end_body(request().method != http_method::head && status_ != 304);
  finish_request();
}

void http_session::lend_socket(direct_send& to) {
  const int socket = host_.free_socket();
  if (socket >= 0 && out_.output().empty())
    to.open(socket, head(200, "application/json", {}), services_.draining);
}

void http_session::answered(int status, std::string_view unsent) {
  status_ = status;
  out_.output() += unsent;
  finish_request();
}

void http_session::problem_with_status(int status, const error& why, std::string_view extra_header,
                                       const turn_reply* failed) {
  if (status == 0)
    status = http_status(why.code);
  std::string headers{extra_header};
  // What waiting does not cure has no such time, unless it is known.
  if (wants_retry_after(status) && (why.retry_after || retryable(why.code))) {
    const auto wait = why.retry_after.value_or(std::chrono::seconds{1});
    const auto whole =
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count(), 1);
    headers += "Retry-After: " + std::to_string(whole) + "\r\n";
  }
  const auto form = match_.found != nullptr ? match_.found->errors : dialect_of(request().target);
  auto& body = begin_response(status, content_type_of(form), headers);
  append_error(body, form, why, status, request_id_, failed, costs());
  end_response();
}

void http_session::no_content() {
  out_.no_body(head(204, {}, {}));
  finish_request();
}

void http_session::begin_stream() {
  streaming_ = true;
  if (!request().http_1_1)
    keep_ = false; // only the connection's end tells an HTTP/1.0 client that this is all
  out_.begin_stream(head(200, "text/event-stream", {}));
  spoke_ = clock::now();
}

void http_session::stream_piece(std::string_view piece) {
  spoke_ = clock::now();
  out_.piece(piece);
}

void http_session::end_stream() {
  out_.end_stream();
  finish_request();
}

void http_session::finish_request() {
  const auto now = clock::now();
  services_.metrics.record(match_.number, status_, now - since_);
  since_ = now;
  streaming_ = false;
  upload_.reset();
  if (work_) {
    work_->owner = nullptr;
    work_.reset();
    turn_ = {};
  }
  phase_ = keep_ ? phase::idle : phase::finished;
}

} // namespace flipsync
