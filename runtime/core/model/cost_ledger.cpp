#include "runtime/core/model/cost_ledger.hpp"

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::array<unsigned, 4> mark_percent{50, 80, 90, 100};

wall_time end_of(day_point day) { return wall_time{day + std::chrono::days{1}}; }

/// spent ≥ percent of most, without a product that could overflow.
bool has_reached(usd spent, usd most, unsigned percent) {
  return spent.nanos >= most.nanos / 100 * percent + most.nanos % 100 * percent / 100;
}

void add_to(
  std::map<std::tuple<day_point, std::string, std::string, std::string>, spending_row>& to,
  const spending_row& row) {
  auto& mine = to[{row.day, row.tenant, row.provider, row.model}];
  mine.day = row.day;
  mine.tenant = row.tenant;
  mine.provider = row.provider;
  mine.model = row.model;
  mine.answers += row.answers;
  mine.failures += row.failures;
  mine.tokens_in += row.tokens_in;
  mine.tokens_out += row.tokens_out;
  mine.cost += row.cost;
  mine.wasted += row.wasted;
}

} // namespace

cost_ledger::cost_ledger(std::shared_ptr<clock_port> clock, cost_limits limits,
                         std::shared_ptr<cost_watcher> watcher)
  : clock_{std::move(clock)},
    watcher_{std::move(watcher)},
    limits_{limits} {
  roll_locked();
}

cost_ledger::~cost_ledger() = default;

/// At midnight all spending begins anew; what is under way stays reserved, and counts for the day
/// in which it is settled.
void cost_ledger::roll_locked() {
  const auto now = std::chrono::floor<std::chrono::days>(clock_->wall());
  if (now <= day_) // a wall clock may be set back
    return;
  day_ = now;
  const auto begin_anew = [](account& of) {
    of.spent = {};
    of.told = {};
  };
  begin_anew(all_);
  for (auto& [name, of] : tenants_)
    begin_anew(*of);
  for (auto& [name, of] : conversations_)
    begin_anew(of->money);
  totals_.clear();
}

std::shared_ptr<cost_ledger::conversation_account>
cost_ledger::conversation_locked(const spender& who) {
  if (who.conversation.empty() || limits_.conversation.nanos == 0)
    return nullptr;
  auto key = who.tenant;
  key.push_back('\0');
  key += who.conversation;
  if (const auto found = conversations_.find(key); found != conversations_.end()) {
    by_use_.splice(by_use_.end(), by_use_, found->second->used);
    return found->second;
  }
  if (conversations_.size() >= max_conversations) {
    conversations_.erase(by_use_.front());
    by_use_.pop_front();
  }
  auto fresh = std::make_shared<conversation_account>();
  fresh->used = by_use_.insert(by_use_.end(), key);
  return conversations_.emplace(std::move(key), std::move(fresh)).first->second;
}

error cost_ledger::refusal_locked(std::string_view limit, usd of, usd spent, usd held,
                                  usd needed) const {
  const bool of_turn = limit == "request";
  error why{errc::over_budget, "the "
                                 + std::string{of_turn          ? "request's"
                                               : limit == "day" ? "day's"
                                                                : limit}
                                 + (limit == "day" || of_turn ? "" : "'s daily") + " limit of $"
                                 + to_decimal(of) + " leaves $"
                                 + to_decimal(std::max(usd{}, of - spent - held))
                                 + ", and the next model call may cost $" + to_decimal(needed)};
  why.with("limit", std::string{limit})
    .with("limit_usd", to_decimal(of))
    .with("spent_usd", to_decimal(spent))
    .with("reserved_usd", to_decimal(held))
    .with("needed_usd", to_decimal(needed));
  if (!of_turn) {
    why.with("resets_at", to_rfc3339(end_of(day_)));
    why.retry_after = end_of(day_) - clock_->wall();
  }
  return why;
}

result<std::shared_ptr<cost_ledger::hold>> cost_ledger::reserve(spender who, usd most) {
  std::shared_ptr<hold> made;
  std::vector<news> to_tell;
  error why;
  {
    const std::lock_guard lock{mutex_};
    roll_locked();
    auto& tenant = tenants_[who.tenant];
    if (!tenant)
      tenant = std::make_shared<account>();
    auto conversation = conversation_locked(who);
    auto& turn = *who.turn;
    const auto turn_spent = turn.cost() + turn.wasted();
    auto of_turn = limits_.request.nanos > 0 ? std::optional{limits_.request} : std::nullopt;
    if (turn.limit_ && (!of_turn || *turn.limit_ < *of_turn))
      of_turn = turn.limit_;
    const auto exceeds = [most](usd of, usd spent, usd held) {
      return of.nanos > 0 && spent + held + most > of;
    };
    if (of_turn && turn_spent + turn.held_ + most > *of_turn) {
      why = refusal_locked("request", *of_turn, turn_spent, turn.held_, most);
    } else if (conversation
               && exceeds(limits_.conversation, conversation->money.spent,
                          conversation->money.held)) {
      why = refusal_locked("conversation", limits_.conversation, conversation->money.spent,
                           conversation->money.held, most);
    } else if (exceeds(limits_.tenant, tenant->spent, tenant->held)) {
      why = refusal_locked("tenant", limits_.tenant, tenant->spent, tenant->held, most);
      note_locked(*tenant, "tenant", who.tenant, limits_.tenant, true, to_tell);
    } else if (exceeds(limits_.day, all_.spent, all_.held)) {
      why = refusal_locked("day", limits_.day, all_.spent, all_.held, most);
      note_locked(all_, "day", {}, limits_.day, true, to_tell);
    } else {
      turn.held_ += most;
      tenant->held += most;
      all_.held += most;
      if (conversation)
        conversation->money.held += most;
      made.reset(new hold{shared_from_this(), std::move(who), most});
      made->tenant_ = tenant;
      made->conversation_ = std::move(conversation);
    }
  }
  if (made)
    return made;
  if (watcher_)
    watcher_->refused(why.detail("limit"));
  tell(to_tell);
  return why;
}

void cost_ledger::note_locked(account& of, std::string_view limit, const std::string& tenant,
                              usd most, bool refused, std::vector<news>& out) const {
  if (most.nanos == 0)
    return;
  for (std::size_t i = 0; i < mark_percent.size(); ++i) {
    const bool last = i + 1 == mark_percent.size();
    if (of.told[i] || !(has_reached(of.spent, most, mark_percent[i]) || (last && refused)))
      continue;
    of.told[i] = true;
    out.push_back({limit, tenant, mark_percent[i], of.spent, most});
  }
}

void cost_ledger::mark_silently_locked(account& of, usd most) const {
  for (std::size_t i = 0; i < mark_percent.size(); ++i)
    of.told[i] = most.nanos > 0 && has_reached(of.spent, most, mark_percent[i]);
}

void cost_ledger::tell(const std::vector<news>& all) const {
  if (!watcher_)
    return;
  for (const auto& each : all)
    watcher_->reached(each.limit, each.tenant, each.percent, each.spent, each.of);
}

void cost_ledger::add_row_locked(const hold& what, const charge& paid) {
  spending_row row{day_, what.who_.tenant, what.who_.provider, what.who_.model};
  if (totals_.size() >= max_rows
      && totals_.count({row.day, row.tenant, row.provider, row.model}) == 0)
    row.model = "other";
  (paid.answered ? row.answers : row.failures) = 1;
  row.tokens_in = paid.tokens_in;
  row.tokens_out = paid.tokens_out;
  (paid.answered ? row.cost : row.wasted) = paid.amount;
  add_to(totals_, row);
  add_to(unsaved_, row);
}

void cost_ledger::settle(hold& what, const charge& paid) {
  std::vector<news> to_tell;
  std::function<void()> unsaved;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(what.settled_, true))
      return;
    roll_locked();
    auto& turn = *what.who_.turn;
    turn.held_ -= what.most_;
    (paid.answered ? turn.cost_ : turn.wasted_) += paid.amount.nanos;
    const auto move = [&](account& of) {
      of.held -= what.most_;
      of.spent += paid.amount;
    };
    move(all_);
    move(*what.tenant_);
    if (what.conversation_)
      move(what.conversation_->money);
    if (paid.amount.nanos > 0 || paid.answered) {
      if (unsaved_.empty())
        unsaved = on_unsaved_;
      add_row_locked(what, paid);
    }
    note_locked(*what.tenant_, "tenant", what.who_.tenant, limits_.tenant, false, to_tell);
    note_locked(all_, "day", {}, limits_.day, false, to_tell);
  }
  if (watcher_ && paid.amount.nanos > 0)
    watcher_->charged(what.who_.provider, what.who_.model, paid.amount, !paid.answered);
  tell(to_tell);
  if (unsaved)
    unsaved();
}

void cost_ledger::move(hold& what, std::string conversation, std::shared_ptr<turn_account> turn) {
  const std::lock_guard lock{mutex_};
  if (what.settled_)
    return;
  const auto hold_for = [&what](usd amount) {
    what.who_.turn->held_ += amount;
    if (what.conversation_)
      what.conversation_->money.held += amount;
  };
  hold_for(usd{} - what.most_);
  what.who_.conversation = std::move(conversation);
  what.who_.turn = std::move(turn);
  what.conversation_ = conversation_locked(what.who_);
  hold_for(what.most_);
}

void cost_ledger::release(hold& what) {
  const std::lock_guard lock{mutex_};
  if (std::exchange(what.settled_, true))
    return;
  what.who_.turn->held_ -= what.most_;
  what.tenant_->held -= what.most_;
  all_.held -= what.most_;
  if (what.conversation_)
    what.conversation_->money.held -= what.most_;
}

void cost_ledger::set_limits(const cost_limits& limits) {
  const std::lock_guard lock{mutex_};
  limits_ = limits;
  // What is passed already is not told again; a limit that was raised may be reached anew.
  mark_silently_locked(all_, limits_.day);
  for (auto& [name, of] : tenants_)
    mark_silently_locked(*of, limits_.tenant);
}

cost_limits cost_ledger::limits() const {
  const std::lock_guard lock{mutex_};
  return limits_;
}

void cost_ledger::recall(const std::vector<spending_row>& rows) {
  const std::lock_guard lock{mutex_};
  roll_locked();
  for (const auto& row : rows) {
    if (row.day != day_)
      continue;
    add_to(totals_, row);
    auto& tenant = tenants_[row.tenant];
    if (!tenant)
      tenant = std::make_shared<account>();
    tenant->spent += row.cost + row.wasted;
    all_.spent += row.cost + row.wasted;
  }
  mark_silently_locked(all_, limits_.day);
  for (auto& [name, of] : tenants_)
    mark_silently_locked(*of, limits_.tenant);
}

void cost_ledger::on_unsaved(std::function<void()> call) {
  const std::lock_guard lock{mutex_};
  on_unsaved_ = std::move(call);
}

bool cost_ledger::has_unsaved() const {
  const std::lock_guard lock{mutex_};
  return !unsaved_.empty();
}

std::vector<spending_row> cost_ledger::take_unsaved() {
  const std::lock_guard lock{mutex_};
  std::vector<spending_row> out;
  out.reserve(unsaved_.size());
  for (auto& [key, row] : unsaved_)
    out.push_back(std::move(row));
  unsaved_.clear();
  return out;
}

void cost_ledger::give_back(const std::vector<spending_row>& rows) {
  if (rows.empty())
    return;
  std::function<void()> unsaved;
  {
    const std::lock_guard lock{mutex_};
    if (unsaved_.empty())
      unsaved = on_unsaved_;
    for (const auto& row : rows)
      add_to(unsaved_, row);
  }
  if (unsaved)
    unsaved();
}

budget_view cost_ledger::show(const std::optional<std::string>& tenant) const {
  const std::lock_guard lock{mutex_};
  budget_view out;
  out.day = std::chrono::floor<std::chrono::days>(clock_->wall());
  out.resets_at = end_of(out.day);
  out.per_request = limits_.request;
  out.per_conversation = limits_.conversation;
  const bool stale = out.day > day_; // nothing was spent since midnight
  const auto line = [&](std::string_view limit, const std::string& of, usd most,
                        const account& money) {
    out.lines.push_back({std::string{limit}, of, most, stale ? usd{} : money.spent, money.held});
  };
  if (!tenant)
    line("day", {}, limits_.day, all_);
  for (const auto& [name, money] : tenants_)
    if (!tenant || *tenant == name)
      line("tenant", name, limits_.tenant, *money);
  if (tenant && tenants_.find(*tenant) == tenants_.end())
    line("tenant", *tenant, limits_.tenant, {});
  if (!stale)
    for (const auto& [key, row] : totals_)
      if (!tenant || *tenant == row.tenant)
        out.rows.push_back(row);
  return out;
}

day_point cost_ledger::today() const {
  return std::chrono::floor<std::chrono::days>(clock_->wall());
}

cost_ledger::hold::~hold() { ledger_->release(*this); }

void cost_ledger::hold::settle(const charge& paid) { ledger_->settle(*this, paid); }

void cost_ledger::hold::move_to(std::string conversation, std::shared_ptr<turn_account> turn) {
  ledger_->move(*this, std::move(conversation), std::move(turn));
}

} // namespace flipsync
