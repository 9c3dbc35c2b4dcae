#include "runtime/embed/spending_keeper.hpp"

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

/// Pause after a write that failed.
constexpr std::chrono::seconds pause{1};

} // namespace

/// One write on its way to the store. One that is lost with the store's actor is sent again.
class spending_keeper::errand {
public:
  explicit errand(std::weak_ptr<spending_keeper> owner) : owner_{std::move(owner)} {}
  ~errand() {
    if (const auto owner = owner_.lock(); owner && !done_)
      owner->keep_later();
  }
  errand(const errand&) = delete;
  errand& operator=(const errand&) = delete;

  void run(store_port& store, cost_ledger& ledger) {
    const auto rows = ledger.take_unsaved();
    done_ = true;
    if (rows.empty())
      return;
    if (const auto kept = store.spending()->add(rows); !kept) {
      ledger.give_back(rows);
      done_ = false;
      log::error("spending_not_kept", {{"reason", kept.error().message}});
    }
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
  env_->ledger->on_unsaved([weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->keep();
  });
  return {};
}

void spending_keeper::keep() {
  const auto at_hand = board_->get();
  if (!at_hand || !at_hand->store)
    return keep_later();
  auto work = [what = std::make_shared<errand>(weak_from_this()),
               ledger = env_->ledger](store_port& store) { what->run(store, *ledger); };
  caf_compat::anon_send(at_hand->store, run_atom_v,
                        std::make_shared<const std::function<void(store_port&)>>(std::move(work)));
}

void spending_keeper::keep_later() {
  env_->alarms->set(env_->clock->now() + pause, [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->keep();
  });
}

} // namespace flipsync
