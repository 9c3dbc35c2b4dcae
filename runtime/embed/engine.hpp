#pragma once
/// The running runtime itself: an actor system, its environment and its supervisor. Hosts use
/// runtime/embed/runtime.hpp; this header is for it and for tests in virtual time.

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <mutex>

#include "runtime/core/model/model_directory.hpp"
#include "runtime/core/services.hpp"
#include "runtime/core/session/session_hub.hpp"
#include "runtime/core/turn_statistics.hpp"
#include "runtime/embed/live_turns.hpp"
#include "runtime/embed/office.hpp"
#include "runtime/embed/runtime.hpp"
#include "runtime/embed/spending_keeper.hpp"

namespace flipsync {

struct engine_options {
  /// One thread, CAF's testing scheduler: nothing moves unless the test runs it.
  bool virtual_time = false;
};

class engine : public running_runtime, public office_host {
public:
  /// Errors: as start_runtime.
  static result<std::shared_ptr<engine>> start(assembly parts, engine_options options = {});
  ~engine() override;

  turn submit(turn_request request, std::shared_ptr<event_sink> sink) override;
  turn generate(direct_request request, std::shared_ptr<event_sink> sink) override;
  void models(std::function<void(std::vector<model_offer>)> done) override;
  result<std::shared_ptr<session>> open_session(session_options options,
                                                std::shared_ptr<session_port> port) override;
  void agents(std::function<void(result<std::vector<agent_status>>)> done) override;
  [[nodiscard]] health_report health() const override;
  [[nodiscard]] std::string metrics_text() const override;
  [[nodiscard]] turn_cache* kept_turns() noexcept override { return env_->turns.get(); }
  [[nodiscard]] back_office* office() noexcept override { return office_.get(); }
  void drain(std::chrono::milliseconds grace) override;
  void reload(assembly parts, std::function<void(result<void>)> done) override;
  void stop() override;

  /// For tests: the actors as they are, to be killed; and what time it is.
  [[nodiscard]] caf::actor_system& system() noexcept { return *system_; }
  [[nodiscard]] std::shared_ptr<const services> at_hand() const { return board_->get(); }
  [[nodiscard]] const environment& env() const noexcept { return *env_; }
  [[nodiscard]] const supervisor_actor& supervisor() const noexcept { return supervisor_; }

private:
  engine(assembly parts, engine_options options);

  /// Lets a turn in and starts its guard. Null where it is refused, which `handle` was told then.
  std::shared_ptr<turn_context> enter(turn_request&& request, const result<void>& valid,
                                      std::shared_ptr<event_sink> sink, turn& handle);
  static void ask_directly(const turn_ptr& context, const model_offer& model, model_request ask);
  class session_door;
  struct turn_books;

  [[nodiscard]] std::shared_ptr<model_directory> directory() const { return *directory_.get(); }
  void publish_directory(const environment& env);

  /// As submit, for sinks that see to their client's leaving themselves.
  turn begin(turn_request&& request, std::shared_ptr<event_sink> sink);
  [[nodiscard]] supervisor_actor supervisor_at_hand() const override;
  [[nodiscard]] std::uint64_t turns_in_flight() const override { return admission_.in_flight(); }
  [[nodiscard]] mono_time started_at() const override { return started_; }

  void run_virtual();

  engine_options options_;
  std::string version_;
  std::vector<std::string> features_;
  std::unique_ptr<caf::actor_system_config> caf_config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<const environment> env_; ///< of the start; a new one shares its clocks and meters
  std::shared_ptr<environment_board> changed_ = std::make_shared<environment_board>();
  board<std::shared_ptr<model_directory>> directory_;
  std::shared_ptr<services_board> board_ = std::make_shared<services_board>();
  std::shared_ptr<words_board> words_ = std::make_shared<words_board>();
  admission admission_;
  supervisor_actor supervisor_;
  std::shared_ptr<session_hub> sessions_;
  mono_time started_{};
  std::atomic<std::uint64_t> last_number_ = 0;
  std::atomic<bool> supervisor_down_ = false;
  std::shared_ptr<turn_books> books_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::shared_ptr<turn_statistics> statistics_ = std::make_shared<turn_statistics>();
  std::shared_ptr<spending_keeper> spending_;
  std::unique_ptr<flipsync::office> office_;
};

} // namespace flipsync
