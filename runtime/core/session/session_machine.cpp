#include "runtime/core/session/session_machine.hpp"

#include <algorithm>
#include <utility>

namespace flipsync {

namespace {

error wrong(errc code, std::string field, std::string why) {
  return error{code, std::move(why)}.with("field", std::move(field));
}

bool same_state(const agent_status& a, const agent_status& b) {
  return a.name == b.name && a.state == b.state && a.in_flight == b.in_flight && a.turns == b.turns
         && a.failures == b.failures && a.restarts == b.restarts;
}

} // namespace

void session_machine::on_frame(std::string_view text) {
  wire::client_frame frame;
  auto done = wire::parse_client_frame(text, frame);
  if (done)
    done = act(frame);
  if (!done)
    session_->send(wire::error_frame(done.error(), frame.id));
}

result<void> session_machine::act(wire::client_frame& frame) {
  switch (frame.kind) {
  case wire::frame_kind::message:
    return message(frame);
  case wire::frame_kind::cancel:
    return cancel(frame);
  case wire::frame_kind::ping:
    session_->send(wire::pong_frame(backend_->wall(), frame.id));
    return {};
  case wire::frame_kind::subscribe:
    return subscribe(frame);
  case wire::frame_kind::resume:
    return resume(frame);
  }
  return error{errc::internal, "a frame without a handler"};
}

result<void> session_machine::complete(turn_request& request) {
  const auto& options = session_->options();
  auto& conversation = request.conversation_id;
  if (!options.conversation_id.empty()) {
    if (!conversation.empty() && conversation != options.conversation_id)
      return wrong(errc::invalid_request, "conversation_id",
                   "this socket belongs to another conversation");
    conversation = options.conversation_id;
  } else if (options.one_conversation && conversation.empty()) {
    conversation = last_conversation();
  }
  if (options.who == audience::shopper && request.who == audience::seller)
    return wrong(errc::forbidden, "audience", "this credential is a shopper's");
  if (request.who == audience::any)
    request.who = options.who;
  request.tenant = options.tenant;
  request.request_id = options.request_id;
  request.traceparent = options.traceparent;
  return {};
}

std::string session_machine::last_conversation() {
  settle();
  if (!named_.empty())
    return named_;
  if (conversation_.empty())
    conversation_ = backend_->new_conversation();
  return conversation_;
}

void session_machine::went_to(std::string conversation, std::shared_ptr<turn_relay> relay) {
  settle();
  if (relay->came_to_nothing() || conversation == (named_.empty() ? conversation_ : named_))
    return;
  if (!named_.empty())
    conversation_ = std::move(named_);
  named_ = std::move(conversation);
  named_by_ = std::move(relay);
}

void session_machine::settle() {
  if (!named_by_ || !named_by_->ended())
    return;
  if (!named_by_->came_to_nothing())
    conversation_ = std::move(named_);
  named_.clear();
  named_by_.reset();
}

result<void> session_machine::message(wire::client_frame& frame) {
  const auto& options = session_->options();
  auto& request = frame.request;
  if (auto completed = complete(request); !completed)
    return completed;
  auto pass = options.admit_message ? options.admit_message(request)
                                    : result<std::shared_ptr<void>>{std::shared_ptr<void>{}};
  if (!pass && pass.error().code == errc::rate_limited) {
    session_->send(wire::error_frame(pass.error(), frame.id));
    session_->close(close_code::policy, "too many messages");
    return {};
  }
  if (!pass)
    return pass.error();
  turn_relay::options relay_options;
  relay_options.tenant = options.tenant;
  relay_options.who = options.who;
  relay_options.client_id = frame.id;
  relay_options.detach = request.detach;
  relay_options.keep = session_->resumable();
  relay_options.max_log = session_->settings().max_log;
  const bool kept = relay_options.keep || relay_options.detach;
  auto relay =
    std::make_shared<turn_relay>(std::move(relay_options), session_->shared_shelf(), session_);
  relay->hold(*std::move(pass));
  if (auto added = session_->add(relay); !added)
    return added;
  auto conversation = request.conversation_id;
  relay->started(backend_->submit(std::move(request), relay));
  if (options.one_conversation)
    went_to(std::move(conversation), relay);
  if (!kept)
    return {};
  session_->shelf().put(relay, session_->number());
  // The client may have left before the shelf knew of the turn.
  if (session_->is_closed())
    session_->shelf().left(session_->number(), session_->resumable());
  return {};
}

result<void> session_machine::cancel(const wire::client_frame& frame) {
  constexpr auto reason = "cancelled by the client";
  if (frame.turn.empty()) {
    for (const auto& relay : session_->turns())
      relay->cancel(reason);
    return {};
  }
  const auto relay = session_->find(frame.turn);
  if (!relay)
    return wrong(errc::not_found, "turn", "no turn of this id runs in this session");
  relay->cancel(reason);
  return {};
}

result<void> session_machine::subscribe(const wire::client_frame& frame) {
  if (frame.decisions && session_->options().who == audience::shopper)
    return wrong(errc::forbidden, "topics", "decisions are not for shoppers");
  feeds_->subscribe(session_, frame.agents, frame.decisions);
  session_->send(wire::subscribed_frame(frame));
  agents_wanted_ = frame.agents;
  all_agents_ = true;
  if (agents_wanted_)
    session_->agents_changed();
  return {};
}

result<void> session_machine::resume(const wire::client_frame& frame) {
  session_->become_resumable();
  if (frame.turn.empty()) {
    session_->send(wire::resumable_frame(session_->settings().resume_hold, frame.id));
    return {};
  }
  const auto& options = session_->options();
  const auto relay = session_->shelf().find(options.tenant, options.who, frame.turn);
  if (!relay)
    return wrong(errc::not_found, "turn", "no turn of this id is kept");
  const bool here = session_->find(frame.turn) != nullptr;
  if (!here)
    if (auto added = session_->add(relay); !added)
      return added;
  auto resumed = relay->resume(session_, frame.after_seq, frame.id);
  if (resumed)
    session_->shelf().resumed(frame.turn, session_->number());
  if (relay->ended() || (!resumed && !here))
    session_->turn_left(*relay);
  if (session_->is_closed())
    relay->leave(*session_, true);
  return resumed;
}

void session_machine::on_agents(const std::vector<agent_status>& agents) {
  if (!agents_wanted_)
    return;
  const bool shopper = session_->options().who == audience::shopper;
  std::vector<agent_status> seen;
  std::copy_if(
    agents.begin(), agents.end(), std::back_inserter(seen),
    [shopper](const agent_status& each) { return !shopper || each.who == audience::shopper; });
  std::vector<agent_status> news;
  for (const auto& agent : seen) {
    const auto known = std::any_of(told_.begin(), told_.end(), [&](const agent_status& before) {
      return same_state(before, agent);
    });
    if (all_agents_ || !known)
      news.push_back(agent);
  }
  if (std::exchange(all_agents_, false) || !news.empty())
    session_->send(wire::agents_frame(backend_->wall(), news));
  told_ = std::move(seen);
}

} // namespace flipsync
