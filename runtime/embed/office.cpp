#include "runtime/embed/office.hpp"

#include <algorithm>

#include "runtime/core/agent/age_rules.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

/// How long a caller of the office waits at most (back_office.hpp).
constexpr milliseconds office_patience{10'000};

error no_conversation() {
  return error{errc::not_found, "there is no such conversation"}.with("field", "id");
}

std::string key_of_conversation(std::string tenant, const std::string& id) {
  tenant.push_back('\0');
  return tenant += id;
}

} // namespace

agent_status status_of(const environment& env, std::size_t index, bool up) {
  const auto& spec = *env.agents[index];
  const auto& counters = *env.counters[index];
  agent_status status;
  status.name = spec.name;
  status.aliases = spec.aliases;
  status.title = spec.title;
  status.who = spec.who;
  status.state = !up ? "down" : counters.paused.load() ? "paused" : "up";
  status.skills = spec.skills;
  status.in_flight = counters.in_flight.load();
  status.turns = counters.turns.load();
  status.failures = counters.failures.load();
  status.restarts = counters.restarts.load();
  const auto spread = counters.latency.spread();
  status.median = spread.p50;
  status.p95 = spread.p95;
  status.p99 = spread.p99;
  return status;
}

office::office(office_host& host, std::shared_ptr<const environment> env,
               std::shared_ptr<services_board> board, std::shared_ptr<turn_statistics> statistics,
               std::shared_ptr<importer_port> importer, std::shared_ptr<reloader_port> reloader)
  : host_{host},
    env_{std::move(env)},
    board_{std::move(board)},
    statistics_{std::move(statistics)},
    sweeper_{std::make_shared<conversation_sweeper>(env_, board_)},
    reloader_{std::move(reloader)} {
  if (importer)
    imports_ = std::make_shared<import_runner>(std::move(importer));
}

office::~office() = default;

void office::stop() {
  if (imports_)
    imports_->stop();
}

template <class T>
std::shared_ptr<awaited<T>> office::await(callback<T> done) const {
  auto asked = std::make_shared<awaited<T>>(std::move(done));
  asked->limit(env_->alarms, env_->clock->now() + office_patience);
  return asked;
}

template <class T>
void office::ask_store(const std::shared_ptr<awaited<T>>& asked,
                       std::function<void(store_port&, awaited<T>&)> work) const {
  if (!env_->store)
    return asked->answer(error{errc::not_found, "this runtime has no store"});
  const auto at_hand = board_->get();
  if (!at_hand || !at_hand->store)
    return asked->answer(error{errc::store_failed, "the store is down"});
  // Whoever gave up waiting wants no more work done for it.
  auto run = [asked, work = std::move(work)](store_port& store) {
    if (!asked->answered())
      work(store, *asked);
  };
  caf_compat::anon_send(at_hand->store, run_atom_v,
                        std::make_shared<const std::function<void(store_port&)>>(std::move(run)));
}

template <class T>
void office::ask_archive(const std::shared_ptr<awaited<T>>& asked,
                         std::function<result<T>(conversation_archive&)> work) const {
  ask_store<T>(asked, [work = std::move(work)](store_port& store, awaited<T>& caller) {
    auto* archive = store.archive();
    if (archive == nullptr)
      return caller.answer(error{errc::not_found, "the store keeps no list of conversations"});
    caller.answer(work(*archive));
  });
}

// --- conversations ------------------------------------------------------------------------------

void office::conversations(std::string tenant, std::uint64_t before, std::uint32_t limit,
                           callback<conversation_page> done) {
  ask_archive<conversation_page>(await(std::move(done)), [tenant = std::move(tenant), before,
                                                          limit](conversation_archive& from) {
    return from.conversations(tenant, before, limit);
  });
}

void office::begin_conversation(std::string tenant, conversation_summary wanted,
                                callback<conversation_summary> done) {
  wanted.begun_at = wanted.last_at = env_->clock->wall();
  wanted.id = env_->random->id_in_time("conv", wanted.begun_at);
  ask_archive<conversation_summary>(await(std::move(done)),
                                    [tenant = std::move(tenant), wanted = std::move(wanted)](
                                      conversation_archive& in) -> result<conversation_summary> {
                                      if (const auto kept = in.begin(tenant, wanted); !kept)
                                        return kept.error();
                                      return wanted;
                                    });
}

void office::messages(std::string tenant, std::string id, audience who, std::uint64_t after,
                      std::uint32_t limit, callback<message_page> done) {
  ask_archive<message_page>(
    await(std::move(done)),
    [tenant = std::move(tenant), id = std::move(id), who, after, limit,
     open = env_->shopper_agents()](conversation_archive& from) -> result<message_page> {
      // What a seller was told may hold costs: the whole conversation, or turns in a shopper's.
      auto found =
        from.messages(tenant, id, after, limit, who == audience::shopper ? &open : nullptr);
      if (!found)
        return found.error();
      if (!*found || (who == audience::shopper && (*found)->conversation.who != audience::shopper))
        return no_conversation();
      return std::move(**found);
    });
}

void office::remove_conversation(std::string tenant, std::string id, callback<void> done) {
  const auto asked = await(std::move(done));
  const auto supervisor = host_.supervisor_at_hand();
  if (!supervisor)
    return asked->answer(error{errc::shutting_down, "the runtime is not running"});
  const auto key = key_of_conversation(tenant, id);
  auto gone = [this, asked, tenant = std::move(tenant), id = std::move(id)] {
    const auto now = board_->get();
    (now ? now->env : env_)->readings->clear(); // which of them were its own is not known
    ask_archive<void>(asked, [tenant, id](conversation_archive& from) -> result<void> {
      const auto removed = from.remove(tenant, id);
      if (!removed)
        return removed.error();
      return *removed ? result<void>{} : no_conversation();
    });
  };
  caf_compat::anon_send(supervisor, forget_atom_v, key,
                        std::make_shared<const std::function<void()>>(std::move(gone)));
}

// --- agents -------------------------------------------------------------------------------------

result<agent_status> office::pause_agent(std::string_view name, bool paused) {
  const auto now = board_->get();
  const auto env = now ? now->env : env_;
  for (std::size_t i = 0; i < env->agents.size(); ++i) {
    const auto& spec = *env->agents[i];
    if (spec.name != name
        && std::find(spec.aliases.begin(), spec.aliases.end(), name) == spec.aliases.end())
      continue;
    env->turns->outdate(); // what it has said is not said for it while it is paused
    if (env->counters[i]->paused.exchange(paused) != paused)
      log::info(paused ? "agent_paused" : "agent_resumed", {{"agent", spec.name}});
    return status_of(*env, i, now && now->agents[i]);
  }
  return error{errc::not_found, "there is no agent of this name"}.with("field", "name");
}

// --- catalogue ----------------------------------------------------------------------------------

age_gate office::gate_for(const catalogue_viewer& viewer) const {
  if (viewer.who != audience::shopper || viewer.age_confirmed)
    return {};
  const auto now = board_->get();
  return {true, (now ? now->env : env_)->rules.age_gated_categories};
}

void office::search_products(catalogue_viewer viewer, product_search wanted,
                             callback<product_search_rows> done) {
  wanted.gate = gate_for(viewer);
  read_batch batch{viewer.who, {std::move(wanted)}, env_->clock->wall()};
  ask_store<product_search_rows>(
    await(std::move(done)),
    [batch = std::move(batch)](store_port& store, awaited<product_search_rows>& caller) {
      auto rows = store.read(batch);
      if (!rows)
        return caller.answer(rows.error());
      caller.answer(std::get<product_search_rows>(std::move(rows->rows.front())));
    });
}

void office::product_of(catalogue_viewer viewer, std::string sku, callback<product> done) {
  read_batch batch{viewer.who, {product_dossier{std::move(sku), {}}}, env_->clock->wall()};
  ask_store<product>(await(std::move(done)), [batch = std::move(batch), gate = gate_for(viewer)](
                                               store_port& store, awaited<product>& caller) {
    auto rows = store.read(batch);
    if (!rows)
      return caller.answer(rows.error());
    auto& row = std::get<product_dossier_row>(rows->rows.front());
    // What is withheld is not there for this viewer.
    if (!row.item || (gate.closed && is_for_adults(*row.item, gate.categories)))
      return caller.answer(error{errc::not_found, "there is no such product"}.with("field", "sku"));
    caller.answer(std::move(*row.item));
  });
}

result<std::shared_ptr<upload>> office::import(import_request wanted, std::function<void()> room,
                                               callback<import_outcome> done) {
  if (!imports_)
    return error{errc::not_found, "this runtime imports nothing"};
  return imports_->begin(std::move(wanted), std::move(room), std::move(done));
}

void office::reload(callback<reload_report> done) {
  if (!reloader_)
    return done(error{errc::not_found, "this runtime was not started from a configuration"});
  reloader_->reload(std::move(done));
}

} // namespace flipsync
