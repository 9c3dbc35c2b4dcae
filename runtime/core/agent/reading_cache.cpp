#include "runtime/core/agent/reading_cache.hpp"

#include <functional>
#include <utility>

namespace flipsync {

std::shared_ptr<const message_reading>
reading_cache::read(std::string_view message, const vocabulary& words, const shop_rules& rules,
                    const earlier_talk& earlier, bool may_keep) {
  auto& place = places_[std::hash<std::string_view>{}(message) % places];
  std::shared_ptr<const message_reading> known;
  if (message.size() <= longest) {
    const std::lock_guard lock{place.mutex};
    if (place.reading && place.version == words.version && place.reading->text == message)
      known = place.reading;
  }
  if (known && (earlier.empty() || !known->points_back))
    return known;
  auto fresh =
    std::make_shared<const message_reading>(read_message(message, words, rules, earlier));
  // What a conversation's own products made of it is no one else's.
  if (!may_keep || message.size() > longest || (fresh->points_back && !earlier.empty()))
    return fresh;
  known = fresh;
  {
    const std::lock_guard lock{place.mutex};
    place.version = words.version;
    place.reading.swap(known);
  }
  return fresh; // the one before ends without the lock
}

void reading_cache::clear() {
  for (auto& place : places_) {
    std::shared_ptr<const message_reading> gone;
    const std::lock_guard lock{place.mutex};
    place.reading.swap(gone);
  }
}

} // namespace flipsync
