#pragma once
/// A model provider that does what a test says, when the test's clock says so.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/ports/clock.hpp"
#include "runtime/core/ports/model_provider.hpp"
#include "runtime/core/turn/alarm_queue.hpp"

namespace flipsync::test {

/// What one attempt does.
struct script {
  std::chrono::milliseconds after{0}; ///< from the start until the answer or the error
  std::vector<std::string> tokens;    ///< streamed one by one, evenly over `after`
  std::string text = "an answer";
  std::vector<tool_call> calls; ///< asked for at the end; in a stream each in one piece
  error why;                    ///< set: the attempt fails so, after its tokens
  bool hang = false;            ///< never answers
  token_usage usage{10, 5};
  std::string finish = "stop"; ///< why it stopped, where it asks for no call
  bool tells_usage = false;    ///< an attempt that fails says before what it has used
};

/// Thread-safe. Give it the runtime's clock and alarms before the first turn.
class scripted_provider : public model_provider,
                          public std::enable_shared_from_this<scripted_provider> {
public:
  using playwright = std::function<script(const model_request& request, std::size_t call)>;

  explicit scripted_provider(std::string name, playwright play = {});
  void run_on(std::shared_ptr<clock_port> clock, std::shared_ptr<alarm_queue> alarms);

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const std::string& default_model() const noexcept override { return model_; }
  [[nodiscard]] std::uint32_t keys() const noexcept override { return keys_; }
  /// Before the runtime starts.
  void set_keys(std::uint32_t count) { keys_ = count; }
  [[nodiscard]] std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const override {
    return request.tuning.max_tokens ? request.tuning.max_tokens : own_limit_;
  }
  /// The longest answer that it asks for where nobody limits it. Before the runtime starts.
  void set_own_limit(std::uint32_t tokens) { own_limit_ = tokens; }
  std::shared_ptr<flight_handle> start(const model_request& request,
                                       std::shared_ptr<flight_observer> observer) override;
  void check(std::chrono::milliseconds timeout, std::function<void(result<void>)> done) override;
  void models(std::chrono::milliseconds timeout,
              std::function<void(result<std::vector<std::string>>)> done) override;

  [[nodiscard]] std::vector<model_request> requests() const;
  [[nodiscard]] std::vector<mono_time> started_at() const;
  [[nodiscard]] std::size_t cancelled() const;
  [[nodiscard]] std::size_t running() const;
  [[nodiscard]] std::size_t most_running() const;

private:
  class performance;

  std::string name_;
  std::string model_ = "scripted-1";
  std::uint32_t keys_ = 1;
  std::optional<std::uint32_t> own_limit_;
  playwright play_;
  std::shared_ptr<clock_port> clock_;
  std::shared_ptr<alarm_queue> alarms_;
  mutable std::mutex mutex_;
  std::vector<model_request> requests_;
  std::vector<mono_time> started_at_;
  std::size_t cancelled_ = 0;
  std::size_t running_ = 0;
  std::size_t most_running_ = 0;
};

} // namespace flipsync::test
