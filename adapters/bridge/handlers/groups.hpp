#pragma once
/// The groups of routes, one file each; see route.hpp for how to add one.

#include <span>
#include <vector>

#include "adapters/bridge/route.hpp"

namespace flipsync {

std::span<const route> health_routes() noexcept;
std::span<const route> agent_routes() noexcept;
std::span<const route> chat_routes() noexcept;
std::span<const route> completion_routes() noexcept;
std::span<const route> console_routes() noexcept;
std::span<const route> ticket_routes() noexcept;
std::span<const route> socket_routes() noexcept;
std::span<const route> conversation_routes() noexcept;
std::span<const route> tutor_routes() noexcept;
std::span<const route> product_routes() noexcept;
std::span<const route> import_routes() noexcept;
std::span<const route> state_routes() noexcept;
std::span<const route> figure_routes() noexcept;
std::span<const route> budget_routes() noexcept;
std::span<const route> configuration_routes() noexcept;
std::span<const route> warming_routes() noexcept;
std::span<const route> benchmark_routes() noexcept;

/// All of them, in the order in which they are shown.
std::vector<route> routes_of_the_door();

} // namespace flipsync
