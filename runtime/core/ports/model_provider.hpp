#pragma once
/// A model provider as a port. Implementations live under adapters/providers; the provider actor
/// (`runtime/core/model/provider_actor.hpp`) adds limits, health and accounting.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// Receives one attempt. Called from any thread, never two at once: (token | tool_call)* then
/// finished, once; never after `cancel` unless already under way. Must not block.
class flight_observer {
public:
  virtual ~flight_observer() = default;
  virtual void on_token(std::string_view text) = 0;
  /// A piece of a tool call, where the request is streamed. The outcome has the calls whole, so who
  /// does not show them early need not listen.
  virtual void on_tool_call(const tool_call_piece& piece) { static_cast<void>(piece); }
  /// What the attempt is known to have used so far, where the provider says so before its end, or
  /// of an attempt that fails; comes before `on_finished`, and each time as a whole.
  virtual void on_usage(const token_usage& used) { static_cast<void>(used); }
  /// The error's code says what happened (provider_unavailable, provider_rejected, rate_limited,
  /// deadline_exceeded, malformed_reply, context_too_long, content_filtered); `retry_after` is set
  /// where the provider gave it; details carry "status" (HTTP) and "reason" (the provider's words,
  /// bounded) where there are such. A truncated stream is malformed_reply with
  /// details["cut"]="true".
  virtual void on_finished(result<model_reply> outcome) = 0;
};

class flight_handle {
public:
  virtual ~flight_handle() = default;
  /// Stops the attempt and closes its socket; thread-safe, idempotent.
  virtual void cancel() = 0;
};

/// Thread-safe; `start` never blocks, and may call the observer before it returns.
class model_provider {
public:
  virtual ~model_provider() = default;
  /// The configured name, e.g. the vendor's.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual const std::string& default_model() const noexcept = 0;
  /// What it offers beyond plain text; a request that needs more is refused by it.
  [[nodiscard]] virtual model_capabilities capabilities() const noexcept { return {}; }
  /// Most tokens that it lets an answer have, what the model thinks included; nullopt: as many as
  /// the model likes.
  [[nodiscard]] virtual std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const {
    return request.tuning.max_tokens;
  }
  /// How many keys it has; 1 where it has one or needs none. `model_request::key` is below it.
  [[nodiscard]] virtual std::uint32_t keys() const noexcept { return 1; }
  virtual std::shared_ptr<flight_handle> start(const model_request& request,
                                               std::shared_ptr<flight_observer> observer) = 0;
  /// Asks whether the server is there without calling a model. `done` from any thread, once. Where
  /// a key is refused, here and below, the next one is shown; the error is the last one's.
  virtual void check(std::chrono::milliseconds timeout, std::function<void(result<void>)> done) = 0;
  /// The same with one key, from 0.
  virtual void check_key(std::uint32_t key, std::chrono::milliseconds timeout,
                         std::function<void(result<void>)> done) {
    static_cast<void>(key);
    check(timeout, std::move(done));
  }
  /// The models that the server offers. `done` from any thread, once.
  virtual void models(std::chrono::milliseconds timeout,
                      std::function<void(result<std::vector<std::string>>)> done) = 0;
};

} // namespace flipsync
