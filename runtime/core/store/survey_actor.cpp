#include "runtime/core/store/survey_actor.hpp"

#include "runtime/core/caf_error.hpp"

namespace flipsync {

survey_actor_state::survey_actor_state(survey_actor::pointer, survey_actor_config config)
  : config_{std::move(config)} {}

survey_actor::behavior_type survey_actor_state::make_behavior() {
  return {
    [this](read_atom, const read_batch_ptr& batch) -> caf::result<read_result_ptr> {
      auto rows = config_.store->survey(*batch);
      if (!rows)
        return to_caf(std::move(rows).error());
      return std::make_shared<const read_result>(std::move(*rows));
    },
    [this](learn_atom) -> caf::result<vocabulary_ptr> {
      if (words_ && words_->version == config_.store->catalogue_version())
        return words_;
      auto words = config_.store->load_vocabulary();
      if (!words)
        return to_caf(std::move(words).error());
      words_ = std::move(*words);
      return words_;
    },
  };
}

} // namespace flipsync
