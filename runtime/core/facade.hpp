#pragma once
/// The one door into a runtime. Every transport, the CLI, tests and hosts that embed us use only
/// this header and the value types: no CAF, no socket, no SQL. `runtime/embed` implements it.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/back_office.hpp"
#include "runtime/core/model/direct_request.hpp"
#include "runtime/core/types/agent_status.hpp"
#include "runtime/core/types/turn_event.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

class session;
class turn_cache;
class session_port;
struct session_options;

/// Receives one turn's events, ordered by `seq`, never two at once, from any thread of the runtime.
/// Must not block: copy and hand over. The last call is the terminal event (completed or failed);
/// exactly one comes for every submitted turn. Should not throw either: a sink that has thrown is
/// called no more, and its turn goes on unheard.
class event_sink {
public:
  virtual ~event_sink() = default;
  virtual void on_event(const turn_event& event) = 0;
  /// The answer that is being kept, for a sink that can use the time until that is done. The
  /// terminal event brings the same with its `timings`, which must not be read here; a turn that
  /// ends otherwise does so all the same. At most once, on any thread, beside on_event.
  virtual void on_answer(const turn_reply&) {}
  /// False spares the runtime the events before the terminal one, which are then not sent. Asked
  /// when the turn begins.
  [[nodiscard]] virtual bool wants_steps() const noexcept { return true; }
};

/// A submitted turn. Copyable; thread-safe. Dropping it does not cancel the turn.
class turn {
public:
  /// What a turn's owner can do to it; implemented by the turn guard.
  class control {
  public:
    virtual ~control() = default;
    virtual void cancel(std::string_view reason) = 0;
    [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  };

  turn() = default;
  explicit turn(std::shared_ptr<control> c) : control_{std::move(c)} {}
  /// Ends the turn now with errc::cancelled and stops what it spends; no effect once it has ended.
  void cancel(std::string_view reason = "cancelled by the caller") const {
    if (control_)
      control_->cancel(reason);
  }
  /// The turn's id, empty for a default-constructed turn.
  [[nodiscard]] const std::string& id() const noexcept {
    static const std::string none;
    return control_ ? control_->id() : none;
  }

private:
  std::shared_ptr<control> control_;
};

/// The runtime as its users see it. All members are thread-safe.
class facade {
public:
  virtual ~facade() = default;

  /// Starts one turn; never blocks. A request that is invalid or not admitted still gets its one
  /// terminal event (`failed`), before submit returns.
  virtual turn submit(turn_request request, std::shared_ptr<event_sink> sink) = 0;

  /// Asks one model itself: no agent, no conversation, nothing is stored. Admission, deadline,
  /// events, cancellation and the one terminal event are as of `submit`; the reply's one part is
  /// called "model". Errors beside those of a turn: not_found (no provider serves this model).
  virtual turn generate(direct_request request, std::shared_ptr<event_sink> sink) = 0;
  /// What `generate` may be asked for: each provider's own list, or its configured models where it
  /// does not answer in time. `done` is called once, within `core_settings::model_list_timeout`, on
  /// any thread, possibly before this returns; it must not block.
  virtual void models(std::function<void(std::vector<model_offer>)> done) = 0;
  /// Opens a session for a connection that carries frames (runtime/core/session/session.hpp); the
  /// port is called until the session has been told `closed`. Never blocks. Errors: overloaded,
  /// shutting_down.
  virtual result<std::shared_ptr<session>> open_session(session_options options,
                                                        std::shared_ptr<session_port> port) = 0;

  /// State of every agent, in roster order. `done` is called once, on any thread, possibly before
  /// this returns; it must not block.
  virtual void agents(std::function<void(result<std::vector<agent_status>>)> done) = 0;

  /// Health of the runtime and its components; never calls a model, never blocks.
  [[nodiscard]] virtual health_report health() const = 0;
  /// All metrics as Prometheus text (version 0.0.4).
  [[nodiscard]] virtual std::string metrics_text() const = 0;

  /// Where doors look before they begin a turn; null where nothing is kept. Lives as long as the
  /// facade.
  [[nodiscard]] virtual turn_cache* kept_turns() noexcept { return nullptr; }

  /// What is offered beside turns; null where a facade has only turns. Lives as long as the facade.
  [[nodiscard]] virtual back_office* office() noexcept { return nullptr; }
};

} // namespace flipsync
