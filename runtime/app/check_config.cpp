#include "runtime/app/check_config.hpp"

#include "config/assemble.hpp"
#include "runtime/app/access.hpp"
#include "runtime/app/door_settings.hpp"

namespace flipsync::app {

result<checked_config> check_config(const context& ctx) {
  auto parts = config::assemble(ctx.config.values);
  if (!parts)
    return parts.error();
  const auto door = door_settings(ctx);
  if (!door)
    return door.error();
  if (auto checked = bridge::check(*door); !checked)
    return checked.error();
  if (const auto certificate = load_certificate(ctx.config.values); !certificate)
    return certificate.error();
  return checked_config{"profile " + ctx.config.values.profile + ", provider "
                          + parts->models.provider + ", " + std::to_string(parts->agents.size())
                          + " agents, " + std::to_string(door->keys.size()) + " API keys",
                        std::move(parts->agents)};
}

} // namespace flipsync::app
