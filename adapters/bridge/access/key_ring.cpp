#include "adapters/bridge/access/key_ring.hpp"

#include <algorithm>
#include <cstring>

namespace flipsync {

namespace {

std::uint64_t first_bytes(const key_digest& digest) noexcept {
  std::uint64_t out = 0;
  std::memcpy(&out, digest.bytes.data(), sizeof out);
  return out;
}

} // namespace

bool is_access_name(std::string_view name) noexcept {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '-' || c == '_' || c == '.';
            });
}

result<void> key_ring::add(api_key key) {
  if (keys_.size() >= max_keys)
    return error{errc::invalid_request,
                 "there are more than " + std::to_string(max_keys) + " keys"};
  if (find(key.digest))
    return error{errc::conflict, "the key '" + key.holder.key + "' is there under another name"};
  if (!names_.insert(key.holder.key).second)
    return error{errc::conflict, "two keys are named '" + key.holder.key + "'"};
  index_.emplace(first_bytes(key.digest), keys_.size());
  keys_.push_back(std::make_shared<const api_key>(std::move(key)));
  return {};
}

std::shared_ptr<const api_key> key_ring::find(const key_digest& digest) const {
  const auto [begin, end] = index_.equal_range(first_bytes(digest));
  for (auto at = begin; at != end; ++at)
    if (same(keys_[at->second]->digest, digest))
      return keys_[at->second];
  return nullptr;
}

tenant_limits key_ring::limits_of(const std::string& tenant) const {
  const auto found = limits_.find(tenant);
  return found == limits_.end() ? tenant_limits{} : found->second;
}

} // namespace flipsync
