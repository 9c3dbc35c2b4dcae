#include "runtime/app/doctor/redis_check.hpp"

#include "adapters/cache/redis_connection.hpp"

namespace flipsync::app {

findings check_redis(const config::settings& values) {
  const auto& cache = values.cache;
  if (cache.redis_url.empty())
    return {};
  const auto address = parse_redis_url(cache.redis_url);
  if (!address)
    return {{verdict::problem, "redis", address.error().message, "set cache.redis_url right"}};
  redis_connection connection{*address};
  const auto began = redis_connection::time_point::clock::now();
  const auto said = connection.ask({"PING"}, began + cache.redis_timeout);
  const auto where = address->host + ":" + std::to_string(address->port);
  if (said && said->text == "PONG")
    return {{verdict::ok, "redis", where + " answers", {}}};
  // A warning: answers are then kept in this process alone.
  return {{verdict::warning, "redis", where + " does not answer, or lets us not in",
           "start it, or set address and password in cache.redis_url right"}};
}

} // namespace flipsync::app
