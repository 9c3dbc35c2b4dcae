#include "runtime/embed/conversation_sweeper.hpp"

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

/// Conversations that one step looks at.
constexpr std::uint32_t step = 500;
constexpr milliseconds between_steps{100};
constexpr milliseconds between_rounds{std::chrono::hours{1}};
constexpr milliseconds after_loss{std::chrono::minutes{1}};

} // namespace

/// One step on its way to the store. One that is lost with the store's actor is sent again.
class conversation_sweeper::errand {
public:
  errand(std::weak_ptr<conversation_sweeper> owner, std::uint64_t row)
    : owner_{std::move(owner)},
      row_{row} {}
  ~errand() {
    if (const auto owner = done_ ? nullptr : owner_.lock())
      owner->go_on(row_, after_loss);
  }
  errand(const errand&) = delete;
  errand& operator=(const errand&) = delete;

  void run(store_port& store) {
    if (const auto owner = owner_.lock())
      owner->look_in(store, row_);
    done_ = true;
  }

private:
  std::weak_ptr<conversation_sweeper> owner_;
  std::uint64_t row_;
  bool done_ = false; ///< only the store's thread, then the destructor
};

void conversation_sweeper::start() {
  if (env_->store && env_->settings.keep_conversations.count() > 0)
    look_from(0);
}

void conversation_sweeper::go_on(std::uint64_t row, milliseconds pause) {
  env_->alarms->set(env_->clock->now() + pause, [weak = weak_from_this(), row] {
    if (const auto self = weak.lock())
      self->look_from(row);
  });
}

void conversation_sweeper::look_from(std::uint64_t row) {
  const auto at_hand = board_->get();
  if (!at_hand || !at_hand->store)
    return go_on(row, between_rounds);
  auto look = [what = std::make_shared<errand>(weak_from_this(), row)](store_port& store) {
    what->run(store);
  };
  caf_compat::anon_send(at_hand->store, run_atom_v,
                        std::make_shared<const std::function<void(store_port&)>>(std::move(look)));
}

void conversation_sweeper::look_in(store_port& store, std::uint64_t row) {
  auto* archive = store.archive();
  if (archive == nullptr)
    return;
  const auto before = env_->clock->wall() - env_->settings.keep_conversations;
  const auto swept = archive->remove_silent(before, row, step);
  if (!swept) {
    log::warn("conversations_kept", {{"reason", swept.error().message}});
    return go_on(0, between_rounds);
  }
  if (swept->removed > 0) {
    if (const auto at_hand = board_->get())
      at_hand->env->readings->clear(); // their messages may be among them
    log::info("conversations_deleted", {{"count", std::to_string(swept->removed)}});
  }
  go_on(swept->next, swept->next != 0 ? between_steps : between_rounds);
}

} // namespace flipsync
