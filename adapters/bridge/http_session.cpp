#include "adapters/bridge/http_session.hpp"

#include <algorithm>
#include <utility>

#include "adapters/bridge/http_status.hpp"
#include "adapters/bridge/request_marks.hpp"

namespace flipsync {

namespace {

constexpr std::string_view client_left = "the client disconnected";
/// Pipelined responses are gathered up to here before they are written.
constexpr std::size_t max_gathered = 64 * 1024;

} // namespace

http_session::http_session(session_services& services, session_host& host)
  : services_{services},
    host_{host},
    parser_{services.settings.max_header, services.settings.max_body, services.settings.max_upload},
    since_{clock::now()} {}

http_session::~http_session() {
  drop_upload();
  withdraw();
  if (work_)
    work_->owner = nullptr;
}

std::size_t http_session::on_bytes(std::string_view bytes) {
  std::size_t used = 0;
  while (wants_bytes() && out_.output().size() < max_gathered) {
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
    request_id_ = mint_request_id(services_.id_state);
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
    out_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
    return true;
  }
  // The client waits with its body; whether it will send it after all is not to be known.
  keep_ = false;
  on_request();
  return false;
}

void http_session::answer_preflight() {
  begin_response(200, "text/plain", preflight_headers(match_.allow, request()));
  end_response();
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
  if (phase_ == phase::waiting) {
    if (!work_->sent())
      cancel_work(client_left);
    return;
  }
  drop_upload();
  phase_ = phase::finished;
}

void http_session::withdraw() {
  if (work_)
    work_->withdraw();
}

void http_session::on_lost(std::string_view reason) {
  const bool waited = phase_ == phase::waiting;
  phase_ = phase::finished;
  drop_upload();
  if (!waited)
    return;
  const bool answered = work_->sent();
  work_->owner = nullptr;
  work_.reset();
  services_.metrics.record(match_.number, answered ? 200 : 0, clock::now() - since_);
  if (!eof_ && !answered)
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

} // namespace flipsync
