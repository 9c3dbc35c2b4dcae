#pragma once
/// The actor for reads that look at a whole shop. Beside the store's, so that nobody waits for a
/// commit or a search while a large shop is gone through (docs/adr/0035).

#include <memory>

#include "runtime/core/actors.hpp"

namespace flipsync {

struct survey_actor_config {
  std::shared_ptr<store_port> store;
};

/// Spawned detached, except in virtual time.
class survey_actor_state {
public:
  static inline const char* name = "flipsync.survey";

  survey_actor_state(survey_actor::pointer self, survey_actor_config config);
  survey_actor::behavior_type make_behavior();

private:
  survey_actor_config config_;
  vocabulary_ptr words_;
};

} // namespace flipsync
