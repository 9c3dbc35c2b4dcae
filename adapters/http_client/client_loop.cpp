#include "adapters/http_client/client_loop.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/http_client/curl_errors.hpp"
#include "adapters/http_client/request_words.hpp"
#include "runtime/core/ports/thread_loan.hpp"

namespace flipsync::http {

client_loop::client_loop(http_client_settings settings)
  : settings_{std::move(settings)},
    agent_{agent_of(settings_)},
    sockets_{[this](int socket, int events) { socket_ready(socket, events); }},
    plain_{sockets_},
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
  allow_idle_connections();
}

client_loop::~client_loop() = default;

void client_loop::run() {
  driver_ = std::this_thread::get_id();
  // What is lent runs once all that was ready has been looked at, and before the next wait.
  thread_loan loan{[] {}};
  while (!closing_) {
    const bool work_left = mail_came_ || loan.has_work();
    if (sockets_.wait(work_left ? steady::now() : due()))
      mail_came_ = true;
    tend();
    loan.asked_has_begun();
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
  if (auto* plain = plain_.find(socket)) {
    plain_ready(*plain, events);
  } else {
    int running = 0;
    curl_multi_socket_action(multi_.get(), socket, events, &running);
  }
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
  if (with_libcurl_ == 0)
    return;
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    char* found = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &found);
    auto& done = *reinterpret_cast<exchange*>(found);
    if (message->data.result == CURLE_OK && done.easy->connects_only)
      connected(done);
    else
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
  used_lately_.saw(active_.size(), steady::now());
  if (const auto& where = plain_target_of_next(next)) {
    begin_plain(next, *where);
    return;
  }
  if (const auto begun = begin_by_libcurl(next, false); !begun)
    end(next, begun);
}

const std::optional<plain_target>& client_loop::plain_target_of_next(const exchange& next) {
  constexpr std::size_t most = 64;
  const auto& url = next.request().url;
  const auto known = targets_.find(url);
  if (known != targets_.end())
    return known->second;
  if (targets_.size() >= most)
    targets_.clear();
  return targets_.emplace(url, settings_.proxy.empty() ? plain_target_of(url) : std::nullopt)
    .first->second;
}

result<void> client_loop::begin_by_libcurl(exchange& next, bool only_connect) {
  auto easy = free_easy();
  if (!easy)
    return error{errc::internal, "no memory for an exchange"};
  next.easy = easy.release();
  ++with_libcurl_;
  allow_idle_connections();
  if (only_connect)
    point_at_connection(*next.easy, next);
  else if (auto pointed = point_at(*next.easy, next); !pointed)
    return pointed;
  if (curl_multi_add_handle(multi_.get(), next.easy->curl.get()) != CURLM_OK)
    return error{errc::internal, "libcurl does not take the exchange"};
  return {};
}

void client_loop::let_go_of_easy(exchange& done) {
  if (done.easy == nullptr)
    return;
  // Closes the connection unless the response was whole.
  curl_multi_remove_handle(multi_.get(), done.easy->curl.get());
  idle_easies_.emplace_back(std::exchange(done.easy, nullptr));
  --with_libcurl_;
}

// --- without TLS --------------------------------------------------------------------------------

void client_loop::begin_plain(exchange& next, const plain_target& where) {
  next.plain = plain_.take_idle(where.origin);
  if (next.plain != nullptr) {
    after(next, next.plain->start(next, where, agent_));
    return;
  }
  auto begun = check_request(next.request());
  if (begun)
    begun = begin_by_libcurl(next, true);
  if (!begun)
    end(next, begun);
}

void client_loop::connected(exchange& next) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(next.easy->curl.get(), CURLINFO_ACTIVESOCKET, &socket);
  // libcurl closes what it has opened: the connection lives on by a number of our own.
  const int own = socket == CURL_SOCKET_BAD ? -1 : sockets_.take_over(socket);
  let_go_of_easy(next);
  if (own < 0) {
    end(next, error{errc::internal, "no descriptor for a connection"});
    return;
  }
  const auto& where = plain_target_of_next(next);
  next.plain = &plain_.add(own, where->origin);
  after(next, next.plain->start(next, *where, agent_));
}

void client_loop::plain_ready(plain_connection& on, int events) {
  if (on.running() == nullptr) { // closed by the server, or it talks unasked
    plain_.close(on);
    return;
  }
  auto& of = *on.running();
  if ((events & CURL_CSELECT_OUT) != 0)
    on.writable();
  after(of, (events & (CURL_CSELECT_IN | CURL_CSELECT_ERR)) != 0 ? on.readable(plain_.room())
                                                                 : plain_connection::step::going);
}

void client_loop::after(exchange& of, plain_connection::step step) {
  auto& on = *of.plain;
  switch (step) {
  case plain_connection::step::going:
    sockets_.want(on.socket(), on.sending() ? CURL_POLL_INOUT : CURL_POLL_IN);
    return;
  case plain_connection::step::whole:
    return end(of, {});
  case plain_connection::step::failed:
    return end(of, on.failure());
  case plain_connection::step::stale:
    break;
  }
  plain_.close(on);
  of.plain = nullptr;
  of.enter(phase::connecting);
  if (const auto begun = begin_by_libcurl(of, true); !begun)
    end(of, begun);
}

// --- ends ---------------------------------------------------------------------------------------

bool client_loop::still_sending(const exchange& running) const {
  if (running.plain != nullptr)
    return running.where() == phase::first_byte && running.plain->sending();
  if (running.easy == nullptr)
    return false;
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
  let_go_of_easy(done);
  if (auto* plain = std::exchange(done.plain, nullptr)) {
    if (plain->release())
      plain_.keep(*plain);
    else
      plain_.close(*plain);
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
  plain_.keep_at_most(0);
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
  const auto in_use = active_.size();
  const auto most = used_lately_.most();
  const auto spare = std::max(settings_.max_idle_connections, most - std::min(in_use, most));
  plain_.keep_at_most(std::min(spare, settings_.max_connections - in_use));

  const auto idle =
    settings_.max_idle_connections - std::min(settings_.max_idle_connections, plain_.idle());
  // libcurl counts connections in use among those it may keep, and the one that just fell idle.
  const auto keep = std::max<std::size_t>(2, std::max(with_libcurl_ + idle, most + 1)) - 1;
  const auto open = std::max(settings_.max_connections, plain_.open() + 1) - plain_.open();
  set_if_new(CURLMOPT_MAXCONNECTS, libcurl_keeps_, keep);
  set_if_new(CURLMOPT_MAX_TOTAL_CONNECTIONS, libcurl_opens_, open);
}

void client_loop::set_if_new(CURLMoption which, std::size_t& set, std::size_t value) {
  if (std::exchange(set, value) != value)
    curl_multi_setopt(multi_.get(), which, static_cast<long>(value));
}

} // namespace flipsync::http
