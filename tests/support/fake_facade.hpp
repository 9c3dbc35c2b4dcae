#pragma once
/// A facade for tests of doors: the test scripts what a turn does. Header-only, no CAF.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/facade.hpp"
#include "tests/support/fake_office.hpp"
#include "tests/support/inline_sessions.hpp"

namespace flipsync::testing {

/// One submitted turn: numbers the events that the test emits, and sees its cancellation. Events
/// may be emitted from any thread, one at a time.
class fake_turn final : public turn::control, public std::enable_shared_from_this<fake_turn> {
public:
  fake_turn(std::string id, turn_request asked, std::shared_ptr<event_sink> sink)
    : request{std::move(asked)},
      id_{std::move(id)},
      sink_{std::move(sink)} {}

  const turn_request request;
  direct_request asked; ///< of a turn that went straight to a model

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }

  void emit_progress(std::chrono::milliseconds elapsed) {
    turn_event event;
    event.elapsed = elapsed;
    send(event_type::progress, std::move(event));
  }

  void emit_call(tool_call_delta piece) {
    turn_event event;
    event.call = std::make_shared<const tool_call_delta>(std::move(piece));
    send(event_type::tool_call, std::move(event));
  }

  void emit(event_type type, std::string text = {}) {
    turn_event event;
    event.text = std::move(text);
    send(type, std::move(event));
  }

  /// The answer is there, and is being kept.
  void announce(std::string message) {
    auto reply = blank();
    reply.message = std::move(message);
    sink_->on_answer(reply);
  }

  void complete(std::string message = "done") {
    auto reply = blank();
    reply.message = std::move(message);
    finish(event_type::completed, std::move(reply));
  }

  void finish(event_type type, turn_reply reply) {
    turn_event event;
    event.reply = std::make_shared<const turn_reply>(std::move(reply));
    send(type, std::move(event));
  }

  void fail(error why) {
    auto reply = blank();
    reply.status = turn_status::failed;
    reply.why = std::move(why);
    finish(event_type::failed, std::move(reply));
  }

  /// As the turn guard does: the first cancellation ends the turn with errc::cancelled.
  void cancel(std::string_view reason) override {
    {
      const std::lock_guard lock{mutex_};
      if (ended_ || cancelled_)
        return;
      cancelled_ = true;
      reason_ = reason;
    }
    changed_.notify_all();
    if (on_cancel)
      on_cancel();
    if (ends_when_cancelled)
      fail(error{errc::cancelled, std::string{reason}});
  }

  /// The reason of the cancellation; throws if none comes.
  std::string wait_cancelled() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{20}, [this] { return cancelled_; }))
      throw std::runtime_error{"the turn was not cancelled"};
    return reason_;
  }

  [[nodiscard]] bool cancelled() const {
    const std::lock_guard lock{mutex_};
    return cancelled_;
  }

  bool ends_when_cancelled = true;
  /// Called by whoever cancels, before the turn ends of it.
  std::function<void()> on_cancel;

private:
  [[nodiscard]] turn_reply blank() const {
    turn_reply reply;
    reply.id = id_;
    reply.conversation_id = request.conversation_id.empty() ? "conv_new" : request.conversation_id;
    reply.agent = "executive";
    return reply;
  }

  void send(event_type type, turn_event event) {
    {
      const std::lock_guard lock{mutex_};
      if (ended_)
        return;
      ended_ = is_terminal(type);
      event.seq = ++seq_;
    }
    event.type = type;
    event.turn = id_;
    event.at = wall_time{std::chrono::milliseconds{1'700'000'000'000}};
    sink_->on_event(event);
  }

  const std::string id_;
  const std::shared_ptr<event_sink> sink_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
  bool ended_ = false;
  std::uint64_t seq_ = 0;
  std::string reason_;
};

class fake_facade final : public facade {
public:
  using script = std::function<void(const std::shared_ptr<fake_turn>&)>;

  /// What a turn does within submit; by default it completes with its message. Set before the first
  /// turn. A turn that it does not end is ended by the test, see next_turn.
  script on_submit = [](const std::shared_ptr<fake_turn>& t) { t->complete(t->request.message); };
  /// What `agents` finds.
  result<std::vector<agent_status>> roster = std::vector<agent_status>{};
  inline_sessions sessions;

  turn submit(turn_request request, std::shared_ptr<event_sink> sink) override {
    std::shared_ptr<fake_turn> fresh;
    const auto valid = validate(request);
    {
      const std::lock_guard lock{mutex_};
      fresh = std::make_shared<fake_turn>("turn_" + std::to_string(++count_), std::move(request),
                                          std::move(sink));
      if (valid)
        waiting_.push_back(fresh);
    }
    if (!valid)
      fresh->fail(valid.error());
    else
      on_submit(fresh);
    submitted_.notify_all();
    return turn{fresh};
  }

  /// As submit; the turn's `asked` is what was asked of the model.
  turn generate(direct_request request, std::shared_ptr<event_sink> sink) override {
    std::shared_ptr<fake_turn> fresh;
    const auto valid = validate(request);
    {
      const std::lock_guard lock{mutex_};
      fresh = std::make_shared<fake_turn>("turn_" + std::to_string(++count_), turn_request{},
                                          std::move(sink));
      fresh->asked = std::move(request);
      if (valid)
        waiting_.push_back(fresh);
    }
    if (!valid)
      fresh->fail(valid.error());
    else
      on_submit(fresh);
    submitted_.notify_all();
    return turn{fresh};
  }

  void models(std::function<void(std::vector<model_offer>)> done) override { done(offers); }
  /// What `models` finds.
  std::vector<model_offer> offers;

  result<std::shared_ptr<session>> open_session(session_options options,
                                                std::shared_ptr<session_port> port) override {
    return sessions.open(*this, std::move(options), std::move(port));
  }

  void agents(std::function<void(result<std::vector<agent_status>>)> done) override {
    done(roster);
  }

  [[nodiscard]] health_report health() const override {
    const std::lock_guard lock{mutex_};
    return health_;
  }
  void set_health(health_report report) {
    const std::lock_guard lock{mutex_};
    health_ = std::move(report);
  }

  /// What is offered beside turns.
  fake_office back;
  [[nodiscard]] back_office* office() noexcept override { return &back; }

  [[nodiscard]] std::string metrics_text() const override {
    return "# HELP fake_up Always 1.\n# TYPE fake_up gauge\nfake_up 1\n";
  }

  /// The oldest submitted turn not yet handed out; throws if none comes.
  std::shared_ptr<fake_turn> next_turn() {
    std::unique_lock lock{mutex_};
    if (!submitted_.wait_for(lock, std::chrono::seconds{20}, [this] { return !waiting_.empty(); }))
      throw std::runtime_error{"no turn was submitted"};
    auto oldest = waiting_.front();
    waiting_.pop_front();
    return oldest;
  }

  /// Turns submitted so far, invalid ones included.
  [[nodiscard]] std::size_t submitted() const {
    const std::lock_guard lock{mutex_};
    return count_;
  }

private:
  static health_report all_up() {
    health_report report;
    report.status = "ok";
    report.ready = true;
    report.version = "0.0.0";
    report.components = {{"agents", "up", "10 of 10"}};
    return report;
  }

  mutable std::mutex mutex_;
  std::condition_variable submitted_;
  std::deque<std::shared_ptr<fake_turn>> waiting_;
  std::size_t count_ = 0;
  health_report health_ = all_up();
};

} // namespace flipsync::testing
