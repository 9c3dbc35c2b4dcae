#include "runtime/embed/engine.hpp"

#include <caf/init_global_meta_objects.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <thread>

#include "runtime/core/cache/cache_metrics.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/log.hpp"
#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/core/supervisor_actor.hpp"
#include "runtime/embed/check_assembly.hpp"
#include "runtime/embed/make_environment.hpp"
#include "runtime/embed/worker_policy.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

/// How long a sink that is being told of its turn's end is waited for: it must not block.
constexpr milliseconds sink_patience{5'000};

void init_meta_objects() {
  static std::once_flag once;
  std::call_once(once, [] {
    caf::init_global_meta_objects<caf::id_block::flipsync_core>();
    caf::core::init_global_meta_objects();
  });
}

std::unique_ptr<caf::actor_system_config> make_caf_config(const core_settings& settings,
                                                          bool virtual_time) {
  auto config = std::make_unique<caf::actor_system_config>();
  if (virtual_time)
    config->set("caf.scheduler.policy", "testing");
  else
    use_worker_policy(*config);
  const auto cores = std::max(2U, std::thread::hardware_concurrency());
  config->set(
    "caf.scheduler.max-threads",
    static_cast<std::size_t>(settings.worker_threads > 0 ? settings.worker_threads : cores));
  // Unlimited by default, so that one busy actor could hold a worker for ever.
  config->set("caf.scheduler.max-throughput", std::size_t{50});
  return config;
}

/// Names the keys that are not used, of several by their places in the configuration.
std::string refused_keys(const health_snapshot& health) {
  std::string numbers;
  for (std::size_t i = 0; i < health.keys.size(); ++i)
    if (health.keys[i].what == key_snapshot::state::refused)
      numbers += (numbers.empty() ? "" : ", ") + std::to_string(i + 1);
  if (numbers.empty())
    return "its key was refused and is not used";
  return "of its " + std::to_string(health.keys.size()) + " keys, refused and not used: " + numbers;
}

/// What is wrong with a provider, as far as its attempts say; empty if nothing is.
std::string trouble_of(const provider_counters& state, mono_time now) {
  const auto health = state.health.snapshot(now);
  if (health.key_refused)
    return refused_keys(health);
  if (health.breaker != circuit_breaker::state::closed)
    return "left alone after its failures (breaker " + std::string{to_string(health.breaker)} + ')';
  if (!health.models.empty())
    return "model " + health.models.front().first + " is left alone after its failures (breaker "
           + to_string(health.models.front().second) + ')';
  const auto last = state.last_outcome.load();
  return last == errc::none ? std::string{} : "last attempt: " + std::string{to_string(last)};
}

std::string in_ms(std::chrono::microseconds t) {
  return std::to_string(t.count() / 1000) + '.' + std::to_string(t.count() % 1000 / 100);
}

void log_turn(const turn_context& context, const turn_reply& reply) {
  if (!log::informs())
    return;
  const auto& request = context.request;
  std::string provider;
  std::size_t attempts = 0;
  for (const auto& part : reply.parts) {
    if (provider.empty())
      provider = part.provider;
    attempts += part.attempts.size();
  }
  log::info("turn", {{"id", reply.id},
                     {"conversation", reply.conversation_id},
                     {"request", request.request_id},
                     {"tenant", request.tenant},
                     {"agent", reply.agent},
                     {"status", std::string{to_string(reply.status)}},
                     {"code", std::string{to_string(reply.why.code)}},
                     {"finish_reason", reply.finish_reason},
                     {"provider", provider},
                     {"attempts", std::to_string(attempts)},
                     {"tokens_in", std::to_string(reply.usage.in)},
                     {"tokens_out", std::to_string(reply.usage.out)},
                     {"cost_usd", to_decimal(context.account->cost())},
                     {"wasted_usd", to_decimal(context.account->wasted())},
                     {"saved_usd", to_decimal(reply.saved)},
                     {"ms", in_ms(reply.timings.total)}});
}

} // namespace

/// What turns are written into. Each shares it, since the runtime may be destroyed as soon as
/// somebody has heard of the last one's end.
struct engine::turn_books {
  std::shared_ptr<core_metrics> metrics;
  std::shared_ptr<turn_statistics> statistics;
  std::shared_ptr<session_feeds> feeds;
  std::shared_ptr<clock_port> clock;
  live_turns live;
};

result<std::shared_ptr<running_runtime>> start_runtime(assembly parts) {
  auto started = engine::start(std::move(parts));
  if (!started)
    return started.error();
  return std::shared_ptr<running_runtime>{std::move(*started)};
}

result<std::shared_ptr<engine>> engine::start(assembly parts, engine_options options) {
  init_meta_objects();
  if (auto checked = check_assembly(parts); !checked)
    return checked.error();
  const auto store = parts.store;
  std::shared_ptr<engine> made{new engine{std::move(parts), options}};
  if (store) {
    // Nobody else uses the store yet, so the first words are read here and the first turn is quick.
    auto words = store->load_vocabulary();
    if (!words)
      return words.error();
    made->words_->publish(std::move(*words));
    if (auto started = made->spending_->start(); !started)
      return started.error();
  }
  supervisor_config config{made->env_, made->changed_, made->board_, made->words_};
  made->supervisor_ =
    made->system_->spawn<supervisor_actor::stateful_impl<supervisor_state>>(std::move(config));
  caf::actor_cast<caf::actor>(made->supervisor_)
    ->attach_functor([weak = std::weak_ptr{made}](const caf::error&) {
      const auto self = weak.lock();
      if (!self || self->admission_.closed())
        return;
      self->supervisor_down_.store(true);
      log::error("supervisor_down");
      self->books_->live.fail_all(error{errc::agent_down, "the supervisor went down"});
    });
  if (options.virtual_time)
    made->run_virtual();
  made->office_->start_sweeping();
  return made;
}

engine::engine(assembly parts, engine_options options)
  : options_{options},
    version_{parts.version},
    features_{parts.features},
    caf_config_{make_caf_config(parts.core, options.virtual_time)},
    system_{std::make_unique<caf::actor_system>(*caf_config_)},
    admission_{parts.core.max_turns_in_flight} {
  auto importer = parts.importer;
  auto reloader = parts.reloader;
  env_ = make_environment(std::move(parts), *system_, options.virtual_time);
  publish_directory(*env_);
  sessions_ = std::make_shared<session_hub>(
    session_hub::parts{env_->settings.sessions, env_->clock, env_->alarms, env_->agents_bell});
  books_.reset(new turn_books{env_->metrics, statistics_, sessions_->feeds(), env_->clock, {}});
  started_ = env_->clock->now();
  spending_ = std::make_shared<spending_keeper>(env_, board_);
  office_ = std::make_unique<flipsync::office>(*this, env_, board_, statistics_,
                                               std::move(importer), std::move(reloader));
}

engine::~engine() {
  // This thread is about to wait for all actors, so it can run none of them.
  if (auto* loan = thread_loan::here())
    loan->give_back();
  stop();
  supervisor_ = nullptr;
  directory_.publish(nullptr);
  changed_->publish(nullptr);
  office_.reset();
  spending_.reset();
  books_.reset();
  env_.reset();
  system_.reset();
}

supervisor_actor engine::supervisor_at_hand() const {
  return admission_.closed() || supervisor_down_.load() ? supervisor_actor{} : supervisor_;
}

std::shared_ptr<turn_context> engine::enter(turn_request&& request, const result<void>& valid,
                                            std::shared_ptr<event_sink> sink, turn& handle) {
  const auto number = last_number_.fetch_add(1) + 1;
  turn_guard::options opts;
  opts.id = env_->random->id("turn");
  const bool begun = request.conversation_id.empty();
  opts.conversation_id =
    begun ? env_->random->id_in_time("conv", env_->clock->wall()) : request.conversation_id;
  opts.sink = std::move(sink);
  opts.clock = env_->clock;
  opts.alarms = env_->alarms;
  error refusal;
  if (!valid)
    refusal = valid.error();
  else if (auto ticket = admission_.enter(); ticket)
    opts.ticket = std::move(*ticket);
  else
    refusal = ticket.error();
  auto at_hand = board_->get();
  if (refusal.code == errc::none && (!at_hand || supervisor_down_.load()))
    refusal = error{errc::shutting_down, "the runtime is not running"};
  if (refusal.code == errc::none && !books_->live.begin(number))
    refusal = error{errc::shutting_down, "the runtime is shutting down and takes no new turns"};
  // The caller's time may be what was refused, and it must not be over before that is said.
  const auto limit = (at_hand ? *at_hand->env : *env_).settings.turn_deadline;
  opts.accepted = env_->clock->now();
  opts.deadline =
    opts.accepted + (refusal.code == errc::none ? request.timeout.value_or(limit) : limit);
  if (refusal.code != errc::none) {
    env_->metrics->turn_refused(refusal.code);
    const auto guard = turn_guard::start(std::move(opts));
    handle = turn{guard};
    guard->fail(std::move(refusal));
    return nullptr;
  }
  auto context = std::make_shared<turn_context>();
  context->number = number;
  context->request = std::move(request);
  context->at_hand = std::move(at_hand);
  context->new_conversation = begun;
  context->account = std::make_shared<turn_account>(context->request.max_cost);
  opts.ending = [books = books_,
                 weak = std::weak_ptr<const turn_context>{context}](const turn_reply& reply) {
    static const turn_request unknown;
    const auto live = weak.lock();
    books->metrics->turn_ended(reply);
    books->statistics->turn_ended(live ? live->request : unknown, reply, books->clock->now());
  };
  opts.ended = [books = books_, number,
                weak = std::weak_ptr<const turn_context>{context}](const turn_reply& reply) {
    static const turn_context unknown = [] {
      turn_context made;
      made.account = std::make_shared<turn_account>(made.request.max_cost);
      return made;
    }();
    {
      const auto ended = weak.lock();
      log_turn(ended ? *ended : unknown, reply);
    }
    books->live.ended(number); // last: the runtime waits for no more
  };
  opts.decided = [books = books_,
                  weak = std::weak_ptr<const turn_context>{context}](const turn_event& event) {
    if (const auto live = weak.lock())
      books->feeds->decided(live->request.tenant, event);
  };
  context->guard = turn_guard::start(std::move(opts));
  handle = turn{context->guard};
  books_->live.note(number, context->guard);
  turn_event event;
  event.type = event_type::turn_started;
  event.text = context->guard->conversation_id();
  context->guard->offer(std::move(event));
  return context;
}

turn engine::submit(turn_request request, std::shared_ptr<event_sink> sink) {
  if (!request.detach)
    return begin(std::move(request), std::move(sink));
  auto relay = sessions_->detach(request, std::move(sink));
  auto started = begin(std::move(request), relay);
  sessions_->started(relay, started);
  return started;
}

turn engine::begin(turn_request&& request, std::shared_ptr<event_sink> sink) {
  turn handle;
  const auto valid = validate(request);
  if (auto context = enter(std::move(request), valid, std::move(sink), handle)) {
    thread_loan::more_comes();
    caf_compat::anon_send(supervisor_, submit_atom_v, turn_ptr{std::move(context)});
  }
  return handle;
}

void engine::agents(std::function<void(result<std::vector<agent_status>>)> done) {
  const auto now = board_->get();
  const auto env = now ? now->env : env_;
  std::vector<agent_status> all;
  for (std::size_t i = 0; i < env->agents.size(); ++i)
    all.push_back(status_of(*env, i, now && now->agents[i]));
  done(std::move(all));
}

health_report engine::health() const {
  health_report report;
  const auto now = board_->get();
  const auto env = now ? now->env : env_;
  const bool up = now && !supervisor_down_.load();
  report.draining = admission_.closed();
  report.ready = up && !report.draining;
  report.uptime = std::chrono::duration_cast<std::chrono::seconds>(env_->clock->now() - started_);
  report.version = version_;
  report.features = features_;
  report.turns_in_flight = admission_.in_flight();
  bool whole = up;
  const auto add = [&](std::string component, bool good, std::string detail) {
    whole = whole && good;
    report.components.push_back(
      {std::move(component), good ? "up" : (up ? "degraded" : "down"), std::move(detail)});
  };
  if (env->store) {
    const auto trouble = env->commits->trouble();
    add("store", now && now->store && now->survey && trouble.empty(), trouble);
  }
  for (std::size_t i = 0; i < env->providers.size(); ++i) {
    const auto trouble = trouble_of(*env->provider_state[i], env->clock->now());
    add("provider:" + env->providers[i].provider->name(),
        now && now->providers[i] && trouble.empty(), trouble);
  }
  for (std::size_t i = 0; i < env->agents.size(); ++i)
    if (!now || !now->agents[i])
      add("agent:" + env->agents[i]->name, false, "crashed too often and was given up");
  report.status = !up ? "down" : whole ? "ok" : "degraded";
  return report;
}

std::string engine::metrics_text() const {
  env_->metrics->turns_in_flight(admission_.in_flight());
  env_->metrics->sessions(static_cast<std::int64_t>(sessions_->size()),
                          static_cast<std::int64_t>(sessions_->shelf().held_sessions()),
                          static_cast<std::int64_t>(sessions_->shelf().size()));
  const auto at_hand = board_->get();
  const auto env = at_hand ? at_hand->env : env_;
  const auto now = env->clock->now();
  for (std::size_t i = 0; i < env->providers.size(); ++i) {
    const auto& state = *env->provider_state[i];
    const auto load = state.places->all();
    env->model_meters->show(env->providers[i].provider->name(), state.health.snapshot(now),
                            {load.running, load.waiting});
  }
  env_->cost_meters->show(env_->ledger->show(std::nullopt));
  auto text = env_->metrics->text();
  append_cache_metrics(text, office_->caches(), env_->answers->show_second());
  return text;
}

void engine::drain(milliseconds grace) {
  admission_.close();
  books_->live.close();
  sessions_->drain();
  books_->live.wait_for_none(grace);
  books_->live.fail_all(error{errc::shutting_down, "the runtime shut down before the turn ended"});
  books_->live.wait_for_none(sink_patience);
}

void engine::stop() {
  {
    const std::lock_guard lock{mutex_};
    if (stopped_)
      return;
    stopped_ = true;
  }
  admission_.close();
  books_->live.close();
  office_->stop();
  books_->live.fail_all(error{errc::cancelled, "the runtime was stopped"});
  sessions_->stop();
  caf_compat::anon_send(supervisor_, stop_atom_v);
  if (options_.virtual_time)
    run_virtual();
  books_->live.wait_for_none(sink_patience);
  board_->publish(nullptr);
  env_->alarms->close();
  directory()->release_waiting();
  if (options_.virtual_time)
    run_virtual();
  system_->await_all_actors_done();
  spending_->finish();
}

void engine::run_virtual() {
  dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler()).run();
}

} // namespace flipsync
