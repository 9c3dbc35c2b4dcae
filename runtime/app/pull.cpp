#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <optional>

#include "config/assemble.hpp"
#include "config/providers.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/progress_line.hpp"

namespace flipsync::app {
namespace {

using std::chrono::milliseconds;

/// A broken download goes on where it was, so trying again costs little.
constexpr int most_attempts = 5;
constexpr milliseconds first_pause{1000};

/// What the client's thread says of one attempt, for the main thread to wait on.
class watched {
public:
  watched() : fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}
  ~watched() { close(fd_); }
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;

  void progress(const fetch_progress& now) {
    const std::lock_guard lock{mutex_};
    now_ = now;
    eventfd_write(fd_, 1);
  }
  void done(result<void> outcome) {
    const std::lock_guard lock{mutex_};
    outcome_ = std::move(outcome);
    eventfd_write(fd_, 1);
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Takes what is new.
  std::pair<fetch_progress, std::optional<result<void>>> take() {
    eventfd_t count = 0;
    static_cast<void>(eventfd_read(fd_, &count));
    const std::lock_guard lock{mutex_};
    return {now_, outcome_};
  }

private:
  int fd_;
  std::mutex mutex_;
  fetch_progress now_;
  std::optional<result<void>> outcome_;
};

/// Shows one model's progress: a bar on a terminal, else a line per step and tenth.
class progress_view {
public:
  explicit progress_view(std::string model) : model_{std::move(model)} {}

  void show(const fetch_progress& now) {
    const auto share = now.total_bytes == 0 ? 0.0
                                            : static_cast<double>(now.done_bytes)
                                                / static_cast<double>(now.total_bytes);
    const auto amount = size_text(now.done_bytes) + " of " + size_text(now.total_bytes);
    const auto step = printable(now.step);
    if (on_terminal_) {
      bar_.show(model_ + " "
                + (now.total_bytes == 0 ? step : progress_text(share, amount + ", " + step)));
      return;
    }
    const auto tenth = static_cast<int>(share * 10);
    if (step == last_step_ && tenth == last_tenth_)
      return;
    last_step_ = step;
    last_tenth_ = tenth;
    std::cerr << model_ << ": " << step << (now.total_bytes == 0 ? std::string{} : ", " + amount)
              << '\n';
  }
  void clear() { bar_.clear(); }

private:
  std::string model_;
  bool on_terminal_ = stderr_is_terminal();
  progress_line bar_;
  std::string last_step_;
  int last_tenth_ = -1;
};

/// True if a signal came before the time was over.
bool interrupted_within(signal_watch& signals, milliseconds pause) {
  pollfd wait{signals.fd(), POLLIN, 0};
  return poll(&wait, 1, static_cast<int>(pause.count())) > 0 && signals.take() != 0;
}

result<void> cancelled() { return error{errc::cancelled, "cancelled; what has come is kept"}; }

/// One attempt; tells by `moved` whether anything came.
result<void> attempt(model_fetcher& fetcher, const std::string& model, signal_watch& signals,
                     progress_view& view, bool& moved) {
  const auto seen = std::make_shared<watched>();
  const auto running = fetcher.fetch(
    model, [seen](const fetch_progress& now) { seen->progress(now); },
    [seen](result<void> outcome) { seen->done(std::move(outcome)); });
  for (;;) {
    pollfd waits[2] = {{signals.fd(), POLLIN, 0}, {seen->fd(), POLLIN, 0}};
    poll(waits, 2, -1);
    if (signals.take() != 0) {
      running->cancel();
      return cancelled();
    }
    const auto [now, outcome] = seen->take();
    if (!now.step.empty()) {
      moved = true;
      view.show(now);
    }
    if (outcome)
      return *outcome;
  }
}

result<void> pull_one(model_fetcher& fetcher, const std::string& model, signal_watch& signals) {
  progress_view view{model};
  auto pause = first_pause;
  bool moved = false;
  for (int number = 1;; ++number) {
    auto outcome = attempt(fetcher, model, signals, view, moved);
    view.clear();
    const auto code = outcome ? errc::none : outcome.error().code;
    const bool may_help = code == errc::provider_unavailable || code == errc::deadline_exceeded;
    // A server that was never there is told at once.
    if (!may_help || !moved || number == most_attempts)
      return outcome;
    std::cerr << "flipsync: " << model << ": " << outcome.error().message << "; again in "
              << pause.count() / 1000 << " s\n";
    if (interrupted_within(signals, pause))
      return cancelled();
    pause *= 2;
  }
}

int complain(const std::string& model, const error& why) {
  std::cerr << "flipsync: " << model << ": " << why.message;
  const auto reason = why.detail("reason");
  if (!reason.empty() && reason != why.message)
    std::cerr << ": " << printable(reason);
  std::cerr << '\n';
  if (why.detail("phase") == "connect")
    std::cerr
      << "flipsync: is the model server running, and its address right? (docs/providers.md)\n";
  // A model that does not exist is a name that cannot be right.
  return why.code == errc::provider_rejected ? exit_wrong_use : exit_code_of(why.code);
}

} // namespace

int pull(const surroundings& here, const pull_arguments& arguments) {
  const auto& values = here.ctx.config.values;
  auto names = arguments.models;
  if (arguments.configured) {
    const auto parts = config::assemble(values);
    if (!parts)
      return report(parts.error());
    for (auto& name : config::fetchable_models(values, parts->agents))
      if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(std::move(name));
  }
  const auto fetcher = config::build_fetcher(values);
  int worst = exit_done;
  for (const auto& name : names) {
    const auto outcome = pull_one(*fetcher, name, here.signals);
    if (!outcome)
      worst = std::max(worst, complain(name, outcome.error()));
    else if (!here.out.write(name + " is there\n"))
      return exit_failed;
    if (!outcome && outcome.error().code == errc::cancelled)
      return exit_failed;
  }
  return worst;
}

} // namespace flipsync::app
