#include "runtime/core/agent/gather_actor.hpp"

#include <algorithm>

#include "runtime/core/agent/rules_part.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/core/turn/compose_reply.hpp"

namespace flipsync {

namespace {

/// What the plan's skills want to read, each skill asked once.
std::shared_ptr<fetched_rows> wanted_rows(const part_plan& plan, const skill_input& input,
                                          const agent_library& library) {
  auto wanted = std::make_shared<fetched_rows>();
  for (const auto& contract : plan)
    for (const auto& name : contract.skills)
      if (const auto* found = library.find_skill(name); found && !wanted->find(name))
        wanted->ask(name, found->needs(input));
  return wanted;
}

} // namespace

gather_state::gather_state(gather_actor::pointer self, gather_config config)
  : self_{self},
    config_{std::move(config)},
    slots_(config_.plan->size()) {}

gather_state::~gather_state() {
  config_.task->turn->guard->unlisten(listener_);
  config_.env->alarms->take_back(alarm_);
}

gather_actor::behavior_type gather_state::make_behavior() {
  return {
    [this](run_atom) -> caf::result<gathered_ptr> {
      promise_ = self_->make_response_promise<gathered_ptr>();
      auto promise = promise_;
      listener_ =
        config_.task->turn->guard->listen([weak = caf::weak_actor_ptr{self_->ctrl()}](errc) {
          if (const auto strong = weak.lock())
            caf_compat::anon_send(caf::actor_cast<gather_actor>(strong), ended_atom_v,
                                  std::uint64_t{0});
        });
      fail_circles();
      set_slices();
      read_rows();
      return promise;
    },
    [this](go_on_atom) -> caf::result<void> {
      go_on();
      return caf::unit;
    },
    [this](expire_atom) -> caf::result<void> {
      expire();
      return caf::unit;
    },
    [this](ended_atom, std::uint64_t) -> caf::result<void> {
      for (std::size_t i = 0; i < slots_.size(); ++i)
        cut_off(i, part_status::cancelled, error{errc::cancelled, "the turn has ended"});
      finish_if_done();
      return caf::unit;
    },
  };
}

void gather_state::set_slices() {
  const auto& guard = *config_.task->turn->guard;
  const auto whole = guard.deadline() - guard.accepted();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto share = std::clamp((*config_.plan)[i].deadline_share, 0.0, 1.0);
    if (share >= 1.0)
      continue; // the guard's own deadline
    slots_[i].slice =
      guard.accepted()
      + std::chrono::duration_cast<std::chrono::steady_clock::duration>(whole * share);
  }
  set_alarm();
}

void gather_state::set_alarm() {
  std::optional<mono_time> earliest;
  for (const auto& each : slots_)
    if (!each.ended && each.slice && (!earliest || *each.slice < *earliest))
      earliest = each.slice;
  if (!earliest)
    return;
  alarm_ = config_.env->alarms->set(*earliest, [weak = caf::weak_actor_ptr{self_->ctrl()}] {
    if (const auto strong = weak.lock())
      caf_compat::anon_send(caf::actor_cast<gather_actor>(strong), expire_atom_v);
  });
}

void gather_state::expire() {
  const auto now = config_.env->clock->now();
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].slice && *slots_[i].slice <= now)
      cut_off(i, part_status::timed_out,
              error{errc::deadline_exceeded, "the part did not end within its share of the time"});
  go_on();
  if (!done_)
    set_alarm();
}

/// Rows come from the cache where it has them; the rest in one request to the store.
void gather_state::read_rows() {
  const auto& task = *config_.task;
  const auto& env = *config_.env;
  const auto input = input_for(task, *config_.spec, env);
  rows_ = wanted_rows(*config_.plan, input, *env.library);
  auto batch = std::make_shared<read_batch>();
  batch->who = input.who;
  batch->now = input.now;
  std::vector<std::size_t> places; ///< in rows_, of the batch's queries
  const auto version = env.store ? env.store->catalogue_version() : 0;
  for (std::size_t i = 0; i < rows_->queries.size(); ++i) {
    rows_->rows[i] = env.reads->get(batch->who, rows_->queries[i], version);
    if (rows_->rows[i])
      continue;
    batch->queries.push_back(rows_->queries[i]);
    places.push_back(i);
  }
  const auto ready = [this] {
    rows_ready_ = true;
    start_ready_parts();
    finish_if_done();
  };
  if (batch->queries.empty())
    return ready();
  // Parts that read nothing need not wait for those that do.
  start_ready_parts();
  const auto read_from = [&](const auto& reader) {
    if (!reader)
      return ready();
    caf_compat::ask(self_, reader, read_atom_v, read_batch_ptr{batch})
      .then(
        [this, batch, places, ready](const read_result_ptr& read) {
          for (std::size_t i = 0; i < read->rows.size() && i < places.size(); ++i) {
            // The result's own rows, kept alive by the result: nothing is copied.
            const std::shared_ptr<const store_rows> rows{read, &read->rows[i]};
            config_.env->reads->put(batch->who, batch->queries[i], read->catalogue_version, rows);
            rows_->rows[places[i]] = rows;
          }
          ready();
        },
        // The parts that miss their rows say so themselves.
        [ready](const caf::error&) { ready(); });
  };
  // All of the batch from one of them, so that it is one snapshot.
  const auto& at_hand = *task.turn->at_hand;
  if (std::any_of(batch->queries.begin(), batch->queries.end(), reads_whole_shop))
    read_from(at_hand.survey);
  else
    read_from(at_hand.store);
}

std::optional<std::size_t> gather_state::gate_of(std::size_t index) const {
  const auto& wanted = (*config_.plan)[index].after;
  for (std::size_t i = 0; !wanted.empty() && i < config_.plan->size(); ++i)
    if ((*config_.plan)[i].name == wanted)
      return i;
  return std::nullopt;
}

/// What waits for itself would wait until its time is over: a plan and the parts configured over it
/// may come to that together.
void gather_state::fail_circles() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto gate = gate_of(i);
    for (std::size_t steps = 1; gate && *gate != i && steps < slots_.size(); ++steps)
      gate = gate_of(*gate);
    if (gate != i)
      continue;
    auto circle = (*config_.plan)[i].name;
    do {
      gate = gate_of(*gate);
      circle += " after " + (*config_.plan)[*gate].name;
    } while (gate != i);
    cut_off(i, part_status::failed, error{errc::internal, "the part waits for itself: " + circle});
  }
}

/// True where nothing holds the part up any more. One that is not wanted ends here.
bool gather_state::may_start(std::size_t index) {
  const auto& mine = slots_[index];
  const auto& contract = (*config_.plan)[index];
  if (mine.started || mine.ended || (!rows_ready_ && !contract.skills.empty()))
    return false;
  const auto gate = gate_of(index);
  if (!gate)
    return true;
  const auto& before = slots_[*gate];
  if (!before.ended)
    return false;
  const auto status = before.outcome->report.status;
  if (status == part_status::cancelled) {
    cut_off(index, part_status::cancelled, error{errc::cancelled, "the turn has ended"});
    return false;
  }
  // A decision that failed decides nothing: showing what was found is the harmless side.
  const bool decided = status != part_status::failed && status != part_status::timed_out;
  if (decided && !says_yes(*before.outcome)) {
    cut_off(index, part_status::skipped, {});
    return false;
  }
  return true;
}

/// Models are asked first: rules run while they think. What waits for a rule is looked at again.
void gather_state::start_ready_parts() {
  if (done_)
    return;
  const auto ended = [this] {
    return std::count_if(slots_.begin(), slots_.end(), [](const slot& each) { return each.ended; });
  };
  bool asked = false;
  // A part that ended in a pass, begun or not, may be what another one waits for.
  for (auto before = ended() - 1; before < ended();) {
    before = ended();
    for (const bool by_model : {true, false}) {
      if (!by_model && asked && put_rules_off())
        return;
      for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (((*config_.plan)[i].source == part_source::model) != by_model || !may_start(i))
          continue;
        begin(i);
        asked = asked || by_model;
        if (by_model)
          ask_model(i);
        else
          end_part(i, std::make_shared<part_outcome>(run_rules(work_of(i), *config_.env)));
      }
    }
  }
}

/// On a lent thread everything is done one after the other, and the calls would go out only after
/// the rules: these come later there, while the thread would only wait for the answer. Elsewhere,
/// false.
bool gather_state::put_rules_off() {
  const auto waits = [](const slot& each) { return !each.started && !each.ended; };
  if (std::none_of(slots_.begin(), slots_.end(), waits))
    return false;
  return thread_loan::later([weak = caf::weak_actor_ptr{self_->ctrl()}] {
    if (const auto strong = weak.lock())
      caf_compat::anon_send(caf::actor_cast<gather_actor>(strong), go_on_atom_v);
  });
}

void gather_state::begin(std::size_t index) {
  slots_[index].started = true;
  slots_[index].began = config_.env->clock->now();
  turn_event event;
  event.type = event_type::part_started;
  event.text = (*config_.plan)[index].name;
  event.required = (*config_.plan)[index].required;
  config_.task->turn->guard->offer(std::move(event));
}

part_task gather_state::work_of(std::size_t index) {
  part_task work;
  work.task = config_.task;
  work.spec = config_.spec;
  work.contract = &(*config_.plan)[index];
  // Complete by now for a part with skills, and not touched by one without.
  work.rows = rows_.get();
  work.memo = &memo_;
  return work;
}

void gather_state::ask_model(std::size_t index) {
  auto& mine = slots_[index];
  auto work = work_of(index);
  mine.scope = cancel_scope::within(config_.task->turn->guard);
  work.scope = mine.scope;
  auto question = ask_of(work, *config_.env);
  if (!question)
    return cut_off(index, part_status::failed, question.error());
  const auto call = question->call;
  caf_compat::ask(self_, config_.task->turn->at_hand->gateway, generate_atom_v, call)
    .then([this, index, question = std::move(*question)](
            const model_outcome_ptr& outcome) { take_answer(index, question, *outcome); },
          [this, index](const caf::error& why) {
            cut_off(index, part_status::failed, from_caf(why));
            go_on();
          });
}

void gather_state::take_answer(std::size_t index, const model_question& question,
                               const model_outcome& outcome) {
  if (slots_[index].ended)
    return;
  auto part = std::make_shared<part_outcome>(answered((*config_.plan)[index], question, outcome));
  part->report.took = since(slots_[index].began);
  end_part(index, std::move(part));
  go_on();
}

std::chrono::microseconds gather_state::since(mono_time then) const {
  return std::chrono::duration_cast<std::chrono::microseconds>(config_.env->clock->now() - then);
}

/// What a lost required part makes pointless ends with it.
void gather_state::end_part(std::size_t index, part_outcome_ptr outcome) {
  auto& mine = slots_[index];
  if (mine.ended)
    return;
  mine.ended = true;
  mine.outcome = std::move(outcome);
  offer_finished(mine.outcome);
  drop_if_lost(mine.outcome->report);
}

void gather_state::drop_if_lost(const part_report& report) {
  if (!report.required
      || (report.status != part_status::failed && report.status != part_status::timed_out))
    return;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    cut_off(i, part_status::cancelled,
            error{errc::cancelled, "the required part '" + report.name + "' failed"});
}

/// After a part has ended: what waited for it may start.
void gather_state::go_on() {
  start_ready_parts();
  finish_if_done();
}

/// Ends a part from here, and its call if it has one.
void gather_state::cut_off(std::size_t index, part_status status, error why) {
  if (index >= slots_.size() || slots_[index].ended)
    return;
  auto& mine = slots_[index];
  mine.ended = true;
  if (mine.scope)
    mine.scope->cancel();
  auto outcome = std::make_shared<part_outcome>();
  auto& report = outcome->report;
  report.name = (*config_.plan)[index].name;
  report.required = (*config_.plan)[index].required;
  report.status = status;
  report.why = std::move(why);
  if (mine.started)
    report.took = since(mine.began);
  mine.outcome = std::move(outcome);
  if (mine.started)
    offer_finished(mine.outcome);
  drop_if_lost(mine.outcome->report);
}

void gather_state::offer_finished(const part_outcome_ptr& outcome) {
  turn_event event;
  event.type = event_type::part_finished;
  event.text = outcome->report.name;
  event.part = {outcome, &outcome->report};
  config_.task->turn->guard->offer(std::move(event));
}

void gather_state::finish_if_done() {
  if (done_ || !std::all_of(slots_.begin(), slots_.end(), [](const slot& s) { return s.ended; }))
    return;
  done_ = true;
  auto all = std::make_shared<gathered>();
  for (auto& each : slots_)
    all->parts.push_back(std::move(each.outcome));
  promise_.deliver(gathered_ptr{std::move(all)});
  self_->quit();
}

} // namespace flipsync
