#include "runtime/embed/spending_keeper.hpp"

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

/// How long a turn's commit is waited for. A kill -9 loses as much of what unstored turns cost.
constexpr milliseconds batch_pause{20};
/// Pause after a write that failed.
constexpr milliseconds pause_after_failure{1000};

void tell(const error& why) { log::error("spending_not_kept", {{"reason", why.message}}); }

} // namespace

/// One write on its way to the store. One that is lost with the store's actor is sent again.
class spending_keeper::errand {
public:
  explicit errand(std::weak_ptr<spending_keeper> owner) : owner_{std::move(owner)} {}
  ~errand() {
    const auto owner = owner_.lock();
    if (!owner)
      return;
    if (done_)
      owner->rest();
    else
      owner->ring_in(pause_after_failure);
  }
  errand(const errand&) = delete;
  errand& operator=(const errand&) = delete;

  void run(store_port& store) {
    const auto kept = store.spending()->keep();
    if (const auto owner = owner_.lock())
      owner->env_->commits->note(kept);
    done_ = kept.has_value();
    if (!kept)
      tell(kept.error());
  }

private:
  std::weak_ptr<spending_keeper> owner_;
  bool done_ = false; ///< only the store's thread, then the destructor
};

spending_keeper::spending_keeper(std::shared_ptr<const environment> env,
                                 std::shared_ptr<services_board> board)
  : env_{std::move(env)},
    board_{std::move(board)} {}

result<void> spending_keeper::start() {
  auto* book = env_->store ? env_->store->spending() : nullptr;
  if (book == nullptr)
    return {};
  const auto kept = book->of_day(env_->ledger->today());
  if (!kept)
    return kept.error();
  env_->ledger->recall(*kept);
  book->follow(env_->ledger);
  env_->ledger->on_unsaved([weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->keep_in(batch_pause);
  });
  return {};
}

void spending_keeper::finish() {
  auto* book = env_->store ? env_->store->spending() : nullptr;
  if (book == nullptr)
    return;
  if (const auto kept = book->keep(); !kept)
    tell(kept.error());
}

void spending_keeper::keep_in(milliseconds pause) {
  if (!set_.exchange(true))
    ring_in(pause);
}

void spending_keeper::ring_in(milliseconds pause) {
  env_->alarms->set(env_->clock->now() + pause, [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->ring();
  });
}

void spending_keeper::ring() {
  if (!env_->ledger->has_unsaved())
    return rest();
  const auto at_hand = board_->get();
  if (!at_hand || !at_hand->store)
    return ring_in(pause_after_failure);
  auto work = [what = std::make_shared<errand>(weak_from_this())](store_port& store) {
    what->run(store);
  };
  caf_compat::anon_send(at_hand->store, run_atom_v,
                        std::make_shared<const std::function<void(store_port&)>>(std::move(work)));
}

void spending_keeper::rest() {
  set_.store(false);
  if (env_->ledger->has_unsaved())
    keep_in(batch_pause);
}

} // namespace flipsync
