#pragma once
/// What the door asks before it lets a request in: whose is it, may they, and not too often. All of
/// it happens before anything enters an actor's mailbox.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/bridge/access/key_ring.hpp"
#include "adapters/bridge/access/origin_rules.hpp"
#include "adapters/bridge/access/ticket_office.hpp"
#include "adapters/bridge/access/token_bucket.hpp"
#include "runtime/core/facade.hpp"

namespace flipsync {

struct access_settings {
  /// Messages a minute of one client: of a key, or of an address where no key is asked for. 0 is no
  /// limit. Holds on a listener that is not loopback.
  std::uint32_t messages_per_minute = 30;
  /// Of one tenant, unless the file of keys says otherwise; 0 is no limit but the door's own.
  std::uint32_t tenant_turns_in_flight = 0;
  std::uint32_t tenant_requests_per_minute = 0;
  /// A WebSocket ticket is good for so long, and so many are out at once.
  std::chrono::milliseconds ticket_lifetime{30'000};
  std::size_t max_tickets = 10'000;
  /// Clients whose messages are counted at once; the one seen longest ago is forgotten first.
  std::size_t max_clients = 100'000;
  origin_settings origins;
};

/// Who sent a request.
struct client {
  std::shared_ptr<const api_key> key; ///< never null; see access_gate::identify
  std::string address;                ///< of the network; an IPv6 one counts by its first 64 bits

  [[nodiscard]] const principal& who() const noexcept { return key->holder; }
};

/// What a request brings to show who sent it, as its headers have it.
struct credentials {
  std::string_view authorization;
  std::string_view api_key;
};

/// Holds a tenant's place while it lives; empty where there is no limit.
using turn_pass = std::shared_ptr<void>;

/// Thread-safe.
class access_gate : public std::enable_shared_from_this<access_gate> {
public:
  using time_point = std::chrono::steady_clock::time_point;

  access_gate(access_settings settings, key_ring keys);

  /// Other keys from now on; none at all is nobody, where there have been some. Who is connected
  /// keeps what it has begun.
  void replace(key_ring keys);
  /// True where there never were keys, so that everybody may everything.
  [[nodiscard]] bool open() const noexcept { return open_.load(std::memory_order_acquire); }

  /// Whose key this is. In an open gate everybody is an operator of the tenant "default". Errors:
  /// unauthorized, which tells nothing about the keys there are.
  [[nodiscard]] result<std::shared_ptr<const api_key>> identify(const credentials& shown) const;

  /// Counts a request against its tenant's limit. Errors: rate_limited with retry_after.
  result<void> count_request(const client& from, time_point now);

  /// Lets one message in: gives it its sender's tenant, and its role's audience where it names
  /// none. Errors: forbidden (a shopper asks as a seller), rate_limited with
  /// retry_after.
  result<turn_pass> admit(const client& from, turn_request& request, time_point now);
  /// The same for a call that is no turn of an agent. Errors: rate_limited with retry_after.
  result<turn_pass> admit(const client& from, time_point now);
  /// Lets in one of several turns that one request asks for: it counts against the limits of its
  /// tenant, not as a message of the client. `counted`: the request was, as one. Errors:
  /// rate_limited with retry_after.
  result<turn_pass> admit_further(const client& from, bool counted, time_point now);

  /// Errors: as ticket_office::issue.
  result<std::string> issue_ticket(const client& to, time_point now);
  [[nodiscard]] std::chrono::milliseconds ticket_lifetime() const noexcept {
    return tickets_.lifetime();
  }
  /// The key that the ticket was given for, if it is still known. Errors: unauthorized.
  result<std::shared_ptr<const api_key>> redeem_ticket(std::string_view ticket, time_point now);

  /// Whether clients are told apart by their addresses.
  [[nodiscard]] bool counts_addresses() const noexcept {
    return open() && !settings_.origins.loopback;
  }
  [[nodiscard]] const origin_rules& origins() const noexcept { return origins_; }

private:
  [[nodiscard]] std::shared_ptr<const key_ring> ring() const;
  result<turn_pass> enter(const std::string& tenant);
  result<void> count_message(const client& from, time_point now);

  const access_settings settings_;
  const origin_rules origins_;
  std::atomic<bool> open_;
  mutable std::mutex mutex_;
  std::shared_ptr<const key_ring> ring_;
  std::unordered_map<std::string, std::shared_ptr<std::atomic<std::uint32_t>>> in_flight_;
  ticket_office tickets_;
  token_buckets messages_;
  token_buckets requests_;
};

/// The sink to submit a turn with: `pass` is given back when its last event has come.
std::shared_ptr<event_sink> hold_until_end(turn_pass pass, std::shared_ptr<event_sink> sink);

} // namespace flipsync
