#pragma once
/// From settings to model providers.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"
#include "runtime/core/ports/model_fetcher.hpp"
#include "runtime/core/ports/shared_loop.hpp"

namespace flipsync::config {

/// The model of each tier of the primary; a tier that its settings leave open is missing.
std::vector<std::pair<std::string, std::string>> tier_models(const settings& values);

/// What calls are made with where the agent does not say.
model_tuning tuning_of(const settings& values);

/// How the fast tier's model is asked beside that.
fast_tier fast_tier_of(const settings& values);

/// The providers of these names, which share one HTTP client; it is driven by the host of `shared`,
/// if there is one. Opens no socket.
std::vector<provider_entry> build_providers(const settings& values,
                                            const std::vector<std::string>& names,
                                            const std::shared_ptr<shared_loop>& shared = nullptr);

/// A call that loads a model, so that the first turn need not wait for it.
struct warm_up {
  std::shared_ptr<model_provider> provider;
  model_request request; ///< small, but a real inference with the options of turns
};

/// What is to be warmed at the start: the default and the fast model of a primary on one's own
/// machine, unless its settings forbid it.
std::vector<warm_up> warm_ups(const settings& values, const std::vector<provider_entry>& providers);

/// Brings models onto the server on one's own machine.
std::shared_ptr<model_fetcher> build_fetcher(const settings& values);

/// The models of that server that settings and agents name, without repetition.
std::vector<std::string> fetchable_models(const settings& values,
                                          const std::vector<agent_spec>& agents);

} // namespace flipsync::config
