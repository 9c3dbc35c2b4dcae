#pragma once
/// Tickets for WebSockets of browsers, which cannot send a key in a header: random, good once and
/// for a short time, bound to the key that asked for it.

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/bridge/access/key_digest.hpp"

namespace flipsync {

/// Thread-safe. Keeps hashes of tickets, not tickets.
class ticket_office {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `most`: tickets that are out at once.
  ticket_office(std::chrono::milliseconds lifetime, std::size_t most)
    : lifetime_{lifetime},
      most_{most} {}

  [[nodiscard]] std::chrono::milliseconds lifetime() const noexcept { return lifetime_; }

  /// A new ticket for the holder of `key`. Errors: rate_limited (too many are out), internal.
  result<std::string> issue(const key_digest& key, time_point now);
  /// The key of whom the ticket was given to; nullopt if it is unknown, used or too old.
  std::optional<key_digest> redeem(std::string_view ticket, time_point now);

private:
  struct entry {
    key_digest ticket;
    key_digest key;
    time_point until;
  };
  void forget_old(time_point now);

  const std::chrono::milliseconds lifetime_;
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, entry> open_; ///< by the ticket's hash
  std::deque<std::pair<time_point, std::string>> by_age_;
};

} // namespace flipsync
