#include "adapters/bridge/http_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>

namespace flipsync {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;

http_method method_of(http::verb verb) {
  switch (verb) {
  case http::verb::get:
    return http_method::get;
  case http::verb::head:
    return http_method::head;
  case http::verb::post:
    return http_method::post;
  case http::verb::put:
    return http_method::put;
  case http::verb::delete_:
    return http_method::delete_;
  case http::verb::options:
    return http_method::options;
  default:
    return http_method::other;
  }
}

/// Beast's parser without its header map: of each request only a few fields are kept, in strings
/// that the next request on the connection uses again.
class message_parser final : public http::basic_parser<true> {
public:
  message_parser(http_request& into, std::size_t max_body) : into_{into}, max_body_{max_body} {}
  void set_max_body(std::size_t bytes) { max_body_ = bytes; }

private:
  void on_request_impl(http::verb method, beast::string_view, beast::string_view target,
                       int version, error_code&) override {
    into_.method = method_of(method);
    into_.target.assign(target.data(), target.size());
    into_.http_1_1 = version == 11;
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  void on_field_impl(http::field name, beast::string_view name_text, beast::string_view value,
                     error_code& why) override {
    // RFC 9110, 6.5.1: what comes behind a body must not act as a header.
    if (behind_header_)
      return;
    switch (name) {
    case http::field::transfer_encoding:
      // RFC 9112, 6.1 and 6.3: of a body whose end is told by anything else, and by an old client's
      // chunks, nobody knows where it ends.
      if (!into_.http_1_1 || !beast::iequals(value, "chunked"))
        why = http::error::bad_transfer_encoding;
      return;
    case http::field::host:
      ++into_.hosts;
      into_.host.assign(value.data(), value.size());
      return;
    case http::field::origin:
      into_.origin.assign(value.data(), value.size());
      return;
    case http::field::authorization:
      into_.authorization.assign(value.data(), value.size());
      return;
    case http::field::access_control_request_method:
      into_.preflight = true;
      return;
    case http::field::access_control_request_headers:
      into_.wanted_headers.assign(value.data(), value.size());
      return;
    case http::field::cache_control:
      into_.cache_control.assign(value.data(), value.size());
      return;
    case http::field::accept:
      into_.accept.assign(value.data(), value.size());
      return;
    case http::field::if_none_match:
      into_.if_none_match.assign(value.data(), value.size());
      return;
    case http::field::content_type:
      into_.content_type.assign(value.data(), value.size());
      return;
    case http::field::content_encoding:
      into_.content_encoding.assign(value.data(), value.size());
      return;
    case http::field::upgrade:
      into_.upgrade.assign(value.data(), value.size());
      return;
    case http::field::sec_websocket_key:
      into_.websocket_key.assign(value.data(), value.size());
      return;
    case http::field::sec_websocket_version:
      into_.websocket_version.assign(value.data(), value.size());
      return;
    case http::field::expect:
      into_.expects_continue = beast::iequals(value, "100-continue");
      into_.unknown_expectation = !into_.expects_continue;
      return;
    case http::field::unknown:
      if (beast::iequals(name_text, "x-request-id"))
        into_.request_id.assign(value.data(), value.size());
      else if (beast::iequals(name_text, "traceparent"))
        into_.traceparent.assign(value.data(), value.size());
      else if (beast::iequals(name_text, "x-api-key"))
        into_.api_key.assign(value.data(), value.size());
      else if (beast::iequals(name_text, "x-flipsync-cache"))
        into_.cache_wish.assign(value.data(), value.size());
      else if (beast::iequals(name_text, "idempotency-key")) {
        into_.has_idempotency_key = true;
        into_.idempotency_key.assign(value.data(), value.size());
      }
      return;
    default:
      return;
    }
  }

  void on_header_impl(error_code&) override { behind_header_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view piece, error_code& why) override {
    return take(piece, why);
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece,
                                 error_code& why) override {
    return take(piece, why);
  }
  void on_finish_impl(error_code&) override {}

  /// Beast's own limit is that of uploads: which one holds is known only after the header.
  std::size_t take(beast::string_view piece, error_code& why) {
    received_ += piece.size();
    if (received_ > max_body_) {
      why = http::error::body_limit;
      return 0;
    }
    into_.body.append(piece.data(), piece.size());
    return piece.size();
  }

  http_request& into_;
  std::size_t max_body_;
  std::uint64_t received_ = 0;
  bool behind_header_ = false; ///< fields to come are trailers
};

/// What stands in the target's place in a line that was not read, as much as has come of it: the
/// form of the refusal depends on it.
std::string_view unread_target(std::string_view line) {
  line = line.substr(0, line.find_first_of("\r\n"));
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos)
    return {};
  line.remove_prefix(blank + 1);
  return line.substr(0, line.find(' '));
}

http_parser::step failure(std::size_t consumed, const error_code& why) {
  if (why == http::error::header_limit)
    return {http_parser::outcome::failed, consumed, 431, "request line and headers are too large"};
  if (why == http::error::body_limit)
    return {http_parser::outcome::failed, consumed, 413, "the body is too large"};
  return {http_parser::outcome::failed, consumed, 400, "malformed HTTP: " + why.message()};
}

} // namespace

void http_request::clear() {
  method = http_method::other;
  http_1_1 = keep_alive = true;
  expects_continue = unknown_expectation = connection_upgrade = false;
  content_length = 0;
  preflight = has_idempotency_key = false;
  hosts = 0;
  for (auto* text :
       {&target, &host, &origin, &wanted_headers, &authorization, &api_key, &idempotency_key,
        &cache_control, &cache_wish, &accept, &if_none_match, &content_type, &content_encoding,
        &request_id, &traceparent, &upgrade, &websocket_key, &websocket_version, &body})
    text->clear();
}

class http_parser::impl {
public:
  impl(std::size_t max_header, std::size_t max_body, std::size_t max_upload)
    : max_header_{max_header},
      max_body_{max_body},
      max_upload_{std::max(max_upload, max_body)} {}

  void reset() {
    request.clear();
    header_bytes_ = 0;
    header_told_ = false;
    unread_ = 0;
    parser_.emplace(request, max_body_);
    parser_->header_limit(static_cast<std::uint32_t>(max_header_));
    parser_->body_limit(max_upload_);
  }

  void expect_upload() { parser_->set_max_body(max_upload_); }

  step feed(std::string_view bytes) { return header_told_ ? feed_body(bytes) : feed_header(bytes); }

  http_request request;

private:
  step feed_header(std::string_view bytes) {
    error_code why;
    const auto consumed = parser_->put({bytes.data(), bytes.size()}, why);
    header_bytes_ += consumed;
    const bool complete = parser_->is_header_done();
    const auto failed_with = [&](const error_code& reason) {
      if (request.target.empty())
        request.target = unread_target(bytes);
      return failure(consumed, reason);
    };
    // Beast limits line and fields one by one, we both together.
    if (header_bytes_ + (complete ? 0 : bytes.size() - consumed) > max_header_)
      return failed_with(http::error::header_limit);
    if (why == http::error::need_more)
      return {outcome::more, consumed, 0, {}};
    if (why)
      return failed_with(why);
    header_told_ = true;
    request.keep_alive = parser_->keep_alive();
    request.connection_upgrade = parser_->upgrade();
    request.content_length = parser_->content_length().value_or(0);
    if (request.content_length > max_upload_)
      return failure(consumed, http::error::body_limit);
    return {outcome::header, consumed, 0, {}};
  }

  step feed_body(std::string_view bytes) {
    std::size_t total = 0;
    while (!parser_->is_done()) {
      const auto rest = bytes.substr(total);
      if (must_wait(rest.size()))
        return {outcome::more, total, 0, {}};
      error_code why;
      const auto consumed = parser_->put({rest.data(), rest.size()}, why);
      total += consumed;
      unread_ = why == http::error::need_more && parser_->chunked() ? rest.size() - consumed : 0;
      // Without bytes some of the parser's states neither advance nor ask for more.
      const bool idle = !why && consumed == 0 && !parser_->is_done();
      if (why == http::error::need_more || idle)
        return {outcome::more, total, 0, {}};
      if (why)
        return failure(total, why);
    }
    return {outcome::done, total, 0, {}};
  }

  /// Beast expects that the header of a last chunk comes back longer than it was, and with at least
  /// its two line ends.
  [[nodiscard]] bool must_wait(std::size_t bytes) const {
    constexpr std::size_t shortest_end = 5; // "0\r\n\r\n"
    return unread_ > 0 && (bytes <= unread_ || bytes < shortest_end);
  }

  std::size_t max_header_;
  std::size_t max_body_;
  std::size_t max_upload_;
  std::size_t unread_ = 0; ///< bytes of a chunk's header that were too few
  std::size_t header_bytes_ = 0;
  bool header_told_ = false;
  std::optional<message_parser> parser_;
};

http_parser::http_parser(std::size_t max_header, std::size_t max_body, std::size_t max_upload)
  : impl_{std::make_unique<impl>(max_header, max_body, max_upload)} {
  impl_->reset();
}

http_parser::~http_parser() = default;

void http_parser::reset() { impl_->reset(); }

void http_parser::expect_upload() { impl_->expect_upload(); }

void http_parser::drop_body() { impl_->request.body.clear(); }

http_parser::step http_parser::feed(std::string_view bytes) { return impl_->feed(bytes); }

const http_request& http_parser::request() const noexcept { return impl_->request; }

} // namespace flipsync
