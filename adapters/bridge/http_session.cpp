#include "adapters/bridge/http_session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/bridge/error_body.hpp"
#include "adapters/bridge/http_date.hpp"
#include "adapters/bridge/http_status.hpp"
#include "adapters/bridge/media_type.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

constexpr std::string_view client_left = "the client disconnected";
/// Pipelined responses are gathered up to here before they are written.
constexpr std::size_t max_gathered = 64 * 1024;
/// Content-Length is padded to this width, so that it can be filled in behind the body.
constexpr std::size_t length_width = 8;

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// W3C trace context, version 00: 00-<32 hex>-<16 hex>-<2 hex>; later versions may be longer.
bool is_traceparent(std::string_view text) {
  if (text.size() < 55 || (text.size() > 55 && (text[55] != '-' || text.substr(0, 2) == "00")))
    return false;
  if (text.size() > 128 || text.substr(0, 2) == "ff")
    return false;
  for (std::size_t i = 0; i < 55; ++i)
    if (i == 2 || i == 35 || i == 52 ? text[i] != '-' : !is_lower_hex(text[i]))
      return false;
  return std::all_of(text.begin() + 55, text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// What may be echoed in a header and written to a log as it is.
bool is_request_id(std::string_view text) {
  constexpr std::size_t longest = 128;
  return !text.empty() && text.size() <= longest
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '-' || c == '_' || c == '.' || c == ':';
            });
}

error invalid(std::string field, std::string why) {
  return error{errc::invalid_request, std::move(why)}.with("field", std::move(field));
}

std::string mint_id(std::uint64_t& state) {
  // splitmix64: every state once, in an order that looks random.
  state += 0x9e3779b97f4a7c15;
  auto z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  std::string id(16, '0');
  for (auto digit = id.rbegin(); digit != id.rend(); ++digit, z >>= 4)
    *digit = "0123456789abcdef"[z & 0xf];
  return id;
}

} // namespace

http_session::http_session(session_services& services, session_host& host)
  : services_{services},
    host_{host},
    parser_{services.settings.max_header, services.settings.max_body, services.settings.max_upload},
    since_{clock::now()} {}

http_session::~http_session() {
  drop_upload();
  if (work_)
    work_->owner = nullptr;
}

std::size_t http_session::on_bytes(std::string_view bytes) {
  std::size_t used = 0;
  while (wants_bytes() && out_.size() < max_gathered) {
    if (phase_ == phase::idle) {
      // RFC 9112, 2.2: empty lines before a request are to be ignored.
      while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n'))
        ++used;
      if (used == bytes.size())
        break;
      begin_request();
    }
    auto step = parser_.feed(bytes.substr(used));
    used += step.consumed;
    move_body();
    switch (step.what) {
    case http_parser::outcome::more:
      return used;
    case http_parser::outcome::header:
      phase_ = phase::body;
      if (!on_header())
        return used;
      break;
    case http_parser::outcome::done:
      on_request();
      break;
    case http_parser::outcome::failed:
      fail_reading(step.status, std::move(step.why));
      return used;
    }
  }
  return used;
}

void http_session::begin_request() {
  parser_.reset();
  phase_ = phase::header;
  keep_ = true;
  match_ = {};
  query_ = {};
  refusal_.reset();
  sender_.key.reset();
  more_headers_.clear();
  request_id_.clear();
  fresh_ = false;
  since_ = clock::now();
}

void http_session::take_ids() {
  if (is_request_id(request().request_id))
    request_id_ = request().request_id;
  else
    request_id_ = mint_id(services_.id_state);
}

std::string_view http_session::traceparent() const noexcept {
  return is_traceparent(request().traceparent) ? std::string_view{request().traceparent}
                                               : std::string_view{};
}

bool http_session::on_header() {
  take_ids();
  keep_ = request().keep_alive && !eof_;
  refusal_ = check_header();
  if (too_large()) {
    fail_reading(413, "the body is too large");
    return false;
  }
  if (takes_upload()) {
    parser_.expect_upload();
    match_.found->handle(*this);
  }
  if (!request().expects_continue || !request().http_1_1)
    return true;
  if (!refusal_) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    return true;
  }
  // The client waits with its body; whether it will send it after all is not to be known.
  keep_ = false;
  on_request();
  return false;
}

std::optional<refusal> http_session::check_header() {
  const auto& r = request();
  if (r.http_1_1 ? r.hosts != 1 : r.hosts > 1)
    return refusal{400, invalid("host", "HTTP/1.1 needs exactly one Host header"), {}};
  if (r.unknown_expectation)
    return refusal{417, invalid("expect", "only Expect: 100-continue is known"), {}};
  more_headers_ = cors_headers(services_.gate.origins(), r);
  if (auto strange = check_call(services_.gate.origins(), r))
    return strange;
  match_ = match_route(r.method, r.target);
  if (match_.found == nullptr && !match_.allow.empty() && is_preflight(services_.gate.origins(), r))
    return std::nullopt;
  if (match_.found == nullptr && !match_.allow.empty())
    return refusal{405, invalid("method", "this route takes " + std::string{match_.allow}),
                   "Allow: " + std::string{match_.allow} + "\r\n"};
  if (match_.found == nullptr)
    return refusal{404, error{errc::not_found, "there is no such route, GET / lists all"}, {}};
  if (auto refused = check_access())
    return refused;
  if (auto bad = read_query())
    return refusal{400, std::move(*bad), {}};
  if (const auto asked = query_.text("audience"); asked && match_.found->who != access::open)
    if (auto refused = check_audience(sender_, parse_audience(*asked)))
      return refused;
  return check_body();
}

std::optional<refusal> http_session::check_access() {
  const auto& wanted = *match_.found;
  if (wanted.who == access::open)
    return std::nullopt;
  const auto& r = request();
  auto key = services_.gate.identify({r.authorization, r.api_key});
  if (!key)
    return unknown_sender(key.error());
  sender_.key = *std::move(key);
  if (sender_.address.empty() && services_.gate.counts_addresses())
    sender_.address = host_.peer();
  return check_sender(services_.gate, wanted, sender_, since_);
}

void http_session::answer_preflight() {
  begin_response(200, "text/plain", preflight_headers(match_.allow));
  end_response();
}

std::optional<error> http_session::read_query() {
  const auto& declared = match_.found->query;
  if (match_.found->any_query || (match_.query.empty() && declared.empty()))
    return std::nullopt;
  auto values = query_values::parse(match_.query, declared);
  if (!values)
    return values.error();
  query_ = std::move(*values);
  return std::nullopt;
}

std::optional<refusal> http_session::check_body() const {
  const auto& r = request();
  if (match_.found->body != body_kind::json)
    return std::nullopt;
  if (!is_json(r.content_type))
    return refusal{415,
                   invalid("content-type", "the body must be JSON: content-type: application/json"),
                   "Accept: application/json\r\n"};
  if (!r.content_encoding.empty() && r.content_encoding != "identity")
    return refusal{415, invalid("content-encoding", "the body must not be compressed"),
                   "Accept-Encoding: identity\r\n"};
  return std::nullopt;
}

bool http_session::too_large() const {
  const auto& limits = services_.settings;
  return request().content_length > (takes_upload() ? limits.max_upload : limits.max_body);
}

bool http_session::takes_upload() const noexcept {
  return !refusal_ && match_.found != nullptr && match_.found->body == body_kind::upload;
}

void http_session::receive(std::shared_ptr<upload> into, std::shared_ptr<completion> work) {
  upload_ = std::move(into);
  work_ = std::move(work);
  work_->owner = this;
  heard_ = clock::now();
}

void http_session::refuse_body(error why) {
  const auto status = http_status(why.code);
  refusal_ = refusal{status, std::move(why), {}};
}

void http_session::move_body() {
  if (phase_ != phase::body || match_.found == nullptr || match_.found->body != body_kind::upload
      || request().body.empty())
    return;
  if (upload_)
    held_back_ = !upload_->add(request().body);
  heard_ = clock::now();
  parser_.drop_body();
}

void http_session::drop_upload() {
  held_back_ = false;
  if (upload_)
    std::exchange(upload_, nullptr)->abandon();
}

void http_session::on_request() {
  if (!refusal_ && upload_) {
    held_back_ = false;
    phase_ = phase::waiting;
    return upload_->finish();
  }
  if (refusal_)
    return problem_with_status(refusal_->status, refusal_->why, refusal_->extra_header);
  if (match_.found == nullptr)
    return answer_preflight();
  match_.found->handle(*this);
}

void http_session::fail_reading(int status, std::string why) {
  if (request_id_.empty())
    take_ids();
  keep_ = false;
  drop_upload();
  const auto code = status == 408 ? errc::deadline_exceeded : errc::invalid_request;
  auto what = error{code, std::move(why)};
  if (status == 413)
    what.with("field", "body");
  problem_with_status(status, what);
}

void http_session::on_stuck() {
  fail_reading(400, "malformed HTTP: a line of the body's framing is too long");
}

void http_session::refuse() {
  begin_request();
  take_ids();
  keep_ = false;
  services_.metrics.refused.add();
  problem(error{errc::overloaded, "too many connections are open"}.with_retry_after(
    std::chrono::seconds{1}));
}

void http_session::wait_for(std::shared_ptr<completion> work) {
  if (work_)
    work_->owner = nullptr; // what it asked for led to more work
  work_ = std::move(work);
  work_->owner = this;
  phase_ = phase::waiting;
}

void http_session::upgrade(websocket_upgrade to) {
  upgrade_ = std::make_unique<websocket_upgrade>(std::move(to));
  phase_ = phase::upgraded;
}

websocket_upgrade http_session::take_upgrade() {
  services_.metrics.record(match_.number, 101, clock::now() - since_);
  phase_ = phase::finished;
  return std::move(*upgrade_);
}

void http_session::advance() {
  if (phase_ != phase::waiting || !work_->ready())
    return;
  const auto work = work_; // the answer may let go of it
  work->answer(*this);
}

void http_session::on_completion(completion& work) {
  held_back_ = false;
  if (!work.hopeless())
    return host_.pump();
  services_.metrics.slow_readers.add();
  host_.abort();
}

void http_session::cancel_work(std::string_view reason) {
  if (turn_.id().empty())
    return;
  services_.metrics.disconnects.add();
  // Copied, since the cancelled turn's last event may come from within.
  const auto cancelled = turn_;
  cancelled.cancel(reason);
}

void http_session::stop_work(std::string_view reason) {
  const auto cancelled = turn_;
  cancelled.cancel(reason);
}

void http_session::on_eof() {
  eof_ = true;
  keep_ = false;
  if (phase_ == phase::waiting)
    return cancel_work(client_left);
  drop_upload();
  phase_ = phase::finished;
}

void http_session::on_lost(std::string_view reason) {
  const bool waited = phase_ == phase::waiting;
  phase_ = phase::finished;
  drop_upload();
  if (!waited)
    return;
  work_->owner = nullptr;
  work_.reset();
  services_.metrics.record(match_.number, 0, clock::now() - since_);
  if (!eof_)
    cancel_work(reason.empty() ? client_left : reason);
}

void http_session::on_tick(clock::time_point now) {
  const auto& limits = services_.settings;
  const auto quiet = now - since_;
  switch (phase_) {
  case phase::header:
  case phase::body:
    if (upload_
          ? !held_back_ && (now - heard_ > limits.request_timeout || quiet > limits.upload_timeout)
          : quiet > limits.request_timeout) {
      fail_reading(408, "the request did not arrive in time");
      host_.pump();
    }
    return;
  case phase::idle:
    if (quiet > (fresh_ ? limits.request_timeout : limits.idle_timeout)) {
      phase_ = phase::finished;
      host_.pump();
    }
    return;
  case phase::waiting:
    if (streaming_ && now - spoke_ > limits.heartbeat) {
      stream_piece(": still here\n\n");
      host_.pump();
    }
    return;
  case phase::upgraded:
  case phase::finished:
    return;
  }
}

void http_session::append_head(int status, std::string_view content_type,
                               std::string_view extra_header) {
  if (services_.draining.load(std::memory_order_relaxed))
    keep_ = false;
  status_ = status;
  out_ += "HTTP/1.1 ";
  wire::append_integer(out_, status);
  out_.append(" ").append(reason_phrase(status));
  out_.append("\r\nDate: ").append(http_date_now());
  if (!content_type.empty())
    out_.append("\r\nContent-Type: ").append(content_type);
  out_.append("\r\nX-Request-Id: ").append(request_id_).append("\r\n");
  if (const auto trace = traceparent(); !trace.empty())
    out_.append("Traceparent: ").append(trace).append("\r\n");
  out_ += "X-Content-Type-Options: nosniff\r\n";
  // Answers are of one moment and one caller, so that no cache is to keep one; files say otherwise.
  if (extra_header.find("Cache-Control: ") == std::string_view::npos)
    out_ += "Cache-Control: no-store\r\n";
  out_ += more_headers_;
  out_ += extra_header;
  if (!keep_)
    out_ += "Connection: close\r\n";
  else if (!request().http_1_1)
    out_ += "Connection: keep-alive\r\n";
}

std::string& http_session::begin_response(int status, std::string_view content_type,
                                          std::string_view extra_header) {
  append_head(status, content_type, extra_header);
  out_ += "Content-Length: ";
  length_at_ = out_.size();
  out_.append(length_width, ' ').append("\r\n\r\n");
  body_at_ = out_.size();
  return out_;
}

void http_session::end_response() {
  std::array<char, length_width> digits;
  const auto length = out_.size() - body_at_;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
  const auto width = static_cast<std::size_t>(end - digits.data());
  // Right-aligned: blanks before a field's value mean nothing.
  std::copy(digits.data(), end,
            out_.begin() + static_cast<std::ptrdiff_t>(length_at_ + length_width - width));
  // Both tell the length of a body that they do not send (RFC 9110, 8.6).
  if (request().method == http_method::head || status_ == 304)
    out_.resize(body_at_);
  finish_request();
}

void http_session::problem_with_status(int status, const error& why, std::string_view extra_header,
                                       const turn_reply* failed) {
  if (status == 0)
    status = http_status(why.code);
  std::string headers{extra_header};
  if (wants_retry_after(status)) {
    const auto wait = why.retry_after.value_or(std::chrono::seconds{1});
    const auto whole =
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count(), 1);
    headers += "Retry-After: " + std::to_string(whole) + "\r\n";
  }
  const auto form = match_.found != nullptr ? match_.found->errors : dialect_of(request().target);
  auto& body = begin_response(status, content_type_of(form), headers);
  append_error(body, form, why, status, request_id_, failed);
  end_response();
}

void http_session::no_content() {
  append_head(204, {}, {});
  out_ += "\r\n";
  finish_request();
}

void http_session::begin_stream() {
  streaming_ = true;
  std::string_view framing = "X-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n";
  if (!request().http_1_1) {
    framing = {};
    keep_ = false; // only the connection's end tells an HTTP/1.0 client that this is all
  }
  append_head(200, "text/event-stream", framing);
  out_ += "\r\n";
  spoke_ = clock::now();
}

void http_session::stream_piece(std::string_view piece) {
  spoke_ = clock::now();
  if (!request().http_1_1) {
    out_ += piece;
    return;
  }
  std::array<char, 16> digits;
  const auto end =
    std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
  out_.append(digits.data(), end).append("\r\n").append(piece).append("\r\n");
}

void http_session::end_stream() {
  if (request().http_1_1)
    out_ += "0\r\n\r\n";
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
