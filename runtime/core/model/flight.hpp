#pragma once
/// One attempt at one provider, from the provider's thread to the turn.

#include <atomic>
#include <memory>
#include <mutex>

#include "runtime/core/actors.hpp"
#include "runtime/core/ports/clock.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

/// Observer of one attempt. Tokens go straight to the turn's guard; the end is mailed to the
/// provider actor, once, whichever comes first: the provider's end or a cancel. Thread-safe.
class flight : public flight_observer, public std::enable_shared_from_this<flight> {
public:
  flight(provider_actor owner, std::uint64_t number, model_call_ptr call, std::string provider,
         std::shared_ptr<clock_port> clock, std::size_t max_bytes);

  void start(model_provider& provider, const model_request& request);
  /// Closes the provider's socket at once. The owner hears of it as errc::cancelled.
  void cancel();

  void on_token(std::string_view text) override;
  void on_tool_call(const tool_call_piece& piece) override;
  void on_finished(result<model_reply> outcome) override;

private:
  /// False where what has come is too much, or comes too late.
  bool take_in(std::size_t bytes);
  void settle(result<model_reply> outcome);

  provider_actor owner_;
  std::uint64_t number_;
  model_call_ptr call_;
  std::string provider_;
  std::string model_; ///< as asked for; set once, before the provider starts
  std::shared_ptr<clock_port> clock_;
  std::size_t max_bytes_;
  mono_time began_;
  std::atomic<bool> settled_ = false;
  std::atomic<bool> tokens_sent_ = false;
  std::atomic<std::int64_t> first_token_us_ = 0;
  std::size_t bytes_ = 0; ///< only the provider's thread
  std::mutex mutex_;
  std::shared_ptr<flight_handle> handle_;
  bool cancelled_ = false;
};

} // namespace flipsync
