#pragma once
/// One turn's fan-out and gather.

#include <optional>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/agent/model_part.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct gather_config {
  std::shared_ptr<const environment> env;
  std::shared_ptr<const agent_spec> spec;
  agent_task_ptr task;
  std::shared_ptr<const part_plan> plan; ///< never null
};

/// Reads what all parts need in one batch, starts each part as soon as it may, and answers when
/// every part has ended, by itself or by its slice of the deadline. A part that a model answers is
/// a message to the gateway and its answer; one that rules answer runs here, in microseconds (ADR
/// 0015, 0031). A required part that fails ends the others: there is nothing left to spend on.
class gather_state {
public:
  static inline const char* name = "flipsync.gather";

  gather_state(gather_actor::pointer self, gather_config config);
  ~gather_state();
  gather_actor::behavior_type make_behavior();

private:
  struct slot {
    bool started = false;
    bool ended = false;
    mono_time began{};
    std::shared_ptr<cancel_scope> scope; ///< of a model's call
    part_outcome_ptr outcome;            ///< null until it has ended
    std::optional<mono_time> slice;      ///< when its time is over; none: the guard's own deadline
  };

  void set_slices();
  /// For the earliest slice of a part that has not ended: one alarm at a time, since nearly always
  /// all slices are alike and none runs out.
  void set_alarm();
  void expire();
  void read_rows();
  void fail_circles();
  bool may_start(std::size_t index);
  void start_ready_parts();
  bool put_rules_off();
  void begin(std::size_t index);
  [[nodiscard]] part_task work_of(std::size_t index);
  void ask_model(std::size_t index);
  void take_answer(std::size_t index, const model_question& question, const model_outcome& outcome);
  [[nodiscard]] std::chrono::microseconds since(mono_time then) const;
  void end_part(std::size_t index, part_outcome_ptr outcome);
  void cut_off(std::size_t index, part_status status, error why);
  void drop_if_lost(const part_report& report);
  void go_on();
  /// The part that this one waits for; none if it waits for none, or for one that the turn has not.
  [[nodiscard]] std::optional<std::size_t> gate_of(std::size_t index) const;
  void finish_if_done();
  void offer_finished(const part_outcome_ptr& outcome);

  gather_actor::pointer self_;
  gather_config config_;
  std::vector<slot> slots_;
  std::shared_ptr<fetched_rows> rows_;
  skill_memo memo_;
  bool rows_ready_ = false;
  bool done_ = false;
  std::uint64_t listener_ = 0;
  alarm_queue::ticket alarm_;
  caf::typed_response_promise<gathered_ptr> promise_;
};

} // namespace flipsync
