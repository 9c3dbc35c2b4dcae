#include "runtime/app/door_settings.hpp"

#include <arpa/inet.h>

#include "config/check.hpp"
#include "runtime/app/access.hpp"

namespace flipsync::app {

result<bridge_settings> door_settings(const context& ctx) {
  const auto& s = ctx.config.values.server;
  auto keys = load_keys(ctx);
  if (!keys)
    return keys.error();
  const auto address = config::parse_listen(s.listen);
  if (!address)
    return address.error();
  bridge_settings out;
  out.host = address->host;
  out.port = address->port;
  out.insecure = s.insecure;
  out.keys = *std::move(keys);
  out.access = gate_settings(ctx.config.values);
  out.idempotency = idempotency_of(ctx.config.values);
  out.tls = certificate_of(ctx.config.values);
  out.io_threads = s.io_threads;
  out.max_body = s.max_body;
  out.max_upload = s.max_import;
  out.upload_timeout = s.import_timeout;
  out.max_header = s.max_headers;
  out.max_sockets = s.max_connections;
  out.max_pipelined = s.max_pipelined;
  out.max_stream_buffer = s.max_buffered;
  out.request_timeout = s.request_timeout;
  out.idle_timeout = s.idle_timeout;
  out.write_timeout = s.write_timeout;
  out.heartbeat = s.heartbeat;
  out.keep_cores_awake = s.keep_cores_awake;
  out.max_warming = s.max_warming;
  out.benchmark = s.benchmark;
  out.max_benchmark = s.max_benchmark;
  out.max_frame = ctx.config.values.session.max_frame;
  out.close_timeout = ctx.config.values.session.close_timeout;
  return out;
}

std::string reached_at(const std::string& host) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, host.c_str(), &address) == 1 && IN6_IS_ADDR_UNSPECIFIED(&address))
    return "::1";
  return host == "0.0.0.0" ? "127.0.0.1" : host;
}

} // namespace flipsync::app
