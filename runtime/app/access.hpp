#pragma once
/// The API keys that the configuration names.

#include <filesystem>

#include "adapters/bridge/access/access_gate.hpp"
#include "adapters/bridge/tls/tls_context.hpp"
#include "runtime/app/local_runtime.hpp"
#include "runtime/core/turn/idempotency_table.hpp"

namespace flipsync::app {

/// access.keys_file, else keys.toml in the data folder. Errors: as config::data_folder.
result<std::filesystem::path> keys_file_of(const context& ctx);

/// The keys of the file and of the environment. A file that the configuration names must be there;
/// the usual one need not. Errors: as read_key_file and parse_key_list, invalid_request where keys
/// contradict each other.
result<key_ring> load_keys(const context& ctx);

/// The door's rules without what only the listener knows (loopback, TLS).
access_settings gate_settings(const config::settings& values);
idempotency_limits idempotency_of(const config::settings& values);
tls_files certificate_of(const config::settings& values);

/// What these files hold; null where none are named. Errors: as tls_context::load.
result<std::shared_ptr<const tls_context>> load_certificate(const config::settings& values);

} // namespace flipsync::app
