#include "runtime/app/check_config.hpp"

#include "config/assemble.hpp"
#include "runtime/app/access.hpp"

namespace flipsync::app {

result<checked_config> check_config(const context& ctx) {
  auto parts = config::assemble(ctx.config.values);
  if (!parts)
    return parts.error();
  const auto keys = load_keys(ctx);
  if (!keys)
    return keys.error();
  if (const auto certificate = load_certificate(ctx.config.values); !certificate)
    return certificate.error();
  return checked_config{"profile " + ctx.config.values.profile + ", provider "
                          + parts->models.provider + ", " + std::to_string(parts->agents.size())
                          + " agents, " + std::to_string(keys->size()) + " API keys",
                        std::move(parts->agents)};
}

} // namespace flipsync::app
