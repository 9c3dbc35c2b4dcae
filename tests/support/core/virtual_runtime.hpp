#pragma once
/// A whole runtime in virtual time on one thread: what the tests of the core run on.

#include <memory>
#include <string>
#include <vector>

#include "runtime/core/caf_compat.hpp"
#include "runtime/embed/engine.hpp"
#include "tests/support/core/memory_store.hpp"
#include "tests/support/core/scripted_provider.hpp"

namespace flipsync::test {

/// Collects one turn's events.
class event_log : public event_sink {
public:
  void on_event(const turn_event& event) override { events.push_back(event); }
  void on_answer(const turn_reply& answer) override {
    answers.push_back(answer);
    events_before_answer = events.size();
  }
  [[nodiscard]] std::size_t count(event_type type) const;
  [[nodiscard]] std::size_t terminals() const;
  [[nodiscard]] bool ended() const { return terminals() > 0; }
  /// The terminal event's reply; the test fails if there is none.
  [[nodiscard]] const turn_reply& reply() const;
  [[nodiscard]] std::string streamed() const; ///< all tokens, joined
  [[nodiscard]] bool in_order() const; ///< seq rises by one from 1, the terminal event is last

  std::vector<turn_event> events;
  std::vector<turn_reply> answers; ///< as shown before the end
  std::size_t events_before_answer = 0;
};

/// A skill whose needs and output are the test's.
class test_skill : public skill {
public:
  using computer =
    std::function<result<skill_output>(const skill_input&, const std::vector<const store_rows*>&)>;
  test_skill(std::string name, std::vector<store_query> needs, computer compute)
    : name_{std::move(name)},
      needs_{std::move(needs)},
      compute_{std::move(compute)} {}
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::string_view description() const noexcept override { return "a test's"; }
  [[nodiscard]] std::string_view schema() const noexcept override { return "{}"; }
  [[nodiscard]] std::vector<store_query> needs(const skill_input&) const override { return needs_; }
  [[nodiscard]] result<skill_output>
  compute(const skill_input& input, const std::vector<const store_rows*>& rows) const override {
    return compute_(input, rows);
  }

private:
  std::string name_;
  std::vector<store_query> needs_;
  computer compute_;
};

/// A plan that is a function of the input.
class test_plan : public agent_plan {
public:
  using planner = std::function<part_plan(const agent_spec&, const skill_input&)>;
  explicit test_plan(planner plan) : plan_{std::move(plan)} {}
  [[nodiscard]] part_plan plan(const agent_spec& spec, const skill_input& input) const override {
    return plan_(spec, input);
  }

private:
  planner plan_;
};

/// A contract in one line.
part_contract part(std::string name, part_source source, bool required = false, double share = 0.9,
                   std::string after = {});

class virtual_runtime {
public:
  /// Two agents: "seller" and "shopper", each with one required model part unless a plan is given.
  explicit virtual_runtime(const std::function<void(assembly&, agent_library&)>& change = {});
  ~virtual_runtime();

  std::shared_ptr<event_log> submit(turn_request request);
  std::shared_ptr<event_log> ask(std::string message, std::string conversation = {});
  /// Runs everything that can run now.
  void run();
  /// Runs that many scheduler steps, moving time on where nothing can run.
  void run_steps(int steps);
  /// Moves time on a millisecond at a time, running everything in between.
  void advance(std::chrono::milliseconds by);
  /// Kills an actor as a crash would.
  template <class Handle>
  void kill(const Handle& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  }
  [[nodiscard]] std::chrono::milliseconds elapsed() const;

  std::shared_ptr<scripted_provider> provider;
  std::shared_ptr<scripted_provider>
    second; ///< in the assembly, but in no chain unless a test says so
  std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
  std::function<script(const model_request&, std::size_t)> play;
  /// What `second` plays; it answers at once while this is empty.
  std::function<script(const model_request&, std::size_t)> play_second;
  std::shared_ptr<engine> runtime;
  turn last_turn;

private:
  mono_time began_{};
};

} // namespace flipsync::test
