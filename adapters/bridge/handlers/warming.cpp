/// Warming: real turns, so that what they read is at hand when customers ask the same.

#include <atomic>

#include "adapters/bridge/bodies.hpp"
#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

/// Runs the messages one after another, each once the one before has ended; ends early when the
/// client leaves. The next is begun on the I/O thread, never from within a turn's last event.
class warming final : public completion,
                      public event_sink,
                      public std::enable_shared_from_this<warming> {
public:
  warming(std::shared_ptr<inbox> to, warming_request wanted)
    : to_{std::move(to)},
      wanted_{std::move(wanted)},
      began_{http_session::clock::now()} {}

  void on_event(const turn_event& event) override {
    if (!is_terminal(event.type))
      return;
    failed_ += event.type == event_type::failed ? 1 : 0;
    cut_off_ = event.reply && event.reply->why.code == errc::cancelled;
    ended_.store(true, std::memory_order_release);
    to_->push(shared_from_this());
  }

  bool ready() override { return ended_.load(std::memory_order_acquire); }

  void answer(http_session& session) override {
    if (next_ < wanted_.messages.size() && !cut_off_ && !session.draining())
      return run_next(session);
    wire::json_object object{session.begin_response(200, "application/json")};
    object.number("ran", next_);
    object.number("failed", failed_);
    object.ms("ms", std::chrono::duration_cast<std::chrono::microseconds>(http_session::clock::now()
                                                                          - began_));
    object.close();
    session.end_response();
  }

  void run_next(http_session& session) {
    turn_request request;
    request.message = wanted_.messages[next_++];
    request.who = wanted_.who;
    request.tenant = tenant_of(session);
    request.request_id = session.request_id();
    request.traceparent = session.traceparent();
    request.kept = false; // nobody asked it: no conversation is to be found of it
    ended_.store(false, std::memory_order_relaxed);
    session.running(session.services().runtime.submit(std::move(request), shared_from_this()));
  }

private:
  std::shared_ptr<inbox> to_;
  warming_request wanted_;
  http_session::clock::time_point began_;
  std::size_t next_ = 0;
  std::size_t failed_ = 0; ///< published by ended_
  bool cut_off_ = false;   ///< likewise: the client has left, or the runtime stops
  std::atomic<bool> ended_{false};
};

void warm(http_session& session) {
  if (session.draining())
    return session.problem(error{errc::shutting_down, "the service is draining"});
  auto wanted = parse_warming(session.request().body);
  if (!wanted)
    return session.problem(wanted.error());
  const auto work = std::make_shared<warming>(session.services().completions, std::move(*wanted));
  session.wait_for(work);
  work->run_next(session);
}

constexpr route table[]{
  {.method = http_method::post,
   .pattern = "/api/v1/cache/warm",
   .summary = "asks a list of messages as real turns, so that the caches know what they read",
   .handle = warm,
   .body = body_kind::json,
   .who = access::operators,
   .request = "WarmingRequest",
   .reply = "Warmed"},
};

} // namespace

std::span<const route> warming_routes() noexcept { return table; }

} // namespace flipsync
