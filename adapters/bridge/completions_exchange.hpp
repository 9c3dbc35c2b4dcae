#pragma once
/// The event sinks of /v1/chat/completions: one per request, called by the runtime, read by an I/O
/// thread.

#include <mutex>
#include <string>

#include "adapters/bridge/completions/exact_stream.hpp"
#include "adapters/bridge/completions/write_reply.hpp"
#include "adapters/bridge/exchange.hpp"

namespace flipsync {

class completion_keeper;

/// Answers an error in the form of /v1; a retry that cannot help is said to be of no use.
void completions_problem(http_session& session, const error& reason);

/// Waits for the answer as a whole.
class completion_exchange final : public turn_exchange {
public:
  /// `keeper` may be null.
  completion_exchange(std::shared_ptr<inbox> to, std::string model,
                      std::shared_ptr<const completion_keeper> keeper)
    : turn_exchange{std::move(to)},
      model_{std::move(model)},
      keeper_{std::move(keeper)} {}

  void on_event(const turn_event& event) override;

private:
  void append_start(std::string&, const turn_reply&) const override {}
  void append_end(std::string& out, const turn_reply& reply) const override;
  void refuse(http_session& session, const turn_reply* failed) const override;
  [[nodiscard]] bool looks_back() const override { return keeper_ != nullptr; }
  void answered(const turn_reply& reply) const override;

  std::string model_;        ///< as the caller named it
  std::int64_t created_ = 0; ///< when the turn ended, also where it is told again
  std::shared_ptr<const completion_keeper> keeper_;
};

/// Turns events into chunks. The response begins with the first piece of the answer, so that what
/// fails before it has an honest status; a slow model is waited for in silence for `patience`, then
/// the stream is begun and kept open.
class chunk_exchange final : public completion,
                             public event_sink,
                             public std::enable_shared_from_this<chunk_exchange> {
public:
  /// `limit`: bytes that may wait for the reader; a piece that finds more waiting cuts it off.
  chunk_exchange(std::shared_ptr<inbox> to, std::size_t limit, std::chrono::milliseconds patience,
                 std::string model, bool usage, wire::costs how,
                 std::shared_ptr<const completion_keeper> keeper);

  void on_event(const turn_event& event) override;

  bool ready() override;
  bool hopeless() override;
  void answer(http_session& session) override;

private:
  /// True if there is news for the I/O thread.
  bool take(const turn_event& event);
  void take_text(std::string_view text);
  void take_call(const tool_call_delta& piece);
  void take_end(const turn_reply& reply);
  void take_failure(const error& why);
  void begin();
  void break_off(std::string_view why);

  std::shared_ptr<inbox> to_;
  const std::size_t limit_;
  const std::chrono::milliseconds patience_;
  const std::shared_ptr<const completion_keeper> keeper_; ///< may be null
  std::mutex mutex_;
  completions::chunk_writer writer_;
  completions::exact_stream said_;
  std::string waiting_; ///< chunks not yet taken
  bool begun_ = false;  ///< the role was said
  bool told_ = false;   ///< the I/O thread knows that something waits
  bool ended_ = false;
  bool broken_ = false; ///< ended by us: the turn is still running
  bool overflowed_ = false;
  error refused_;     ///< set if the turn failed before anything was said
  std::string batch_; ///< I/O thread: what was taken, swapped with waiting_
};

} // namespace flipsync
