#include "runtime/core/conversation_actor.hpp"

#include <algorithm>

#include "runtime/core/agent/prompt.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/core/turn/compose_reply.hpp"
#include "runtime/core/turn/packed_history.hpp"

namespace flipsync {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

/// Of a long list that is told, so many are remembered.
constexpr std::size_t most_told = 20;
/// So many messages back an order is remembered.
constexpr std::size_t orders_remembered = 5;

/// The products that an answer showed as cards, else those that it told of, else the one that it
/// was asked about: what "it" and "the second one" mean next.
std::vector<std::string> products_of(const agent_task& task, const gathered& parts,
                                     const turn_reply& reply) {
  std::vector<std::string> skus;
  for (const auto& card : reply.products)
    skus.push_back(card.sku);
  if (!skus.empty())
    return skus;
  for (const auto& part : parts.parts)
    if (part->report.name == "response" && part->output)
      skus = part->output->skus;
  if (skus.size() > most_told)
    skus.resize(most_told);
  if (skus.empty() && !task.reading->sku.empty())
    skus.push_back(task.reading->sku);
  return skus;
}

std::shared_ptr<stored_turn> exchange_of(const agent_task& task, const gathered& parts,
                                         const turn_reply& reply, const turn_guard& guard,
                                         wall_time now) {
  const auto& request = task.turn->request;
  auto exchange = std::make_shared<stored_turn>();
  exchange->tenant = request.tenant;
  exchange->conversation_id = guard.conversation_id();
  exchange->turn_id = guard.id();
  exchange->customer_id = request.customer_id;
  exchange->who = request.who;
  exchange->agent = reply.agent;
  exchange->begins = task.turn->new_conversation;
  exchange->question = {"user", request.message, {}, now, {}};
  exchange->answer = {"assistant", reply.message, reply.agent, now, {}};
  exchange->answer.skus = products_of(task, parts, reply);
  return exchange;
}

/// What a caller who keeps the conversation itself says was said.
std::vector<stored_message> callers_messages(const turn_request& request) {
  std::vector<stored_message> messages;
  for (const auto& earlier : request.history)
    messages.push_back({earlier.from_user ? "user" : "assistant", earlier.text, {}, {}, {}});
  return messages;
}

} // namespace

conversation_state::conversation_state(conversation_actor::pointer self, conversation_config config)
  : self_{self},
    config_{std::move(config)} {
  if (config_.memory.empty())
    return;
  recalled_ = true;
  history_ = unpack(config_.memory);
  config_.memory = {};
}

conversation_state::~conversation_state() {
  if (current_)
    current_->turn->guard->unlisten(current_->listener);
  for (const auto& each : waiting_)
    each.turn->guard->unlisten(each.listener);
}

conversation_actor::behavior_type conversation_state::make_behavior() {
  return {
    [this](run_atom, const turn_ptr& turn) -> caf::result<void> {
      queued added{turn};
      if (waiting_.size() >= turn->at_hand->env->settings.max_queue_per_conversation) {
        turn->guard->fail(
          error{errc::overloaded, "too many turns wait in this conversation"}.with_retry_after(
            std::chrono::seconds{1}));
        leave(added);
        return caf::unit;
      }
      added.listener = turn->guard->listen([weak = caf::weak_actor_ptr{self_->ctrl()},
                                            number = turn->number](errc) {
        if (const auto strong = weak.lock())
          caf_compat::anon_send(caf::actor_cast<conversation_actor>(strong), ended_atom_v, number);
      });
      waiting_.push_back(std::move(added));
      take_next();
      return caf::unit;
    },
    [this](ended_atom, std::uint64_t number) -> caf::result<void> {
      if (is_current(number)) {
        leave(*current_);
        current_.reset();
        take_next();
        return caf::unit;
      }
      const auto found =
        std::find_if(waiting_.begin(), waiting_.end(),
                     [number](const queued& each) { return each.turn->number == number; });
      if (found != waiting_.end()) {
        leave(*found);
        waiting_.erase(found);
      }
      return caf::unit;
    },
  };
}

bool conversation_state::is_current(std::uint64_t number) const {
  return current_ && current_->turn->number == number;
}

void conversation_state::leave(const queued& turn) {
  turn.turn->guard->unlisten(turn.listener);
  caf_compat::send(self_, config_.owner, done_atom_v,
                   departed_turn{config_.key, turn.turn->number, memory_to_keep()});
}

std::string conversation_state::memory_to_keep() const {
  return recalled_ && storing_ == 0 && waiting_.empty() ? pack(history_) : std::string{};
}

void conversation_state::take_next() {
  while (!current_ && !waiting_.empty()) {
    current_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    if (current_->turn->guard->ended()) {
      leave(*current_);
      current_.reset();
      continue;
    }
    recall();
  }
}

/// A conversation that this runtime did not begin may be in the store.
void conversation_state::recall() {
  const auto& turn = current_->turn;
  const auto& store = turn->at_hand->store;
  if (config_.env->store && !store)
    return fail(error{errc::store_failed, "the store is down"});
  if (!turn->request.kept) {
    // The store knows nothing of it, and a later turn that is kept asks the store.
    history_ = {};
    history_.messages = callers_messages(turn->request);
    recalled_ = false;
    return learn_words();
  }
  if (recalled_ || turn->new_conversation || !store) {
    recalled_ = true;
    return learn_words();
  }
  caf_compat::ask(self_, store, recall_atom_v, turn->request.tenant, turn->guard->conversation_id())
    .then(
      [this, number = turn->number](const history_ptr& history) {
        recalled_ = true;
        history_ = *history;
        if (is_current(number))
          learn_words();
      },
      [this, number = turn->number](const caf::error& why) {
        if (is_current(number))
          fail(from_caf(why));
      });
}

/// The words of the catalogue as it is now: an import that has just ended counts.
void conversation_state::learn_words() {
  const auto& turn = current_->turn;
  const auto& env = *config_.env;
  const auto& survey = turn->at_hand->survey;
  const auto published = turn->at_hand->words();
  if (!env.store || (published && published->version == env.store->catalogue_version()))
    return begin(published);
  if (!survey)
    return fail(error{errc::store_failed, "the catalogue's reader is down"});
  caf_compat::ask(self_, survey, learn_atom_v)
    .then(
      [this, number = turn->number](const vocabulary_ptr& words) {
        if (!is_current(number))
          return;
        current_->turn->at_hand->publish_words(words);
        begin(words);
      },
      [this, number = turn->number](const caf::error& why) {
        if (is_current(number))
          fail(from_caf(why));
      });
}

result<route_choice> conversation_state::route(const agent_task& task) const {
  const auto& request = task.turn->request;
  const auto& env = *task.turn->at_hand->env;
  route_input input;
  input.message = request.message;
  input.agent = request.agent;
  input.current = history_.agent;
  input.who = request.who;
  for (const auto& message : history_.messages)
    if (message.role == "user")
      input.recent.push_back(message.text);
  constexpr std::size_t most = 5; // BUSINESS: the last five messages
  if (input.recent.size() > most)
    input.recent.erase(input.recent.begin(),
                       input.recent.end() - static_cast<std::ptrdiff_t>(most));
  std::vector<std::shared_ptr<const message_reading>> earlier; // while they are weighed
  return env.router->decide(input, [&](std::string_view text) -> const text_evidence& {
    const auto* reading = task.reading.get();
    if (text != reading->text)
      reading =
        earlier.emplace_back(env.readings->read(text, *task.words, env.rules, {}, request.kept))
          .get();
    return reading->beside.get<text_evidence>([&] { return env.router->read(text, *task.words); });
  });
}

/// What the message may point back to. The orders stand in what the user said.
earlier_talk conversation_state::talk_before(const agent_task& task) const {
  const auto& env = *task.turn->at_hand->env;
  auto out = earlier_products(history_.messages);
  out.order_is_last = true;
  std::size_t read = 0;
  for (auto left = history_.messages.size(); left > 0 && read < orders_remembered; --left) {
    const auto& message = history_.messages[left - 1];
    if (message.role != "user")
      continue;
    ++read;
    const auto said =
      env.readings->read(message.text, *task.words, env.rules, {}, task.turn->request.kept);
    if (!said->order_id.empty()) {
      out.order_id = said->order_id;
      return out;
    }
    out.order_is_last =
      out.order_is_last && said->sku.empty()
      && std::none_of(said->entities.begin(), said->entities.end(),
                      [](const entity& hit) { return hit.kind == entity_kind::product; });
  }
  return out;
}

void conversation_state::begin(const vocabulary_ptr& words) {
  const auto& turn = current_->turn;
  const auto& env = *turn->at_hand->env;
  static const auto no_words = std::make_shared<const vocabulary>();
  auto task = std::make_shared<agent_task>();
  task->turn = turn;
  task->words = words ? words : no_words;
  task->began = env.clock->now();
  task->at = env.clock->wall();
  task->reading = env.readings->read(turn->request.message, *task->words, env.rules,
                                     talk_before(*task), turn->request.kept);
  auto chosen = route(*task);
  if (!chosen)
    return fail(chosen.error());
  task->route = std::move(*chosen);
  const auto index = env.index_of(task->route.agent);
  if (index == environment::npos)
    return fail(error{errc::internal, "the router chose an agent that does not exist"});
  const auto& spec = *env.agents[index];
  // Nothing need be hidden from a caller who sent it.
  task->history = turn->request.kept ? visible_history(history_.messages,
                                                       spec.who == audience::shopper
                                                         || turn->request.who == audience::shopper,
                                                       env.shopper_agents(), spec.history_messages)
                                     : given_history(turn->request.history, spec.history_messages);
  task->routing = duration_cast<microseconds>(env.clock->now() - task->began);
  turn_event event;
  event.type = event_type::routed;
  // Not the task's own: whoever keeps the event would keep the turn's actors.
  event.route = std::make_shared<const route_choice>(task->route);
  turn->guard->offer(std::move(event));
  ask_agent(std::move(task));
}

void conversation_state::ask_agent(const agent_task_ptr& task) {
  const auto& turn = *task->turn;
  const auto& env = *turn.at_hand->env;
  const auto& agent = turn.at_hand->agents[env.index_of(task->route.agent)];
  if (!agent)
    return fail(error{errc::agent_down, "agent '" + task->route.agent
                                          + "' has crashed too often and is not restarted"}
                  .with("agent", task->route.agent));
  if (env.counters[env.index_of(task->route.agent)]->paused.load())
    return fail(error{errc::agent_down, "agent '" + task->route.agent + "' is paused"}
                  .with("agent", task->route.agent)
                  .with("state", "paused"));
  caf_compat::ask(self_, agent, run_atom_v, task)
    .then(
      [this, task](const gathered_ptr& parts) {
        if (is_current(task->turn->number))
          gathered_all(task, parts);
      },
      [this, task](const caf::error& why) {
        if (!is_current(task->turn->number))
          return;
        auto reason = from_caf(why);
        if (reason.code == errc::agent_down && reason.details.empty())
          reason = error{errc::agent_down, "agent '" + task->route.agent + "' went down"}.with(
            "agent", task->route.agent);
        fail(std::move(reason));
      });
}

void conversation_state::gathered_all(const agent_task_ptr& task, const gathered_ptr& parts) {
  const auto& guard = task->turn->guard;
  auto reply = compose_reply(*task, *parts);
  reply.timings.queue = duration_cast<microseconds>(task->began - guard->accepted());
  reply.timings.route = task->routing;
  if (reply.status == turn_status::failed) {
    auto why = reply.why;
    guard->unlisten(current_->listener);
    guard->fail(std::move(why), std::move(reply));
    leave(*current_);
    current_.reset();
    return take_next();
  }
  store(task, parts, std::move(reply));
}

/// `completed` waits for the commit: what was said to be answered survives a crash.
void conversation_state::store(const agent_task_ptr& task, const gathered_ptr& parts,
                               turn_reply reply) {
  const auto& turn = *task->turn;
  const auto exchange = exchange_of(*task, *parts, reply, *turn.guard, config_.env->clock->wall());
  // The turn's end is ours to take note of from here on, not its guard's to tell.
  turn.guard->unlisten(current_->listener);
  const auto answer = std::make_shared<turn_reply>(std::move(reply));
  turn.guard->sign(*answer);
  const auto complete_turn = std::make_shared<const std::function<void()>>(
    [guard = turn.guard, answer] { guard->complete(answer); });
  if (!config_.env->store || !turn.request.kept) {
    (*complete_turn)();
    return remember(turn.number, *exchange);
  }
  if (!turn.at_hand->store)
    return fail(error{errc::store_failed, "the store is down, so the turn cannot be kept"});
  // A lent thread has nothing else to do, and the store's would have to be woken.
  if (thread_loan::here() != nullptr && config_.env->store->append_now(exchange)) {
    config_.env->commits->note({});
    (*complete_turn)();
    return remember(turn.number, *exchange);
  }
  ++storing_;
  caf_compat::ask(self_, turn.at_hand->store, append_atom_v, stored_turn_ptr{exchange},
                  complete_turn)
    .then(
      // What the turn was made of is held until here, so that it goes where it was made: on another
      // core each of its lines would have to be fetched once more, to be forgotten.
      [this, exchange, task, parts, complete_turn] {
        --storing_;
        remember(task->turn->number, *exchange);
      },
      [this, number = turn.number](const caf::error& why) {
        --storing_;
        recalled_ = false; // the store alone knows whether it was kept
        if (!is_current(number))
          return;
        auto reason = from_caf(why);
        if (reason.code == errc::agent_down)
          reason = error{errc::store_failed, "the store went down before the turn was kept"};
        fail(std::move(reason));
      });
  // While the store works.
  turn.guard->announce(*answer);
}

/// The exchange is stored, whether or not its turn was still waited for: the next turn knows of it.
void conversation_state::remember(std::uint64_t number, const stored_turn& exchange) {
  history_.agent = exchange.agent;
  auto& messages = history_.messages;
  messages.reserve(messages.size() + 2);
  messages.push_back(exchange.question);
  messages.push_back(exchange.answer);
  const std::size_t most = std::max<std::uint32_t>(config_.env->settings.history_limit, 2);
  if (messages.size() > most)
    messages.erase(messages.begin(), messages.end() - static_cast<std::ptrdiff_t>(most));
  if (!is_current(number))
    return; // its end was told just before it was stored
  leave(*current_);
  current_.reset();
  take_next();
}

void conversation_state::fail(error why) {
  current_->turn->guard->unlisten(current_->listener);
  current_->turn->guard->fail(std::move(why));
  leave(*current_);
  current_.reset();
  take_next();
}

} // namespace flipsync
