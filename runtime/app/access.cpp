#include "runtime/app/access.hpp"

#include "adapters/bridge/access/key_file.hpp"

namespace flipsync::app {
namespace {

result<void> add_all(key_ring& ring, std::vector<api_key> keys) {
  for (auto& key : keys)
    if (auto added = ring.add(std::move(key)); !added)
      return error{errc::invalid_request, "API keys: " + added.error().message};
  return {};
}

result<void> add_file(key_ring& ring, const context& ctx) {
  const auto file = keys_file_of(ctx);
  if (!file)
    return file.error();
  std::error_code ignored;
  if (ctx.config.values.access.keys_file.empty() && !std::filesystem::exists(*file, ignored))
    return {};
  auto read = read_key_file(*file);
  if (!read)
    return read.error();
  for (const auto& [tenant, limits] : read->tenants)
    ring.limit(tenant, limits);
  return add_all(ring, std::move(read->keys));
}

} // namespace

result<std::filesystem::path> keys_file_of(const context& ctx) {
  const auto& named = ctx.config.values.access.keys_file;
  if (!named.empty())
    return std::filesystem::path{named};
  const auto folder = config::data_folder(ctx.config.values, ctx.env);
  if (!folder)
    return folder.error();
  return std::filesystem::path{*folder} / "keys.toml";
}

result<key_ring> load_keys(const context& ctx) {
  key_ring ring;
  if (auto added = add_file(ring, ctx); !added)
    return added.error();
  auto others = parse_key_list(ctx.config.values.access.keys);
  if (!others)
    return others.error();
  if (auto added = add_all(ring, *std::move(others)); !added)
    return added.error();
  return ring;
}

access_settings gate_settings(const config::settings& values) {
  const auto& a = values.access;
  access_settings out;
  out.messages_per_minute = a.messages_per_minute;
  out.tenant_turns_in_flight = a.tenant_turns_in_flight;
  out.tenant_requests_per_minute = a.tenant_requests_per_minute;
  out.max_clients = a.max_clients;
  out.ticket_lifetime = a.ticket_lifetime;
  out.max_tickets = a.max_tickets;
  out.origins.origins = a.origins;
  out.origins.hosts = a.host_names;
  return out;
}

idempotency_limits idempotency_of(const config::settings& values) {
  const auto& i = values.idempotency;
  return {i.lifetime, i.max_entries, i.max_bytes};
}

tls_files certificate_of(const config::settings& values) {
  return {values.tls.certificate, values.tls.key};
}

result<std::shared_ptr<const tls_context>> load_certificate(const config::settings& values) {
  const auto files = certificate_of(values);
  if (files.certificate.empty())
    return std::shared_ptr<const tls_context>{};
  return tls_context::load(files);
}

} // namespace flipsync::app
