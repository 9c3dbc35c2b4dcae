#include "runtime/core/recent_users.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace flipsync {

namespace {

constexpr std::size_t fewest = 256;
constexpr std::size_t looked_at = 16; ///< places, from a user's own on

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio
  return (hash ^ std::hash<std::string_view>{}(text)) * golden + (hash >> 29);
}

} // namespace

void recent_users::seen(std::string_view tenant, std::string_view kind, std::string_view name,
                        mono_time now) {
  const auto user = std::max<std::uint64_t>(mixed(mixed(mixed(0, tenant), kind), name), 1);
  if (places_.empty())
    places_.resize(fewest);
  while (!note(user, now) && places_.size() < most)
    grow(now);
}

std::size_t recent_users::count(mono_time now) const {
  return static_cast<std::size_t>(
    std::count_if(places_.begin(), places_.end(),
                  [now](const place& each) { return each.user != 0 && now - each.at <= lately; }));
}

/// False where all places that the user may have are another's who was there lately.
bool recent_users::note(std::uint64_t user, mono_time now) {
  const auto last = places_.size() - 1;
  place* free = nullptr;
  for (std::size_t i = 0; i < looked_at; ++i) {
    auto& here = places_[(user + i) & last];
    if (here.user == user) {
      here.at = now;
      return true;
    }
    if (free == nullptr && (here.user == 0 || now - here.at > lately))
      free = &here;
    if (here.user == 0)
      break; // nobody was ever put behind an empty place
  }
  if (free == nullptr)
    return false;
  *free = {user, now};
  return true;
}

void recent_users::grow(mono_time now) {
  const auto before = std::exchange(places_, std::vector<place>(places_.size() * 2));
  for (const auto& each : before)
    if (each.user != 0 && now - each.at <= lately)
      static_cast<void>(note(each.user, each.at));
}

} // namespace flipsync
