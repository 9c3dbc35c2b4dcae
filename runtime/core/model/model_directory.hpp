#pragma once
/// Which provider serves which model: what is configured, and what the providers themselves list.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/assembly.hpp"
#include "runtime/core/model/direct_request.hpp"
#include "runtime/core/ports/clock.hpp"
#include "runtime/core/turn/alarm_queue.hpp"

namespace flipsync {

/// Thread-safe; never blocks. Lists are asked for on demand, kept for `model_list_ttl` whether they
/// came or not, and never waited for longer than `model_list_timeout`.
class model_directory : public std::enable_shared_from_this<model_directory> {
public:
  /// Longest list that is taken of one provider.
  static constexpr std::size_t max_models = 1000;

  model_directory(std::vector<provider_entry> providers, const model_routing& routing,
                  const core_settings& settings, std::shared_ptr<clock_port> clock,
                  std::shared_ptr<alarm_queue> alarms);
  ~model_directory();
  model_directory(const model_directory&) = delete;
  model_directory& operator=(const model_directory&) = delete;

  /// "<provider>/<model>" names any model of that provider; a model's own name must be configured,
  /// or listed by exactly one provider. Errors: not_found with `field` model; invalid_request where
  /// several providers list it.
  [[nodiscard]] result<model_offer> find(std::string_view name) const;
  /// True where a `refresh` would ask somebody.
  [[nodiscard]] bool stale() const;
  /// Asks for the lists that are out of date and calls `done` once they came or are given up; at
  /// once, on this thread, where none is. Who waits keeps the directory alive.
  void refresh(std::function<void(const model_directory&)> done);
  /// Has nobody wait any longer: each `done` is called with what is known.
  void release_waiting();
  /// All models known, by provider in configured order.
  [[nodiscard]] std::vector<model_offer> offers() const;

private:
  struct shelf {
    std::shared_ptr<model_provider> provider;
    std::vector<std::string> configured; ///< default first
    std::vector<std::string> listed;     ///< as last heard
    std::optional<mono_time> asked;      ///< when it was last asked
    bool asking = false;
  };

  [[nodiscard]] bool stale_locked(const shelf& of) const;
  void heard(std::size_t index, result<std::vector<std::string>> listed);

  std::chrono::milliseconds ttl_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<clock_port> clock_;
  std::shared_ptr<alarm_queue> alarms_;
  mutable std::mutex mutex_;
  std::vector<shelf> shelves_;
  std::vector<std::function<void(const model_directory&)>> waiting_;
  alarm_queue::ticket limit_; ///< the end of waiting
};

} // namespace flipsync
