#pragma once
/// What a turn's model calls cost, left out for those who must not see it.

#include <memory>

#include "runtime/core/facade.hpp"

namespace flipsync {

/// A sink that gives `sink` what it gets, with all costs, wastes and savings as 0. Tokens stay.
std::shared_ptr<event_sink> without_costs(std::shared_ptr<event_sink> sink);

} // namespace flipsync
