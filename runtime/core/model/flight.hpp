#pragma once
/// One attempt at one provider, from the provider's thread to the turn.

#include <atomic>
#include <memory>
#include <mutex>

#include "runtime/core/actors.hpp"
#include "runtime/core/model/attempt_cost.hpp"
#include "runtime/core/ports/model_provider.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

/// Observer of one attempt. Tokens go straight to the turn's guard; the end is mailed to the
/// provider actor, once, whichever comes first: the provider's end, a cancel, or a first token that
/// is late. Thread-safe.
class flight : public flight_observer, public std::enable_shared_from_this<flight> {
public:
  /// `job` is what the owner calls the attempt; `provider` its index.
  flight(provider_actor owner, std::uint64_t job, attempt_order_ptr order,
         std::shared_ptr<const environment> env, std::size_t provider);

  void start(const model_request& request);
  /// Closes the provider's socket at once. The owner hears of it as errc::cancelled.
  void cancel();

  void on_token(std::string_view text) override;
  void on_tool_call(const tool_call_piece& piece) override;
  void on_usage(const token_usage& used) override;
  void on_finished(result<model_reply> outcome) override;

private:
  /// False where what has come is too much, or comes too late.
  bool take_in(std::size_t bytes);
  [[nodiscard]] const provider_entry& entry() const { return env_->providers[provider_]; }
  void watch_first_token();
  void first_token_is_late();
  /// False where another attempt of the call speaks already; then this one has ended.
  bool show(turn_event event);
  bool show_text(std::string_view text);
  bool show_held();
  [[nodiscard]] bool is_outgrown(const model_reply& reply) const noexcept;
  void stop(error why);
  void settle(result<model_reply> outcome);
  [[nodiscard]] usd settle_cost(attempt_usage used, const flight_outcome& report) const;

  provider_actor owner_;
  std::uint64_t job_;
  attempt_order_ptr order_;
  std::shared_ptr<const environment> env_;
  std::size_t provider_;
  mono_time began_;
  std::atomic<bool> settled_ = false;
  std::atomic<bool> tokens_sent_ = false;
  std::atomic<std::int64_t> first_token_us_ = 0;
  std::atomic<std::size_t> bytes_ = 0; ///< written by the provider's thread alone
  std::string held_;                   ///< only the provider's thread: tokens not shown yet
  std::uint32_t held_count_ = 0;
  bool holding_ = false;
  std::mutex mutex_;
  std::shared_ptr<flight_handle> handle_;
  alarm_queue::ticket late_;
  token_usage used_; ///< as far as the provider has said
  bool cancelled_ = false;
};

} // namespace flipsync
