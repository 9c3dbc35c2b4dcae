#include "config/access_options.hpp"

#include <algorithm>

#include "config/bind.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {
namespace {

using s = settings;

void add_keys(std::vector<option>& t) {
  using g = access_settings;
  t.push_back(bind<&s::access, &g::keys_file>(
                "access.keys_file",
                "File of API keys, which `flipsync keys` writes; empty is keys.toml in the data "
                "folder, where there is one.")
                .file_name());
  t.push_back(bind<&s::access, &g::keys>(
                "access.keys",
                "API keys beside those of the file, as TENANT:ROLE:KEY, separated by commas; a key "
                "has at least 32 characters.")
                .env({"FLIPSYNC_API_KEYS"})
                .hidden());
}

void add_limits(std::vector<option>& t) {
  using g = access_settings;
  t.push_back(bind<&s::access, &g::messages_per_minute>(
                "access.messages_per_minute",
                "Messages a minute of one client on a listener that is not loopback: of a key, or "
                "of an address where there are no keys; 0 is no limit. A key may have its own.")
                .between(0, 1'000'000));
  t.push_back(bind<&s::access, &g::tenant_turns_in_flight>(
                "access.tenant_turns_in_flight",
                "Turns at once of one tenant that the file of keys gives no limit; 0 is none but "
                "turn.max_in_flight.")
                .between(0, 1'000'000));
  t.push_back(bind<&s::access, &g::tenant_requests_per_minute>(
                "access.tenant_requests_per_minute",
                "Requests a minute of one tenant that the file of keys gives no limit; 0 is none.")
                .between(0, 1'000'000));
  t.push_back(bind<&s::access, &g::max_clients>(
                "access.max_clients",
                "Clients whose messages are counted; the one seen longest ago is forgotten first.")
                .between(100, 10'000'000));
  t.push_back(bind<&s::access, &g::ticket_lifetime>(
                "access.ticket_lifetime", "Time for which a WebSocket ticket is good, once.")
                .between(second, 10 * minute));
  t.push_back(bind<&s::access, &g::max_tickets>("access.max_tickets",
                                                "WebSocket tickets that are out at once.")
                .between(1, 1'000'000));
}

void add_origins(std::vector<option>& t) {
  using g = access_settings;
  t.push_back(bind<&s::access, &g::origins>(
    "access.origins",
    "Origins of web pages, like https://shop.example, that may call the service from another "
    "place; \"*\" is every one; none turns CORS off."));
  t.push_back(bind<&s::access, &g::host_names>(
    "access.host_names",
    "Names beside localhost, 127.0.0.1 and [::1] by which a loopback listener may be called."));
}

void add_idempotency(std::vector<option>& t) {
  using g = idempotency_settings;
  t.push_back(bind<&s::idempotency, &g::lifetime>(
                "idempotency.lifetime",
                "Time for which a reply is kept for further requests with its Idempotency-Key.")
                .between(second, 30 * day));
  t.push_back(bind<&s::idempotency, &g::max_entries>(
                "idempotency.max_entries", "Keys kept; the oldest reply is forgotten first.")
                .between(1, 10'000'000));
  t.push_back(bind<&s::idempotency, &g::max_bytes>("idempotency.max_bytes",
                                                   "Memory for kept replies, of all keys together.")
                .as(option_type::bytes)
                .between(64 * kib, 16 * gib));
}

void add_tls(std::vector<option>& t) {
  using g = tls_settings;
  t.push_back(bind<&s::tls, &g::certificate>(
                "tls.certificate",
                "PEM file of the certificate and those it depends on; with it and tls.key the HTTP "
                "door speaks TLS. Read anew on SIGHUP.")
                .file_name());
  t.push_back(
    bind<&s::tls, &g::key>("tls.key", "PEM file of the certificate's private key, not encrypted.")
      .file_name());
}

bool is_origin_text(const std::string& text) {
  const auto colon = text.find("://");
  return text == "*"
         || (colon != std::string::npos && colon > 0 && colon + 3 < text.size()
             && text.find_first_of("/?#@ ,;\"", colon + 3) == std::string::npos);
}

} // namespace

void add_access_options(std::vector<option>& to) {
  add_keys(to);
  add_limits(to);
  add_origins(to);
  add_idempotency(to);
  add_tls(to);
}

void check_access(const settings& values, std::vector<std::string>& out) {
  for (const auto& origin : values.access.origins)
    if (!is_origin_text(origin))
      out.push_back("access.origins: '" + origin
                    + "' is no origin; allowed: https://HOST, https://HOST:PORT, \"*\"");
  for (const auto& name : values.access.host_names)
    if (name.empty() || name.find_first_of(":/ ") != std::string::npos)
      out.push_back("access.host_names: '" + name + "' is no name of a host, without its port");
  if (values.tls.certificate.empty() != values.tls.key.empty())
    out.emplace_back("tls.certificate: it needs tls.key, and the other way round");
}

} // namespace flipsync::config
