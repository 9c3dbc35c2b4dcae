#pragma once
/// The supervisor: owner of every long-lived actor.

#include <boost/container/small_vector.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/restart_window.hpp"
#include "runtime/core/resting_conversations.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct supervisor_config {
  std::shared_ptr<const environment> env;
  std::shared_ptr<environment_board> changed; ///< what `changed_atom` takes up
  std::shared_ptr<services_board> board;
  std::shared_ptr<words_board> words;
};

/// Spawns and watches store, providers, gateway, agents and conversations. A crashed child is
/// restarted one for one within its intensity, then given up: its handle is null from then on, and
/// turns that need it are refused clearly. Publishes the handles as a snapshot at every change.
class supervisor_state {
public:
  static inline const char* name = "flipsync.supervisor";

  supervisor_state(supervisor_actor::pointer self, supervisor_config config);
  supervisor_actor::behavior_type make_behavior();

private:
  /// One long-lived actor: how to make it, and how it has fared.
  struct child {
    std::string name;
    std::function<caf::actor_addr()>
      spawn;                     ///< spawns, puts the handle into `next_`, returns its address
    std::function<void()> clear; ///< takes the handle out of `next_`
    std::function<void(const caf::error&)> crashed;
    restart_window window;
    caf::actor_addr address;
  };
  /// One with turns under way.
  struct live_conversation {
    conversation_actor actor;
    caf_compat::monitoring watched;
    boost::container::small_vector<turn_ptr, 1> turns; ///< handed over and not yet back
  };
  using conversation_map = std::unordered_map<std::string, live_conversation>;

  void add_store();
  /// What is made anew where the environment changes.
  void add_workers();
  void take_up(std::shared_ptr<const environment> env);
  template <class Handle, class Spawn>
  void add_child(std::string name, Handle services::*slot, Spawn spawn);
  template <class Handle, class Spawn>
  void add_child(std::string name, std::vector<Handle> services::*slots, std::size_t index,
                 Spawn spawn);
  void start(std::size_t index);
  void watch(std::size_t index);
  void child_down(std::size_t index, const caf::actor_addr& who, const caf::error& why);
  void publish();
  void submit(const turn_ptr& turn);
  live_conversation& conversation_for(const turn_context& turn);
  live_conversation& spawn_conversation(std::string key, std::string memory);
  void turn_left(departed_turn& turn);
  void rest(conversation_map::iterator which, departed_turn& last);
  void forget(const std::string& key, const durable_call& gone);
  void conversation_down(const std::string& key, const caf::actor_addr& who);
  live_conversation take_out(conversation_map::iterator which);
  void forget_idle();
  void count_conversations();
  void set_tick();
  void stop();

  supervisor_actor::pointer self_;
  supervisor_config config_;
  services next_;
  std::vector<child> children_;
  conversation_map conversations_;
  resting_conversations resting_;
  bool tick_set_ = false;
  bool stopping_ = false;
};

} // namespace flipsync
