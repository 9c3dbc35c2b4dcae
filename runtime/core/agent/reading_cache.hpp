#pragma once
/// Readings of messages met lately. Front ends send starters and quick replies word for word, and
/// each follow-up's routing weighs the messages before it anew, so most texts are met more than
/// once; reading one is a tenth of a turn's work.

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/agent/skill.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

/// Thread-safe; bounded. For one set of rules: a new configuration begins with an empty one.
class reading_cache {
public:
  /// Longer messages, in bytes, are hardly ever sent twice.
  static constexpr std::size_t longest = 512;
  static constexpr std::size_t places = 512;

  /// As read_message. `may_keep` false leaves no trace of the message here.
  [[nodiscard]] std::shared_ptr<const message_reading>
  read(std::string_view message, const vocabulary& words, const shop_rules& rules,
       const earlier_talk& earlier, bool may_keep);
  /// Forgets every message.
  void clear();

private:
  /// The last message of those that share it. Each has a lock of its own, so that two turns meet at
  /// one only where they ask the same.
  struct place {
    std::mutex mutex;
    std::uint64_t version = 0; ///< of the catalogue's words
    std::shared_ptr<const message_reading> reading;
  };

  std::array<place, places> places_;
};

} // namespace flipsync
