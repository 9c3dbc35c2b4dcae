#include "adapters/providers/common/http_provider.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "adapters/providers/common/request_rules.hpp"
#include "adapters/providers/common/side_calls.hpp"

namespace flipsync::providers {

namespace {

using steady = std::chrono::steady_clock;

/// Bytes that may follow a reply's end mark before the connection is given up.
constexpr std::size_t max_after_end = 64 * 1024;

/// The caller's end of an attempt. Holds neither decoder nor observer, so that a caller who keeps
/// it keeps nothing else alive.
class flight_control final : public flight_handle {
public:
  void cancel() override {
    if (!leave_running(state::cancelled))
      return;
    std::shared_ptr<exchange_handle> running;
    {
      const std::lock_guard lock{mutex_};
      running = std::move(running_);
    }
    if (running)
      running->cancel();
  }

  /// The exchange may have come to its end, or been cancelled, before its handle was known.
  void attach(std::shared_ptr<exchange_handle> running) {
    const std::lock_guard lock{mutex_};
    if (state_ == state::cancelled)
      running->cancel();
    else if (state_ == state::running)
      running_ = std::move(running);
  }

  [[nodiscard]] bool cancelled() const noexcept { return state_ == state::cancelled; }
  /// True if the outcome may be told: neither cancelled nor told before.
  bool end() noexcept { return leave_running(state::finished); }

private:
  enum class state : std::uint8_t { running, cancelled, finished };

  bool leave_running(state next) noexcept {
    auto expected = state::running;
    return state_.compare_exchange_strong(expected, next);
  }

  std::atomic<state> state_{state::running};
  std::mutex mutex_;
  std::shared_ptr<exchange_handle> running_;
};

/// One attempt, seen from the exchange. All on the exchange's thread.
class flight final : public exchange_observer, private reply_sink {
public:
  flight(std::unique_ptr<reply_decoder> decoder, std::shared_ptr<flight_observer> observer,
         std::shared_ptr<flight_control> control)
    : decoder_{std::move(decoder)},
      observer_{std::move(observer)},
      control_{std::move(control)},
      started_{steady::now()} {}

  void on_head(const exchange_head& head) override { decoder_->head(head); }

  bool on_chunk(std::string_view bytes) override {
    if (ended_)
      return drain(bytes);
    if (control_->cancelled())
      return false;
    const auto state = decoder_->feed(bytes, *this);
    tell_usage();
    if (state == reply_decoder::state::more)
      return true;
    finish({});
    return state == reply_decoder::state::done && decoder_->connection_is_sound();
  }

  void on_finished(const result<void>& outcome) override {
    if (!ended_)
      finish(outcome);
  }

private:
  void text(std::string_view piece) override {
    if (may_tell())
      observer_->on_token(piece);
  }

  void tool_call(const tool_call_piece& piece) override {
    if (may_tell())
      observer_->on_tool_call(piece);
  }

  bool may_tell() {
    if (control_->cancelled())
      return false;
    if (first_token_.count() == 0)
      first_token_ = std::max(std::chrono::microseconds{1}, since_start());
    return true;
  }

  void tell_usage() {
    if (const auto used = decoder_->usage(); used != told_ && !control_->cancelled()) {
      told_ = used;
      observer_->on_usage(used);
    }
  }

  void finish(const result<void>& transport) {
    ended_ = true;
    auto outcome = decoder_->finish(transport, *this);
    tell_usage();
    if (outcome)
      outcome->first_token = first_token_;
    if (control_->end())
      observer_->on_finished(std::move(outcome));
    observer_.reset();
  }

  /// What follows the end mark is read so that the connection can be kept, within reason.
  bool drain(std::string_view bytes) {
    drained_ += bytes.size();
    return drained_ <= max_after_end;
  }

  [[nodiscard]] std::chrono::microseconds since_start() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - started_);
  }

  std::unique_ptr<reply_decoder> decoder_;
  std::shared_ptr<flight_observer> observer_;
  std::shared_ptr<flight_control> control_;
  steady::time_point started_;
  std::chrono::microseconds first_token_{0};
  token_usage told_;
  std::size_t drained_ = 0;
  bool ended_ = false;
};

class http_provider final : public model_provider {
public:
  explicit http_provider(side_desk desk) : desk_{std::move(desk)} {}

  [[nodiscard]] const std::string& name() const noexcept override { return desk_.settings.name; }
  [[nodiscard]] const std::string& default_model() const noexcept override {
    return desk_.settings.default_model;
  }

  [[nodiscard]] std::uint32_t keys() const noexcept override { return desk_.settings.keys(); }

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return desk_.codec->capabilities();
  }

  [[nodiscard]] std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const override {
    return desk_.codec->most_answer_tokens(request);
  }

  std::shared_ptr<flight_handle> start(const model_request& request,
                                       std::shared_ptr<flight_observer> observer) override {
    auto control = std::make_shared<flight_control>();
    if (auto sound = fault_of(request); !sound) {
      control->end();
      observer->on_finished(sound.error().with("provider", desk_.settings.name));
      return control;
    }
    auto attempt =
      std::make_shared<flight>(desk_.codec->decoder(request), std::move(observer), control);
    auto exchange = desk_.codec->encode(request);
    limit(exchange, desk_.settings.timeouts, request.timeout);
    exchange.max_response_bytes = desk_.settings.max_response_bytes;
    control->attach(desk_.http->start(std::move(exchange), std::move(attempt)));
    return control;
  }

  void check(std::chrono::milliseconds timeout, std::function<void(result<void>)> done) override {
    ask_check_any(desk_, timeout, std::move(done));
  }

  void check_key(std::uint32_t key, std::chrono::milliseconds timeout,
                 std::function<void(result<void>)> done) override {
    ask_check(desk_, key, timeout, std::move(done));
  }

  void models(std::chrono::milliseconds timeout,
              std::function<void(result<std::vector<std::string>>)> done) override {
    ask_models(desk_, timeout, std::move(done));
  }

private:
  side_desk desk_;
};

} // namespace

std::shared_ptr<model_provider> make_http_provider(provider_settings settings,
                                                   std::unique_ptr<const provider_codec> codec,
                                                   std::shared_ptr<byte_exchange> http) {
  return std::make_shared<http_provider>(
    side_desk{std::move(settings), std::move(codec), std::move(http)});
}

} // namespace flipsync::providers
