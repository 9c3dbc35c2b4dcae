#include "adapters/http_client/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>

#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/gzip_decoder.hpp"

namespace flipsync::http {

namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::string_view;

std::string_view view(string_view text) noexcept { return {text.data(), text.size()}; }

} // namespace

class response_reader::parser final : public beast::http::basic_parser<false> {
public:
  parser(exchange& to, bool bodiless) : to_{to} {
    eager(true);
    skip(bodiless);
    header_limit(max_head_bytes);
    body_limit(boost::none); // the exchange counts what it takes
  }

  [[nodiscard]] bool interim() const noexcept { return status_ >= 100 && status_ < 200; }
  [[nodiscard]] const char* broken() const noexcept { return broken_; }

private:
  using field = beast::http::field;

  static void stop_if(bool stopped, error_code& ec) {
    if (stopped)
      ec = boost::asio::error::operation_aborted;
  }

  void on_request_impl(beast::http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code& ec) override {
    status_ = code;
    stop_if(!to_.head_begins(code), ec);
  }
  void on_field_impl(field known, string_view name, string_view value, error_code& ec) override {
    if (known == field::content_encoding && !beast::iequals(value, "identity"))
      encoding_ = view(value);
    stop_if(!to_.header(view(name), view(value)), ec);
  }
  void on_header_impl(error_code& ec) override {
    if (beast::iequals(encoding_, "gzip") || beast::iequals(encoding_, "x-gzip"))
      packed_.emplace();
    else if (!encoding_.empty())
      return break_off("the body's encoding was not asked for", ec);
    stop_if(!to_.head_ends(), ec);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code& ec) override {
    take(view(body), ec);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override {
    take(view(body), ec);
    return body.size();
  }
  void on_finish_impl(error_code& ec) override {
    if (packed_ && unpacking_ && !packed_->complete())
      break_off("the body's gzip encoding is cut", ec);
  }

  void take(std::string_view body, error_code& ec) {
    if (!packed_)
      return stop_if(!to_.body_bytes(body), ec);
    unpacking_ = true;
    switch (packed_->feed(body, [this](std::string_view each) { return to_.body_bytes(each); })) {
    case gzip_decoder::outcome::good:
      return;
    case gzip_decoder::outcome::broken:
      return break_off("the body's gzip encoding is broken", ec);
    case gzip_decoder::outcome::stopped:
      return stop_if(true, ec);
    }
  }
  void break_off(const char* why, error_code& ec) {
    broken_ = why;
    stop_if(true, ec);
  }

  exchange& to_;
  int status_ = 0;
  std::string encoding_;
  std::optional<gzip_decoder> packed_;
  bool unpacking_ = false;
  const char* broken_ = nullptr;
};

response_reader::response_reader() = default;
response_reader::~response_reader() = default;

void response_reader::begin(exchange& to, bool bodiless) {
  to_ = &to;
  bodiless_ = bodiless;
  parser_ = std::make_unique<parser>(to, bodiless);
  kept_.clear();
  surplus_ = false;
}

response_reader::state response_reader::fail(const error& why) {
  failure_ = to_->stopped().code != errc::none ? to_->stopped() : why;
  return state::failed;
}

response_reader::state response_reader::broken(const std::string& reason) {
  return fail(error{errc::malformed_reply, "the server's answer breaks the protocol"}
                .with("phase", std::string{to_->failure_phase()})
                .with("reason", reason));
}

response_reader::state response_reader::read(std::string_view bytes) {
  if (!to_->heard())
    return fail(error{errc::cancelled, "the exchange was taken back"});
  const bool joined = !kept_.empty();
  if (joined)
    bytes = kept_.append(bytes);
  // Beast takes the begin of a last chunk for a second time only with its two line ends.
  constexpr std::size_t shortest_end = 5; // "0\r\n\r\n"
  const bool too_few =
    joined && parser_->is_header_done() && parser_->chunked() && bytes.size() < shortest_end;
  while (!bytes.empty() && !too_few) {
    error_code ec;
    const auto used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    bytes.remove_prefix(used);
    if (ec == beast::http::error::need_more)
      break;
    if (ec)
      return broken(parser_->broken() != nullptr ? parser_->broken() : ec.message());
    if (parser_->is_done()) {
      if (!parser_->interim()) {
        surplus_ = !bytes.empty();
        return state::whole;
      }
      parser_ = std::make_unique<parser>(*to_, bodiless_);
    } else if (used == 0) {
      break;
    }
  }
  if (bytes.size() > max_head_bytes)
    return broken("a chunk's header is too large");
  if (joined)
    kept_.erase(0, kept_.size() - bytes.size());
  else
    kept_.assign(bytes);
  return state::more;
}

response_reader::state response_reader::end_of_input() {
  error_code ec = beast::http::error::partial_message;
  if (parser_->got_some() && kept_.empty()) {
    ec = {};
    parser_->put_eof(ec);
  }
  if (!ec && !parser_->interim())
    return state::whole;
  if (parser_->broken() != nullptr)
    return broken(parser_->broken());
  return fail(error{errc::provider_unavailable, "the exchange with the server failed"}
                .with("phase", std::string{to_->failure_phase()})
                .with("reason", "the server closed the connection"));
}

bool response_reader::keeps() const noexcept { return !surplus_ && parser_->keep_alive(); }

} // namespace flipsync::http
