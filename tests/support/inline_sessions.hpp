#pragma once
/// The sessions of a fake facade: the real ones, but run by whoever calls them instead of by an
/// actor, and with time that the test moves. Header-only, no CAF.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/session/session_hub.hpp"
#include "runtime/core/session/session_machine.hpp"

namespace flipsync::testing {

/// Stands still until the test moves it. Thread-safe.
class manual_clock final : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override {
    return mono_time{mono_time::duration{now_.load()}};
  }
  [[nodiscard]] wall_time wall() const noexcept override {
    return wall_time{std::chrono::milliseconds{1'700'000'000'000}};
  }
  void arm(mono_time at, std::function<void()> wake) override {
    const std::lock_guard lock{mutex_};
    alarms_.emplace_back(at, std::move(wake));
  }
  /// Moves on, and rings what has become due, in order.
  void advance(mono_time::duration by) {
    const auto until = now() + by;
    for (;;) {
      std::function<void()> wake;
      {
        const std::lock_guard lock{mutex_};
        auto first = alarms_.begin();
        for (auto at = alarms_.begin(); at != alarms_.end(); ++at)
          if (at->first < first->first)
            first = at;
        if (first == alarms_.end() || first->first > until)
          break;
        if (first->first > now())
          now_.store(first->first.time_since_epoch().count());
        wake = std::move(first->second);
        alarms_.erase(first);
      }
      wake();
    }
    now_.store(until.time_since_epoch().count());
  }

private:
  std::atomic<mono_time::duration::rep> now_{
    std::chrono::nanoseconds{std::chrono::hours{1}}.count()};
  std::mutex mutex_;
  std::vector<std::pair<mono_time, std::function<void()>>> alarms_;
};

class inline_sessions {
public:
  inline_sessions() = default;
  /// As a runtime does at its end: sessions, held turns and alarms hold on to one another till
  /// then.
  ~inline_sessions() {
    if (hub_)
      hub_->stop();
    alarms_->close();
  }
  inline_sessions(const inline_sessions&) = delete;
  inline_sessions& operator=(const inline_sessions&) = delete;

  /// Before the first session is opened.
  session_settings settings;
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<change_bell> agents_bell = std::make_shared<change_bell>();

  session_hub& hub() {
    const std::lock_guard lock{mutex_};
    if (!hub_)
      hub_ =
        std::make_shared<session_hub>(session_hub::parts{settings, clock, alarms_, agents_bell});
    return *hub_;
  }

  result<std::shared_ptr<session>> open(facade& behind, session_options options,
                                        std::shared_ptr<session_port> port) {
    auto opened = hub().open(std::move(options), std::move(port),
                             [&](const std::shared_ptr<live_session>& fresh) {
                               return std::make_unique<inline_runner>(
                                 fresh, std::make_shared<backend>(behind, clock), hub_->feeds());
                             });
    if (!opened)
      return opened.error();
    return std::shared_ptr<session>{std::move(*opened)};
  }

private:
  class backend final : public session_backend {
  public:
    backend(facade& behind, std::shared_ptr<manual_clock> clock)
      : behind_{behind},
        clock_{std::move(clock)} {}
    turn submit(turn_request request, std::shared_ptr<event_sink> sink) override {
      return behind_.submit(std::move(request), std::move(sink));
    }
    void agents(std::function<void(result<std::vector<agent_status>>)> done) override {
      behind_.agents(std::move(done));
    }
    std::string new_conversation() override { return "conv_minted"; }
    [[nodiscard]] wall_time wall() const override { return clock_->wall(); }

  private:
    facade& behind_;
    std::shared_ptr<manual_clock> clock_;
  };

  class inline_runner final : public session_runner {
  public:
    inline_runner(const std::shared_ptr<live_session>& session,
                  std::shared_ptr<session_backend> backend, std::shared_ptr<session_feeds> feeds)
      : session_{session},
        backend_{std::move(backend)},
        feeds_{std::move(feeds)},
        machine_{std::make_unique<session_machine>(session, backend_, feeds_)} {}

    void frame(std::string text) override {
      const std::lock_guard lock{mutex_};
      if (!machine_)
        return;
      machine_->on_frame(text);
      if (const auto session = session_.lock())
        session->frame_done();
    }
    void agents_changed() override {
      backend_->agents([this](result<std::vector<agent_status>> found) {
        const std::lock_guard lock{mutex_};
        if (machine_ && found)
          machine_->on_agents(*found);
      });
    }
    void stop() override {
      const std::lock_guard lock{mutex_};
      if (const auto session = session_.lock())
        feeds_->subscribe(session, false, false);
      machine_.reset();
    }

  private:
    std::weak_ptr<live_session> session_;
    std::shared_ptr<session_backend> backend_;
    std::shared_ptr<session_feeds> feeds_;
    std::recursive_mutex mutex_;
    std::unique_ptr<session_machine> machine_;
  };

  std::mutex mutex_;
  std::shared_ptr<alarm_queue> alarms_ = std::make_shared<alarm_queue>(clock);
  std::shared_ptr<session_hub> hub_;
};

} // namespace flipsync::testing
