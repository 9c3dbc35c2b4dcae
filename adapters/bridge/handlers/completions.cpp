/// The routes under /v1: what clients of the chat-completions protocol call.

#include <algorithm>
#include <atomic>

#include "adapters/bridge/cache_wish.hpp"
#include "adapters/bridge/completions/chat_request.hpp"
#include "adapters/bridge/completions_exchange.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/kept_completions.hpp"
#include "adapters/bridge/turn_start.hpp"

namespace flipsync {

namespace {

using completions::chat_request;

/// The models on their way from the runtime: agents first, then what the providers list.
class models_call final : public completion, public std::enable_shared_from_this<models_call> {
public:
  explicit models_call(std::string id) : id_{std::move(id)} {}

  static void start(http_session& session, std::string id) {
    auto call = std::make_shared<models_call>(std::move(id));
    session.wait_for(call);
    auto& runtime = session.services().runtime;
    runtime.models(
      [call, &runtime, to = session.services().completions](std::vector<model_offer> offers) {
        call->offers_ = std::move(offers);
        runtime.agents([call, to](result<std::vector<agent_status>> found) {
          call->agents_.emplace(std::move(found));
          call->done_.store(true, std::memory_order_release);
          to->push(call);
        });
      });
  }

  bool ready() override { return done_.load(std::memory_order_acquire); }

  void answer(http_session& session) override {
    if (!*agents_)
      return completions_problem(session, agents_->error());
    if (!may(session.sender().who().who, role::seller))
      leave_to_shoppers();
    const auto all = completions::models_of(**agents_, offers_);
    if (id_.empty()) {
      completions::append_models(session.begin_response(200, "application/json"), all);
      return session.end_response();
    }
    const auto found =
      std::find_if(all.begin(), all.end(), [this](const auto& model) { return model.id == id_; });
    if (found == all.end())
      return completions_problem(
        session, error{errc::not_found, "there is no such model; GET /v1/models lists all"}.with(
                   "field", "model"));
    completions::append_model(session.begin_response(200, "application/json"), *found);
    session.end_response();
  }

private:
  /// A shopper's key is shown what it may ask.
  void leave_to_shoppers() {
    offers_.clear();
    std::erase_if(**agents_, [](const agent_status& a) { return a.who != audience::shopper; });
  }

  std::string id_; ///< empty: all
  std::vector<model_offer> offers_;
  std::optional<result<std::vector<agent_status>>> agents_; ///< published by done_
  std::atomic<bool> done_{false};
};

void models(http_session& session) { models_call::start(session, {}); }
void model(http_session& session) { models_call::start(session, session.parameter("id")); }

/// What is done with a request, beyond what it asks.
struct caching {
  cache_use wish = cache_use::by_rule;
  std::shared_ptr<completion_keeper> keeper; ///< null: the answer is not kept at the door
};

/// Sends the request straight to its model. A shopper's key is for agents, which say what it may
/// learn and spend.
result<turn> ask_model(http_session& session, chat_request request, cache_use wish,
                       std::shared_ptr<event_sink> sink) {
  auto& services = session.services();
  const auto& who = session.sender().who();
  if (!may(who.who, role::seller))
    return error{errc::forbidden, "this key may ask the model 'flipsync' and its agents"}.with(
      "field", "model");
  auto pass = services.gate.admit(session.sender(), http_session::clock::now());
  if (!pass)
    return pass.error();
  direct_request direct;
  direct.tenant = who.tenant;
  direct.cache = wish;
  direct.model = std::move(request.model);
  direct.ask = std::move(request.ask);
  direct.request_id = session.request_id();
  direct.traceparent = session.traceparent();
  return services.runtime.generate(std::move(direct),
                                   hold_until_end(std::move(*pass), std::move(sink)));
}

/// Sends the request where its model is, and gives the turn that began.
result<turn> dispatch(http_session& session, chat_request request, cache_use wish,
                      std::shared_ptr<event_sink> sink) {
  if (!completions::names_agents(request.model))
    return ask_model(session, std::move(request), wish, std::move(sink));
  auto turn = completions::agent_turn(request);
  if (!turn)
    return turn.error();
  turn->request_id = session.request_id();
  turn->traceparent = session.traceparent();
  turn->cache = wish;
  auto& services = session.services();
  auto pass = services.gate.admit(session.sender(), *turn, http_session::clock::now());
  if (!pass)
    return pass.error();
  return services.runtime.submit(std::move(*turn),
                                 hold_until_end(std::move(*pass), std::move(sink)));
}

/// Sends the request where its model is; one that names itself only where no other of that name
/// was. False where it was refused, which has then been told.
bool start(http_session& session, chat_request request, cache_use wish,
           std::shared_ptr<event_sink> sink) {
  // No conversation's name, which is another route's place, has a slash.
  const auto mark = request_mark(session, "/v1/chat/completions");
  const auto begin = [&](std::shared_ptr<event_sink> to) {
    return dispatch(session, std::move(request), wish, std::move(to));
  };
  const auto tell = [&](const error& why) {
    completions_problem(session, why);
    return false;
  };
  if (!mark)
    return tell(mark.error());
  if (mark->name.empty()) {
    auto running = begin(std::move(sink));
    if (!running)
      return tell(running.error());
    session.running(std::move(*running));
    return true;
  }
  auto begun =
    start_marked(session.services().named_turns, session.sender(), *mark, std::move(sink), begin);
  if (!begun)
    return tell(begun.error());
  if (begun->replayed)
    session.add_header(replayed_header);
  session.running(std::move(begun->running));
  return true;
}

void whole(http_session& session, chat_request request, caching how) {
  auto sink = std::make_shared<completion_exchange>(session.services().completions, request.model,
                                                    std::move(how.keeper));
  sink->tell_costs(session.costs());
  session.wait_for(sink);
  if (start(session, std::move(request), how.wish, sink) && sink->arm())
    sink->answer(session);
}

void streamed(http_session& session, chat_request request, caching how) {
  const auto& settings = session.services().settings;
  auto sink = std::make_shared<chunk_exchange>(
    session.services().completions, settings.max_stream_buffer, settings.heartbeat, request.model,
    request.include_usage, session.costs(), std::move(how.keeper));
  // Before the turn begins: its events come from other threads at once.
  session.wait_for(sink);
  start(session, std::move(request), how.wish, sink);
}

/// What an agent says to somebody it knows, or after what was said before, is not for others.
bool is_for_all(const chat_request& request) {
  if (!completions::names_agents(request.model))
    return true;
  return request.user.empty()
         && std::none_of(request.ask.messages.begin(), std::prev(request.ask.messages.end()),
                         [](const chat_message& m) { return m.role != chat_role::system; });
}

void chat_completions(http_session& session) {
  if (session.draining())
    return completions_problem(session, error{errc::shutting_down, "the service is draining"});
  const auto wish = cache_wish_of(session.request());
  if (!wish)
    return completions_problem(session, wish.error());
  caching how{*wish, nullptr};
  // What is told again to who names its request is that request's own answer, of any age: it is
  // neither another's, nor to be kept for others.
  if (!session.request().has_idempotency_key)
    how.keeper = keeper_of(session, *wish);
  if (how.keeper && answer_kept(session, *how.keeper))
    return;
  auto request = completions::parse_chat_request(session.request().body);
  if (!request)
    return completions_problem(session, request.error());
  if (how.keeper && is_for_all(*request))
    how.keeper->set(request->model, request->ask.stream, request->include_usage, session.costs());
  else
    how.keeper.reset();
  if (request->ask.stream)
    streamed(session, std::move(*request), std::move(how));
  else
    whole(session, std::move(*request), std::move(how));
}

} // namespace

std::span<const route> completion_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::get,
     .pattern = "/v1/models",
     .summary = "what may be named as a model",
     .handle = models,
     .errors = error_dialect::completions,
     .reply = "ModelList"},
    {.method = http_method::get,
     .pattern = "/v1/models/{id*}",
     .summary = "one of them",
     .handle = model,
     .errors = error_dialect::completions,
     .reply = "Model"},
    {.method = http_method::post,
     .pattern = "/v1/chat/completions",
     .summary = "chat completions, whole or streamed: of an agent or of a provider's model",
     .handle = chat_completions,
     .body = body_kind::json,
     .errors = error_dialect::completions,
     .request = "CompletionsRequest",
     .reply = "Completion"},
  };
  return table;
}

} // namespace flipsync
