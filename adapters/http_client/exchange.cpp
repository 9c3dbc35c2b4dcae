#include "adapters/http_client/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <string>

#include "adapters/http_client/request_words.hpp"
#include "runtime/core/log.hpp"

namespace flipsync::http {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// The status of "HTTP/1.1 200 OK", 0 where there is none.
int status_of(std::string_view line) noexcept {
  const auto space = line.find(' ');
  if (space == std::string_view::npos)
    return 0;
  const auto digits = trimmed(line.substr(space));
  int status = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

} // namespace

exchange::exchange(exchange_request request, std::shared_ptr<exchange_observer> observer,
                   std::shared_ptr<mailbox> inbox)
  : request_{std::move(request)},
    observer_{std::move(observer)},
    inbox_{std::move(inbox)},
    started_{steady::now()},
    moved_{started_} {}

void exchange::cancel() {
  if (!cancelled_.exchange(true, std::memory_order_acq_rel))
    inbox_->put_cancel(shared_from_this());
}

void exchange::enter(phase p) noexcept {
  phase_ = p;
  moved_ = steady::now();
  // A limit that has moved away is found when the old one is reached.
  if (deadlines_ != nullptr && deadline() < timer_->first)
    relist();
}

void exchange::list_in(deadline_set& all) {
  deadlines_ = &all;
  timer_ = all.emplace(deadline(), this).first;
}

bool exchange::unlist() noexcept {
  if (deadlines_ == nullptr)
    return false;
  std::exchange(deadlines_, nullptr)->erase(timer_);
  return true;
}

void exchange::relist() noexcept {
  auto node = deadlines_->extract(timer_);
  node.value().first = deadline();
  timer_ = deadlines_->insert(std::move(node)).position;
}

steady::time_point exchange::phase_deadline() const noexcept {
  const auto after = [this](std::chrono::milliseconds limit) {
    return limit.count() > 0 ? moved_ + limit : steady::time_point::max();
  };
  switch (phase_) {
  case phase::connecting:
    return after(request_.connect_timeout);
  case phase::first_byte:
    return after(request_.first_byte_timeout);
  case phase::body:
    return after(request_.idle_timeout);
  case phase::waiting:
    break;
  }
  return steady::time_point::max();
}

steady::time_point exchange::deadline() const noexcept {
  return std::min(started_ + request_.total_timeout, phase_deadline());
}

std::string_view exchange::limit_name() const noexcept {
  if (started_ + request_.total_timeout <= phase_deadline())
    return "total";
  if (phase_ == phase::connecting)
    return "connect";
  return phase_ == phase::first_byte ? "first_byte" : "idle";
}

std::string_view exchange::failure_phase() const noexcept {
  if (head_done_)
    return "body";
  return phase_ == phase::first_byte || phase_ == phase::body ? "head" : "connect";
}

bool exchange::stop(errc code, const char* why) noexcept {
  if (stopped_.code == errc::none)
    stopped_ = error{code, why};
  return false;
}

bool exchange::heard() noexcept {
  if (cancelled())
    return false;
  if (phase_ == phase::body)
    moved_ = steady::now();
  else
    enter(phase::body);
  return true;
}

bool exchange::takes_head(std::size_t bytes) noexcept {
  head_bytes_ += bytes;
  return head_bytes_ <= max_head_bytes
         || stop(errc::malformed_reply, "the response's headers are too large");
}

bool exchange::head_begins(int status) noexcept {
  head_.status = status;
  head_.headers.clear();
  return true;
}

bool exchange::header(std::string_view name, std::string_view value) noexcept {
  if (head_done_) // trailers of a chunked body: nobody asked for them
    return true;
  if (!takes_head(name.size() + value.size()))
    return false;
  try {
    head_.headers.emplace_back(lower_case(name), value);
    return true;
  } catch (const std::exception&) {
    return stop(errc::internal, "reading the response's headers failed");
  }
}

bool exchange::head_ends() noexcept {
  if (head_.status >= 100 && head_.status < 200) // interim: the real one follows
    return true;
  head_done_ = true;
  try {
    observer_->on_head(head_);
    return !cancelled();
  } catch (const std::exception&) {
    return stop(errc::internal, "reading the response's headers failed");
  }
}

bool exchange::header_line(std::string_view line) noexcept {
  if (!heard())
    return false;
  if (head_done_)
    return true;
  if (line.substr(0, 5) == "HTTP/")
    return takes_head(line.size()) && head_begins(status_of(line));
  if (trimmed(line).empty())
    return head_ends();
  const auto colon = line.find(':');
  return colon == std::string_view::npos
           ? takes_head(line.size())
           : header(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

bool exchange::body_bytes(std::string_view bytes) noexcept {
  if (cancelled())
    return false;
  moved_ = steady::now();
  body_bytes_ += bytes.size();
  if (body_bytes_ > request_.max_response_bytes) {
    stop(errc::malformed_reply, "the response is larger than allowed");
    stopped_.with("limit", "size");
    return false;
  }
  try {
    if (!observer_->on_chunk(bytes))
      return stop(errc::malformed_reply, "the reader of the response stopped it");
    return !cancelled();
  } catch (const std::exception&) {
    return stop(errc::internal, "the reader of the response failed");
  }
}

void exchange::finish(const result<void>& outcome) noexcept {
  const auto observer = std::exchange(observer_, nullptr);
  try {
    if (observer && !cancelled())
      observer->on_finished(outcome);
  } catch (const std::exception& e) {
    log::error("http_observer_failed", {{"what", e.what()}});
  }
  request_ = {};
  head_ = {};
}

} // namespace flipsync::http
