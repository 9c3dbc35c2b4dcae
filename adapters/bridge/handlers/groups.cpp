#include "adapters/bridge/handlers/groups.hpp"

namespace flipsync {

std::vector<route> routes_of_the_door() {
  std::vector<route> all;
  for (const auto group :
       {health_routes(), figure_routes(), budget_routes(), configuration_routes(), agent_routes(),
        chat_routes(), conversation_routes(), tutor_routes(), completion_routes(), product_routes(),
        import_routes(), state_routes(), warming_routes(), benchmark_routes(), console_routes(),
        ticket_routes(), socket_routes()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

} // namespace flipsync
