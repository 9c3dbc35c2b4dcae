#include "runtime/core/session/turn_shelf.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace flipsync {

/// Turns that are kept no more: what runs of them for nobody is stopped.
void turn_shelf::give_up(const std::vector<entry>& gone) {
  for (const auto& each : gone) {
    each.relay->forget();
    if (!each.connected && !each.relay->detached())
      each.relay->cancel("the client did not come back in time");
  }
}

void turn_shelf::put(std::shared_ptr<turn_relay> relay, std::uint64_t session) {
  const auto id = relay->id();
  if (id.empty() || relay->refused())
    return;
  std::vector<entry> evicted;
  {
    const std::lock_guard lock{mutex_};
    auto& added = kept_[id];
    added = {std::move(relay), session, session != 0, std::nullopt};
    // Asked under the lock, or its end could be told before it is here.
    if (added.relay->ended())
      hold_locked(added);
    make_room_locked(evicted);
  }
  give_up(evicted);
}

/// The one that would be forgotten first makes room.
void turn_shelf::make_room_locked(std::vector<entry>& gone) {
  while (kept_.size() > settings_.max_kept_turns) {
    const auto sooner = [](const entries::value_type& a, const entries::value_type& b) {
      return a.second.until.value_or(mono_time::max()) < b.second.until.value_or(mono_time::max());
    };
    const auto first = std::min_element(kept_.begin(), kept_.end(), sooner);
    gone.push_back(std::move(first->second));
    kept_.erase(first);
  }
}

std::shared_ptr<turn_relay> turn_shelf::find(std::string_view tenant, audience who,
                                             const std::string& turn) const {
  const std::lock_guard lock{mutex_};
  const auto found = kept_.find(turn);
  if (found == kept_.end() || found->second.relay->tenant() != tenant)
    return nullptr;
  // A shopper's key must not read what a seller was answered.
  if (who == audience::shopper && found->second.relay->who() != audience::shopper)
    return nullptr;
  return found->second.relay;
}

void turn_shelf::resumed(const std::string& turn, std::uint64_t session) {
  const std::lock_guard lock{mutex_};
  const auto found = kept_.find(turn);
  if (found == kept_.end())
    return;
  found->second.session = session;
  found->second.connected = true;
  if (!found->second.relay->ended())
    found->second.until.reset();
}

void turn_shelf::left(std::uint64_t session, bool hold) {
  std::vector<entry> gone;
  {
    const std::lock_guard lock{mutex_};
    for (auto at = kept_.begin(); at != kept_.end();) {
      auto& kept = at->second;
      if (kept.session != session || !kept.connected) {
        ++at;
      } else if (hold || kept.relay->detached()) {
        kept.connected = false;
        if (!kept.relay->detached() || kept.relay->ended())
          hold_locked(kept);
        ++at;
      } else {
        gone.push_back(std::move(kept));
        at = kept_.erase(at);
      }
    }
  }
  give_up(gone);
}

void turn_shelf::turn_ended(const turn_relay& relay) {
  const auto id = relay.id();
  const std::lock_guard lock{mutex_};
  const auto found = kept_.find(id);
  if (found != kept_.end() && found->second.relay.get() == &relay && !found->second.until)
    hold_locked(found->second);
}

void turn_shelf::hold_locked(entry& kept) {
  kept.until = clock_->now() + settings_.resume_hold;
  arm_locked();
}

void turn_shelf::arm_locked() {
  std::optional<mono_time> first;
  for (const auto& [id, kept] : kept_)
    if (kept.until && (!first || *kept.until < *first))
      first = kept.until;
  if (!first || (armed_ && *armed_ <= *first))
    return;
  armed_ = first;
  alarms_->set(*first, [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->expire();
  });
}

void turn_shelf::expire() {
  std::vector<entry> gone;
  {
    const std::lock_guard lock{mutex_};
    armed_.reset();
    const auto now = clock_->now();
    for (auto at = kept_.begin(); at != kept_.end();) {
      if (!at->second.until || *at->second.until > now) {
        ++at;
        continue;
      }
      gone.push_back(std::move(at->second));
      at = kept_.erase(at);
    }
    arm_locked();
  }
  give_up(gone);
}

void turn_shelf::clear() {
  entries dropped;
  const std::lock_guard lock{mutex_};
  kept_.swap(dropped);
}

std::size_t turn_shelf::size() const {
  const std::lock_guard lock{mutex_};
  return kept_.size();
}

std::size_t turn_shelf::held_sessions() const {
  const std::lock_guard lock{mutex_};
  std::set<std::uint64_t> sessions;
  for (const auto& [id, kept] : kept_)
    if (kept.session != 0 && !kept.connected)
      sessions.insert(kept.session);
  return sessions.size();
}

} // namespace flipsync
