#pragma once
/// The model cache: answers of models, by what was asked of whom.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/cache/answer_rules.hpp"
#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/cache/kept_answer.hpp"
#include "runtime/core/cache/keyed_store.hpp"
#include "runtime/core/ports/second_cache.hpp"
#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync {

/// Where an answer belongs.
struct answer_place {
  digest256 key;
  answer_label label;
};

/// Its name in a cache outside of the process: by provider, then by class.
std::string name_of(const answer_place& place);
/// The names of a provider's and a class's answers, as a pattern; empty stands for all.
std::string names_of(std::string_view provider, std::string_view what);

/// Thread-safe. Kept in memory, and in the second cache where there is one.
class answer_cache {
public:
  answer_cache(cache_settings settings, std::shared_ptr<clock_port> clock,
               std::shared_ptr<second_cache> second = nullptr);

  [[nodiscard]] const cache_settings& settings() const noexcept { return settings_; }
  /// As why_alone of answer_rules; where caching is off, every call stands alone.
  [[nodiscard]] std::string_view why_alone(const model_request& request, const model_tuning& tuning,
                                           cache_use use) const;

  struct found_answer {
    std::shared_ptr<const kept_answer> answer; ///< null: not there
    std::chrono::milliseconds left{0};         ///< of its lifetime
  };
  /// In memory alone. A miss is counted by `missed`, once nobody else has it either.
  found_answer find(const answer_place& place);
  void missed(const answer_label& label);
  [[nodiscard]] bool has_second() const noexcept { return second_ != nullptr; }
  /// In the second cache; what it has is kept in memory too, for what is left of its lifetime, and
  /// counted. `done` is told once, on any thread, possibly before this returns; nothing else bounds
  /// its wait than the second cache's own limit.
  void find_second(const answer_place& place, std::function<void(found_answer)> done);
  void keep(const answer_place& place, kept_answer answer);
  /// A call was answered by an equal one that was under way.
  void shared(const answer_label& label, const kept_answer& answer);

  /// Forgets what is of that provider and class; empty: of any. Returns how many of memory's.
  std::size_t clear(std::string_view provider, std::string_view what);
  /// One row per provider and class that was asked for.
  [[nodiscard]] std::vector<cache_view> show() const;
  [[nodiscard]] std::optional<second_cache_view> show_second() const;

private:
  struct tally {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;
    std::uint64_t shared = 0;
    std::uint64_t from_second = 0;
    std::uint64_t saved_tokens = 0;
    usd saved;
    std::chrono::microseconds saved_time{0};
  };
  template <class Change>
  void count(const answer_label& label, Change&& change);
  /// What is left of an answer's lifetime by the wall clocks of who made it and of this process.
  [[nodiscard]] std::chrono::milliseconds left_of(const kept_answer& answer,
                                                  answer_class what) const;
  void keep_here(const answer_place& place, const found_answer& fresh);
  void hit(const answer_label& label, const kept_answer& answer);

  cache_settings settings_;
  wording personal_;
  std::shared_ptr<clock_port> clock_;
  keyed_store<kept_answer> answers_;
  mutable std::mutex mutex_;
  std::map<answer_label, tally> tallies_;
  std::shared_ptr<second_cache> second_; ///< last, so that its callbacks end before all else goes
};

} // namespace flipsync
