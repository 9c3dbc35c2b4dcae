#pragma once
/// The embedded provider: composes the answer from the facts that the agent's skills computed, and
/// says so by its name (provider `offline`, model `facts-1`). Chosen by configuration, never a
/// silent stand-in for a provider that failed.

#include <memory>
#include <string>
#include <vector>

#include "runtime/core/ports/model_provider.hpp"

namespace flipsync {

/// Answers on the caller's thread before `start` returns; needs no network; costs nothing.
std::shared_ptr<model_provider> make_offline_provider();

/// The answer's text: few facts become one paragraph, many a lead sentence and a list. Repeated and
/// empty facts are left out; no facts gives a plain statement that the shop's data has nothing on
/// it. Pure and deterministic.
std::string compose_from_facts(const std::vector<std::string>& facts);

} // namespace flipsync
