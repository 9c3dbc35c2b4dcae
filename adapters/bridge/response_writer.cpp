#include "adapters/bridge/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/bridge/http_date.hpp"
#include "adapters/bridge/http_status.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

/// Content-Length is padded to this width, so that it can be filled in behind the body.
constexpr std::size_t length_width = 8;
constexpr std::string_view date_mark = "\r\nDate: ";

} // namespace

void response_writer::append_head(const response_head& head) {
  out_ += "HTTP/1.1 ";
  wire::append_integer(out_, head.status);
  out_.append(" ").append(reason_phrase(head.status));
  out_.append(date_mark).append(http_date_now());
  if (!head.content_type.empty())
    out_.append("\r\nContent-Type: ").append(head.content_type);
  out_.append("\r\nX-Request-Id: ").append(head.request_id).append("\r\n");
  if (!head.traceparent.empty())
    out_.append("Traceparent: ").append(head.traceparent).append("\r\n");
  out_ += "X-Content-Type-Options: nosniff\r\n";
  // Answers are of one moment and one caller, so that no cache is to keep one; files say otherwise.
  if (head.more.find("Cache-Control: ") == std::string_view::npos)
    out_ += "Cache-Control: no-store\r\n";
  out_ += head.headers;
  out_ += head.more;
  if (!head.keep)
    out_ += "Connection: close\r\n";
  else if (!head.http_1_1)
    out_ += "Connection: keep-alive\r\n";
}

std::string& response_writer::begin_body(const response_head& head) {
  append_head(head);
  out_ += "Content-Length: ";
  length_at_ = out_.size();
  out_.append(length_width, ' ').append("\r\n\r\n");
  body_at_ = out_.size();
  return out_;
}

void response_writer::end_body(bool shown) {
  std::array<char, length_width> digits;
  const auto length = out_.size() - body_at_;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
  const auto width = static_cast<std::size_t>(end - digits.data());
  // Right-aligned: blanks before a field's value mean nothing.
  std::copy(digits.data(), end,
            out_.begin() + static_cast<std::ptrdiff_t>(length_at_ + length_width - width));
  if (!shown)
    out_.resize(body_at_);
}

void response_writer::redate() {
  const auto now = http_date_now();
  out_.replace(out_.find(date_mark) + date_mark.size(), now.size(), now);
}

void response_writer::no_body(const response_head& head) {
  append_head(head);
  out_ += "\r\n";
}

void response_writer::begin_stream(const response_head& head) {
  chunked_ = head.http_1_1;
  append_head(head);
  out_ += chunked_ ? "X-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\n";
}

void response_writer::piece(std::string_view text) {
  if (!chunked_) {
    out_ += text;
    return;
  }
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size(), 16).ptr;
  out_.append(digits.data(), end).append("\r\n").append(text).append("\r\n");
}

void response_writer::end_stream() {
  if (chunked_)
    out_ += "0\r\n\r\n";
}

} // namespace flipsync
