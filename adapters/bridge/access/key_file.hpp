#pragma once
/// The file of API keys: TOML that people may read and edit, and that holds no key, only hashes.
///
///     [[key]]
///     name = "storefront"
///     tenant = "acme"
///     role = "shopper"
///     hash = "0123…"             # BLAKE3 of the key, 64 hexadecimal digits
///     messages_per_minute = 600  # may be left out
///
///     [tenant.acme]              # may be left out, as may each limit
///     turns_in_flight = 50
///     requests_per_minute = 6000

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bridge/access/key_ring.hpp"

namespace flipsync {

struct key_file {
  std::vector<api_key> keys;
  std::vector<std::pair<std::string, tenant_limits>> tenants;
};

/// Errors: invalid_request, its message with `name`, line and what is allowed.
result<key_file> parse_key_file(std::string_view text, const std::string& name);

/// Errors: as parse_key_file, and invalid_request where the file cannot be read, is larger than
/// 4 MiB, or may be written by others than its owner.
result<key_file> read_key_file(const std::filesystem::path& file);

/// Adds a key at the end, and leaves the rest of the file as it is. The file is made where there is
/// none, readable by its owner alone, and replaced atomically. Errors: conflict (the name is
/// taken), as read_key_file, store_failed (it cannot be written).
result<void> add_to_key_file(const std::filesystem::path& file, const api_key& key);

/// Takes a key out by its name. Errors: not_found, as add_to_key_file.
result<void> remove_from_key_file(const std::filesystem::path& file, std::string_view key_name);

/// Keys as an environment variable gives them: "TENANT:ROLE:KEY", separated by commas or blanks,
/// named env-1, env-2 and so on. A key has at least 32 characters. Errors: invalid_request, which
/// never repeats a key.
result<std::vector<api_key>> parse_key_list(std::string_view text);

} // namespace flipsync
