#include "adapters/bridge/handlers/turn_series.hpp"

#include "adapters/bridge/handlers/caller.hpp"

namespace flipsync {

namespace {

error draining() { return error{errc::shutting_down, "the service is draining"}; }

void append_reason(std::string& out, const error& why) {
  wire::json_object object{out};
  object.text("code", to_string(why.code));
  object.text("detail", why.message);
  object.close();
}

/// How many, and where there are any, why.
void append_failures(wire::json_object& to, const std::map<errc, std::size_t>& failures) {
  std::size_t all = 0;
  for (const auto& [code, count] : failures)
    all += count;
  to.number("failed", all);
  if (failures.empty())
    return;
  wire::json_object reasons{to.key("reasons")};
  for (const auto& [code, count] : failures)
    reasons.number(to_string(code), count);
  reasons.close();
}

} // namespace

void turn_series::start(http_session& session, const std::shared_ptr<turn_series>& series) {
  series->to_ = session.services().completions;
  if (session.draining())
    return session.problem(draining());
  // Waited for before it runs, since its last event may come from within submit.
  session.wait_for(series);
  if (const auto begun = series->run_next(session); !begun)
    session.problem(begun.error());
}

void turn_series::on_event(const turn_event& event) {
  if (!is_terminal(event.type))
    return;
  if (event.type == event_type::failed)
    ++failures_[event.reply ? event.reply->why.code : errc::internal];
  if (event.reply) {
    cut_off_ = event.reply->why.code == errc::cancelled;
    ended(*event.reply);
  }
  ended_.store(true, std::memory_order_release);
  to_->push(shared_from_this());
}

void turn_series::answer(http_session& session) {
  error stopped;
  if (session.draining())
    stopped = draining();
  else if (cut_off_)
    stopped = error{errc::cancelled, "a turn was cancelled"};
  else if (ran_ < wanted_) {
    const auto next = run_next(session);
    if (next)
      return;
    stopped = next.error();
  }
  wire::json_object object{session.begin_response(200, "application/json")};
  object.number("ran", ran_);
  append_failures(object, failures_);
  object.ms("ms", took());
  describe(object);
  if (ran_ < wanted_ && stopped.code != errc::none)
    append_reason(object.key("stopped"), stopped);
  object.close();
  session.end_response();
}

std::chrono::microseconds turn_series::took() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(http_session::clock::now() - began_);
}

result<void> turn_series::run_next(http_session& session) {
  auto& services = session.services();
  // The request itself was counted when it came.
  auto pass = services.gate.admit_further(session.sender(), ran_ == 0, http_session::clock::now());
  if (!pass)
    return pass.error();
  auto request = request_of(ran_++);
  request.tenant = tenant_of(session);
  request.request_id = session.request_id();
  request.traceparent = session.traceparent();
  request.kept = false; // nobody asked it: no conversation is to be found of it
  ended_.store(false, std::memory_order_relaxed);
  session.running(services.runtime.submit(std::move(request),
                                          hold_until_end(std::move(*pass), shared_from_this())));
  return {};
}

} // namespace flipsync
