#include "adapters/http_client/client_loop.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/http_client/curl_errors.hpp"
#include "runtime/core/ports/thread_loan.hpp"

namespace flipsync::http {

client_loop::client_loop(http_client_settings settings)
  : settings_{std::move(settings)},
    sockets_{[this](int socket, int events) { socket_ready(socket, events); }},
    inbox_{std::make_shared<mailbox>([this, bell = sockets_.wake_up()] {
      if (driver_.load(std::memory_order_relaxed) != std::this_thread::get_id())
        return bell->ring();
      mail_came_ = true;
      if (soon_)
        soon_();
    })},
    used_lately_{settings_.keep_used},
    multi_{curl_multi_init()} {
  settings_.max_connections = std::clamp<std::size_t>(settings_.max_connections, 1, 10000);
  CURLM* multi = multi_.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_socket_wish);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_timer_wish);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                    static_cast<long>(settings_.max_connections));
  allow_idle_connections();
}

client_loop::~client_loop() = default;

void client_loop::run() {
  driver_ = std::this_thread::get_id();
  // What is lent runs once all that was ready has been looked at, and before the next wait.
  thread_loan loan{[] {}};
  while (!closing_) {
    const bool work_left = mail_came_ || !loan.free();
    if (sockets_.wait(work_left ? steady::now() : due()))
      mail_came_ = true;
    tend();
    loan.run();
  }
  driver_ = std::thread::id{};
}

void client_loop::move_in(std::function<void()> soon) {
  driver_ = std::this_thread::get_id();
  soon_ = std::move(soon);
}

void client_loop::move_out() noexcept {
  driver_ = std::thread::id{};
  soon_ = nullptr;
}

void client_loop::ready() {
  if (sockets_.wait(steady::now()))
    mail_came_ = true;
  tend();
}

void client_loop::tend() {
  if (std::exchange(mail_came_, false))
    take_mail();
  if (const auto next = due(); next && *next <= steady::now())
    time_has_come();
}

int client_loop::on_socket_wish(CURL*, curl_socket_t socket, int what, void* self, void*) {
  static_cast<client_loop*>(self)->sockets_.want(socket, what);
  return 0;
}

int client_loop::on_timer_wish(CURLM*, long milliseconds, void* self) {
  auto& due = static_cast<client_loop*>(self)->curl_due_;
  if (milliseconds < 0)
    due.reset();
  else
    due = steady::now() + std::chrono::milliseconds{milliseconds};
  return 0;
}

void client_loop::take_mail() {
  inbox_->take(mail_);
  for (auto& fresh : mail_.starts)
    accept(std::move(fresh));
  for (auto& gone : mail_.cancels)
    end(*gone, {});
  mail_.starts.clear();
  mail_.cancels.clear();
  if (std::exchange(mail_.closed, false)) {
    end_all();
    return;
  }
  settle();
}

void client_loop::socket_ready(int socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_.get(), socket, events, &running);
  settle();
}

void client_loop::time_has_come() {
  expire(steady::now());
  settle();
}

void client_loop::settle() {
  if (closing_)
    return;
  do {
    fill_places();
    run_curl_timer();
    reap();
  } while (!waiting_.empty() && active_.size() < settings_.max_connections);
}

void client_loop::run_curl_timer() {
  // libcurl asks for "at once" after each added transfer; one call serves the whole batch.
  if (!curl_due_ || *curl_due_ > steady::now())
    return;
  curl_due_.reset();
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
}

void client_loop::reap() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    char* found = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &found);
    auto& done = *reinterpret_cast<exchange*>(found);
    end(done, outcome_of(done, message->data.result));
  }
}

result<void> client_loop::outcome_of(const exchange& done, CURLcode code) const {
  if (done.stopped().code != errc::none)
    return done.stopped();
  if (code == CURLE_OK)
    return {};
  return error_of(code, done.failure_phase(), done.easy->failure());
}

void client_loop::accept(std::shared_ptr<exchange> fresh) {
  if (fresh->cancelled()) {
    fresh->finish({});
    return;
  }
  if (!multi_) {
    fresh->finish(error{errc::internal, "the HTTP client could not be set up"});
    return;
  }
  if (waiting_.size() >= settings_.max_waiting) {
    fresh->finish(error{errc::overloaded, "too many exchanges wait for a connection"});
    return;
  }
  waiting_.push_back(std::move(fresh));
  auto& entry = *waiting_.back();
  entry.place = std::prev(waiting_.end());
  entry.list_in(deadlines_);
}

void client_loop::fill_places() {
  while (!waiting_.empty() && active_.size() < settings_.max_connections) {
    const auto next = waiting_.front();
    next->enter(phase::connecting);
    active_.splice(active_.end(), waiting_, next->place);
    begin(*next);
  }
}

std::unique_ptr<easy_handle> client_loop::free_easy() {
  if (idle_easies_.empty())
    return make_easy_handle(settings_, sockets_);
  auto easy = std::move(idle_easies_.back());
  idle_easies_.pop_back();
  return easy;
}

void client_loop::begin(exchange& next) {
  auto easy = free_easy();
  if (!easy) {
    end(next, error{errc::internal, "no memory for an exchange"});
    return;
  }
  const auto pointed = point_at(*easy, next);
  next.easy = easy.release();
  if (!pointed) {
    end(next, pointed);
    return;
  }
  used_lately_.saw(active_.size(), steady::now());
  allow_idle_connections();
  if (curl_multi_add_handle(multi_.get(), next.easy->curl.get()) != CURLM_OK)
    end(next, error{errc::internal, "libcurl does not take the exchange"});
}

bool client_loop::still_sending(const exchange& running) const {
  curl_off_t sent = 0;
  return running.where() == phase::first_byte
         && curl_easy_getinfo(running.easy->curl.get(), CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK
         && static_cast<std::size_t>(sent) < running.request().body.size();
}

void client_loop::expire(steady::time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    auto& late = *deadlines_.begin()->second;
    if (late.limit_name() == "first_byte" && still_sending(late))
      late.enter(phase::first_byte); // its time begins when the request is sent
    if (late.deadline() > now)
      late.relist();
    else
      end(late, error{errc::deadline_exceeded, "the server took too long"}.with(
                  "phase", std::string{late.limit_name()}));
  }
}

void client_loop::end(exchange& done, const result<void>& outcome) {
  if (!done.unlist()) // it has ended before: a cancel that came late
    return;
  const auto keep = *done.place;
  if (done.easy != nullptr) {
    // Closes the connection unless the response was whole.
    curl_multi_remove_handle(multi_.get(), done.easy->curl.get());
    idle_easies_.emplace_back(std::exchange(done.easy, nullptr));
  }
  (done.where() == phase::waiting ? waiting_ : active_).erase(done.place);
  allow_idle_connections();
  done.finish(outcome);
}

void client_loop::end_all() {
  closing_ = true;
  const error down{errc::shutting_down, "the HTTP client ends"};
  while (!active_.empty())
    end(*active_.front(), down);
  while (!waiting_.empty())
    end(*waiting_.front(), down);
  for (const auto& late : inbox_->retire().starts)
    late->finish(down);
  idle_easies_.clear();
  multi_.reset();
}

std::optional<steady::time_point> client_loop::due() const {
  auto next = curl_due_;
  if (!deadlines_.empty())
    next = std::min(next.value_or(steady::time_point::max()), deadlines_.begin()->first);
  return next;
}

void client_loop::allow_idle_connections() {
  // Calls come in waves: what one has used is kept for the next.
  // libcurl counts connections in use among those it may keep, and the one that just fell idle.
  const auto most =
    std::max(active_.size() + settings_.max_idle_connections, used_lately_.most() + 1);
  const auto keep = std::max<std::size_t>(2, most) - 1;
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(keep));
}

} // namespace flipsync::http
