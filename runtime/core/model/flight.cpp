#include "runtime/core/model/flight.hpp"

#include <algorithm>

#include "runtime/core/caf_compat.hpp"

namespace flipsync {

flight::flight(provider_actor owner, std::uint64_t number, model_call_ptr call,
               std::string provider, std::shared_ptr<clock_port> clock, std::size_t max_bytes)
  : owner_{std::move(owner)},
    number_{number},
    call_{std::move(call)},
    provider_{std::move(provider)},
    clock_{std::move(clock)},
    max_bytes_{max_bytes},
    began_{clock_->now()} {}

void flight::start(model_provider& provider, const model_request& request) {
  model_ = request.model;
  auto handle = provider.start(request, shared_from_this());
  {
    const std::lock_guard lock{mutex_};
    if (!cancelled_) {
      if (!settled_.load())
        handle_ = std::move(handle);
      return;
    }
  }
  // Cancelled while it started.
  if (handle)
    handle->cancel();
}

void flight::cancel() {
  std::shared_ptr<flight_handle> handle;
  {
    const std::lock_guard lock{mutex_};
    cancelled_ = true;
    handle.swap(handle_);
  }
  if (handle)
    handle->cancel();
  settle(error{errc::cancelled, "nobody waits for this call any more"});
}

bool flight::take_in(std::size_t bytes) {
  if (settled_.load())
    return false;
  bytes_ += bytes;
  if (bytes_ > max_bytes_) {
    std::shared_ptr<flight_handle> handle;
    {
      const std::lock_guard lock{mutex_};
      cancelled_ = true;
      handle.swap(handle_);
    }
    if (handle)
      handle->cancel();
    settle(error{errc::malformed_reply,
                 "the provider's answer is longer than " + std::to_string(max_bytes_) + " bytes"}
             .with("provider", provider_));
    return false;
  }
  if (first_token_us_.load() == 0) {
    const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(clock_->now() - began_).count();
    first_token_us_.store(std::max<std::int64_t>(took, 1));
  }
  return true;
}

void flight::on_token(std::string_view text) {
  if (text.empty() || !take_in(text.size()) || !call_->stream_to_caller)
    return;
  tokens_sent_.store(true);
  turn_event event;
  event.type = event_type::token;
  event.text = text;
  call_->turn->guard->offer(std::move(event));
}

void flight::on_tool_call(const tool_call_piece& piece) {
  if (!take_in(piece.id.size() + piece.name.size() + piece.arguments.size())
      || !call_->stream_to_caller)
    return;
  tokens_sent_.store(true);
  auto delta = std::make_shared<tool_call_delta>();
  delta->index = piece.index;
  delta->id = piece.id;
  delta->name = piece.name;
  delta->arguments = piece.arguments;
  turn_event event;
  event.type = event_type::tool_call;
  event.call = std::move(delta);
  call_->turn->guard->offer(std::move(event));
}

void flight::on_finished(result<model_reply> outcome) { settle(std::move(outcome)); }

void flight::settle(result<model_reply> outcome) {
  if (settled_.exchange(true))
    return;
  auto report = std::make_shared<flight_outcome>();
  report->tried.provider = provider_;
  report->tried.model = model_;
  report->tried.took =
    std::chrono::duration_cast<std::chrono::microseconds>(clock_->now() - began_);
  report->tokens_sent = tokens_sent_.load();
  if (outcome) {
    report->reply = std::move(*outcome);
    report->reply.first_token = std::chrono::microseconds{first_token_us_.load()};
    if (!report->reply.model.empty())
      report->tried.model = report->reply.model;
  } else {
    report->why = outcome.error();
    report->tried.outcome = report->why.code;
    const auto reason = report->why.detail("reason");
    report->tried.reason = reason.empty() ? report->why.message : std::string{reason};
  }
  {
    const std::lock_guard lock{mutex_};
    handle_.reset();
  }
  caf_compat::anon_send(owner_, done_atom_v, number_, flight_outcome_ptr{std::move(report)});
}

} // namespace flipsync
