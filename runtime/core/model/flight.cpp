#include "runtime/core/model/flight.hpp"

#include <algorithm>

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/model/call_audience.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/ports/thread_loan.hpp"

namespace flipsync {

namespace {

/// A limit that only the fast tier has must not cut an answer short.
error outgrown(std::uint32_t limit) {
  return error{errc::malformed_reply,
               "the fast tier's limit of " + std::to_string(limit) + " tokens ended the answer"}
    .with("limit", "fast");
}

/// An answer that came whole has shown no pieces.
std::uint64_t bytes_of(const model_reply& reply) noexcept {
  std::uint64_t bytes = reply.text.size();
  for (const auto& call : reply.tool_calls)
    bytes += call.id.size() + call.name.size() + call.arguments.size();
  return bytes;
}

} // namespace

flight::flight(provider_actor owner, std::uint64_t job, attempt_order_ptr order,
               std::shared_ptr<const environment> env, std::size_t provider)
  : owner_{std::move(owner)},
    job_{job},
    order_{std::move(order)},
    env_{std::move(env)},
    provider_{provider},
    began_{env_->clock->now()},
    holding_{env_->settings.conduct.hold_tokens > 0} {}

void flight::start(const model_request& request) {
  if (request.stream && entry().first_token_timeout.count() > 0)
    watch_first_token();
  auto handle = entry().provider->start(request, shared_from_this());
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

void flight::cancel() { stop(not_wanted()); }

void flight::stop(error why) {
  std::shared_ptr<flight_handle> handle;
  {
    const std::lock_guard lock{mutex_};
    cancelled_ = true;
    handle.swap(handle_);
  }
  if (handle)
    handle->cancel();
  settle(std::move(why));
}

void flight::watch_first_token() {
  auto alarm = env_->alarms->set(began_ + entry().first_token_timeout, [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->first_token_is_late();
  });
  const std::lock_guard lock{mutex_};
  late_ = alarm;
}

void flight::first_token_is_late() {
  if (first_token_us_.load() != 0 || settled_.load())
    return;
  const auto& name = entry().provider->name();
  stop(error{errc::deadline_exceeded, "the provider's first token came too late"}
         .with("provider", name)
         .with("phase", "first_token"));
}

bool flight::take_in(std::size_t bytes) {
  if (settled_.load())
    return false;
  const auto so_far = bytes_.load(std::memory_order_relaxed) + bytes;
  bytes_.store(so_far, std::memory_order_relaxed);
  if (const auto max = env_->settings.max_reply_bytes; so_far > max) {
    stop(error{errc::malformed_reply,
               "the provider's answer is longer than " + std::to_string(max) + " bytes"}
           .with("provider", entry().provider->name())
           .with("limit", "size"));
    return false;
  }
  if (first_token_us_.load() == 0) {
    const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(env_->clock->now() - began_).count();
    first_token_us_.store(std::max<std::int64_t>(took, 1));
  }
  return true;
}

void flight::on_token(std::string_view text) {
  if (text.empty() || !take_in(text.size()) || !order_->call->stream_to_caller)
    return;
  if (!holding_) {
    show_text(text);
    return;
  }
  held_ += text;
  if (++held_count_ > env_->settings.conduct.hold_tokens)
    show_held();
}

void flight::on_tool_call(const tool_call_piece& piece) {
  if (!take_in(piece.id.size() + piece.name.size() + piece.arguments.size())
      || !order_->call->stream_to_caller || !show_held())
    return;
  auto delta = std::make_shared<tool_call_delta>();
  delta->index = piece.index;
  delta->id = piece.id;
  delta->name = piece.name;
  delta->arguments = piece.arguments;
  turn_event event;
  event.type = event_type::tool_call;
  event.call = std::move(delta);
  show(std::move(event));
}

void flight::on_usage(const token_usage& used) {
  const std::lock_guard lock{mutex_};
  used_ = used;
}

void flight::on_finished(result<model_reply> outcome) {
  if (outcome && !is_outgrown(*outcome) && !show_held())
    return;
  settle(std::move(outcome));
}

bool flight::is_outgrown(const model_reply& reply) const noexcept {
  return order_->fast_limit && reply.finish_reason == "length";
}

bool flight::show_held() {
  if (!std::exchange(holding_, false) || held_.empty())
    return true;
  return show_text(std::exchange(held_, {}));
}

bool flight::show_text(std::string_view text) {
  turn_event event;
  event.type = event_type::token;
  event.text = text;
  return show(std::move(event));
}

bool flight::show(turn_event event) {
  if (order_->gate && !order_->gate->claim(order_->number)) {
    stop(lost_race());
    return false;
  }
  tokens_sent_.store(true);
  if (order_->audience)
    order_->audience->offer(event);
  else
    order_->call->turn->guard->offer(std::move(event));
  return true;
}

usd flight::settle_cost(attempt_usage used, const flight_outcome& report) const {
  used.answer_bytes = bytes_.load(std::memory_order_relaxed);
  used.answered = report.why.code == errc::none;
  if (used.answered || is_outgrown(report.reply)) {
    used.reported = report.reply.tokens;
    used.answer_bytes = std::max(used.answer_bytes, bytes_of(report.reply));
  }
  return order_->cost->settle(used);
}

void flight::settle(result<model_reply> outcome) {
  if (settled_.exchange(true))
    return;
  auto report = std::make_shared<flight_outcome>();
  report->tried.provider = entry().provider->name();
  report->tried.model = order_->model;
  report->tried.key = order_->key_number;
  report->tried.took =
    std::chrono::duration_cast<std::chrono::microseconds>(env_->clock->now() - began_);
  report->tokens_sent = tokens_sent_.load();
  if (outcome) {
    report->reply = std::move(*outcome);
    report->reply.first_token = std::chrono::microseconds{first_token_us_.load()};
    if (!report->reply.model.empty())
      report->tried.model = report->reply.model;
    if (is_outgrown(report->reply))
      report->why = outgrown(*order_->fast_limit);
  } else {
    report->why = outcome.error();
    if (order_->fast_limit && fault_of(report->why) == fault::wordless)
      report->why = outgrown(*order_->fast_limit);
  }
  if (report->why.code != errc::none) {
    report->tried.outcome = report->why.code;
    const auto reason = report->why.detail("reason");
    report->tried.reason = reason.empty() ? report->why.message : std::string{reason};
  }
  attempt_usage used;
  {
    const std::lock_guard lock{mutex_};
    handle_.reset();
    env_->alarms->take_back(late_);
    used.reported = used_;
  }
  if (order_->cost)
    report->cost = settle_cost(used, *report);
  thread_loan::more_comes();
  caf_compat::anon_send(owner_, done_atom_v, job_, flight_outcome_ptr{std::move(report)});
}

} // namespace flipsync
