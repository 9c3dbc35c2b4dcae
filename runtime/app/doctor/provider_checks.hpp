#pragma once
/// What each configured provider must have: a server that answers, a key that it takes, the models
/// that it would be asked for. No model is called.

#include <vector>

#include "config/model_needs.hpp"
#include "runtime/app/doctor/finding.hpp"

namespace flipsync::app {

/// What follows from a provider's list of models.
findings judge_provider(const config::provider_need& need,
                        const result<std::vector<std::string>>& listed);

/// What follows from showing it each of several keys.
findings judge_keys(const config::provider_need& need, const std::vector<result<void>>& shown);

/// Asks all of them for their lists at once, each for models.list_timeout at most.
findings check_providers(const config::settings& values,
                         const std::vector<config::provider_need>& needs);

} // namespace flipsync::app
