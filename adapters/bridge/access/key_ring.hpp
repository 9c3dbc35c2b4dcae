#pragma once
/// The API keys that are known, and whom they make their holders.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "adapters/bridge/access/key_digest.hpp"
#include "adapters/bridge/access/role.hpp"

namespace flipsync {

/// Who is asking, as the door knows it.
struct principal {
  std::string tenant = "default";
  role who = role::operator_;
  /// The key's name; empty where no key is asked for.
  std::string key;
  /// Messages a minute that this key may send; unset: the door's own limit.
  std::optional<std::uint32_t> messages_per_minute;
};

struct api_key {
  principal holder;
  key_digest digest;
};

/// What one tenant may use; unset: the configured default.
struct tenant_limits {
  std::optional<std::uint32_t> turns_in_flight;
  std::optional<std::uint32_t> requests_per_minute;
};

/// Most keys of one ring.
inline constexpr std::size_t max_keys = 10'000;

/// 1 to 64 of [A-Za-z0-9._-]: a key's or a tenant's name, which logs and cache keys may hold.
bool is_access_name(std::string_view name) noexcept;

/// Immutable once it is shared.
class key_ring {
public:
  /// Errors: conflict (the name or the key is there already), invalid_request (too many).
  result<void> add(api_key key);
  void limit(const std::string& tenant, tenant_limits limits) { limits_[tenant] = limits; }

  [[nodiscard]] bool empty() const noexcept { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

  /// The key of this hash; null for an unknown one.
  [[nodiscard]] std::shared_ptr<const api_key> find(const key_digest& digest) const;
  [[nodiscard]] tenant_limits limits_of(const std::string& tenant) const;

private:
  std::vector<std::shared_ptr<const api_key>> keys_;
  std::unordered_set<std::string> names_;
  /// By the first bytes of the hash. What the search's time tells about a hash tells nothing about
  /// the key; the whole hash is then compared in constant time.
  std::unordered_multimap<std::uint64_t, std::size_t> index_;
  std::map<std::string, tenant_limits> limits_;
};

} // namespace flipsync
