#include "tests/support/core/scripted_provider.hpp"

#include <algorithm>

namespace flipsync::test {

class scripted_provider::performance : public flight_handle,
                                       public std::enable_shared_from_this<performance> {
public:
  performance(std::shared_ptr<scripted_provider> owner, script play, bool stream,
              std::shared_ptr<flight_observer> observer)
    : owner_{std::move(owner)},
      play_{std::move(play)},
      stream_{stream},
      observer_{std::move(observer)} {}

  void begin() {
    const auto now = owner_->clock_->now();
    const auto steps = static_cast<long>(play_.tokens.size()) + 1;
    for (std::size_t i = 0; i < play_.tokens.size(); ++i)
      at(now + play_.after * (static_cast<long>(i) + 1) / steps,
         [this, i] { observer_->on_token(play_.tokens[i]); });
    if (!play_.hang)
      at(now + play_.after, [this] { finish(); });
  }

  void cancel() override {
    const std::lock_guard lock{owner_->mutex_};
    if (over_)
      return;
    over_ = true;
    ++owner_->cancelled_;
    --owner_->running_;
  }

private:
  void at(mono_time when, std::function<void()> act) {
    owner_->alarms_->set(when, [self = shared_from_this(), act = std::move(act)] {
      {
        const std::lock_guard lock{self->owner_->mutex_};
        if (self->over_)
          return;
      }
      act();
    });
  }

  void finish() {
    {
      const std::lock_guard lock{owner_->mutex_};
      over_ = true;
      --owner_->running_;
    }
    if (play_.why.code != errc::none) {
      if (play_.tells_usage)
        observer_->on_usage(play_.usage);
      return observer_->on_finished(play_.why);
    }
    model_reply reply;
    reply.text = play_.text;
    reply.model = owner_->model_;
    reply.finish_reason = play_.calls.empty() ? play_.finish : "tool_calls";
    reply.tool_calls = play_.calls;
    reply.tokens = play_.usage;
    for (std::uint32_t i = 0; stream_ && i < play_.calls.size(); ++i)
      observer_->on_tool_call(
        {i, play_.calls[i].id, play_.calls[i].name, play_.calls[i].arguments});
    observer_->on_finished(std::move(reply));
  }

  std::shared_ptr<scripted_provider> owner_;
  script play_;
  bool stream_;
  std::shared_ptr<flight_observer> observer_;
  bool over_ = false;
};

scripted_provider::scripted_provider(std::string name, playwright play)
  : name_{std::move(name)},
    play_{std::move(play)} {}

void scripted_provider::run_on(std::shared_ptr<clock_port> clock,
                               std::shared_ptr<alarm_queue> alarms) {
  clock_ = std::move(clock);
  alarms_ = std::move(alarms);
}

std::shared_ptr<flight_handle> scripted_provider::start(const model_request& request,
                                                        std::shared_ptr<flight_observer> observer) {
  std::size_t call = 0;
  {
    const std::lock_guard lock{mutex_};
    call = requests_.size();
    requests_.push_back(request);
    started_at_.push_back(clock_->now());
    ++running_;
    most_running_ = std::max(most_running_, running_);
  }
  auto act =
    std::make_shared<performance>(shared_from_this(), play_ ? play_(request, call) : script{},
                                  request.stream, std::move(observer));
  act->begin();
  return act;
}

void scripted_provider::check(std::chrono::milliseconds, std::function<void(result<void>)> done) {
  done({});
}

void scripted_provider::models(std::chrono::milliseconds,
                               std::function<void(result<std::vector<std::string>>)> done) {
  done(std::vector<std::string>{model_});
}

std::vector<model_request> scripted_provider::requests() const {
  const std::lock_guard lock{mutex_};
  return requests_;
}

std::vector<mono_time> scripted_provider::started_at() const {
  const std::lock_guard lock{mutex_};
  return started_at_;
}

std::size_t scripted_provider::cancelled() const {
  const std::lock_guard lock{mutex_};
  return cancelled_;
}

std::size_t scripted_provider::running() const {
  const std::lock_guard lock{mutex_};
  return running_;
}

std::size_t scripted_provider::most_running() const {
  const std::lock_guard lock{mutex_};
  return most_running_;
}

} // namespace flipsync::test
