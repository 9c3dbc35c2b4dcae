#pragma once
/// The end of a turn that went straight to a model.

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

/// The reply that a model call's outcome makes, failed or not: its one part is called "model".
turn_reply direct_reply(const model_outcome& outcome);

/// Ends the turn with the call's outcome; if the call is lost with the actor that held it, with
/// agent_down.
class direct_turn : public outcome_listener {
public:
  explicit direct_turn(std::shared_ptr<turn_guard> guard) : guard_{std::move(guard)} {}
  ~direct_turn() override;
  direct_turn(const direct_turn&) = delete;
  direct_turn& operator=(const direct_turn&) = delete;

  void on_outcome(const model_outcome& outcome) override;

private:
  std::shared_ptr<turn_guard> guard_;
};

} // namespace flipsync
