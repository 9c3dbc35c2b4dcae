#pragma once
/// The turn cache: whole answers, by the request as it was received. Doors look here on their own
/// thread, before anything becomes a turn.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/cache/keyed_store.hpp"
#include "runtime/core/cache/rendition.hpp"
#include "runtime/core/types/runtime_numbers.hpp"
#include "runtime/core/types/turn_reply.hpp"

namespace flipsync {

/// What an answer took that is not taken again.
struct turn_savings {
  std::uint64_t tokens = 0;
  usd cost;
  std::chrono::microseconds time{0}; ///< of the parts that asked models, one after another
};

/// An answer as its door gives it again.
struct kept_turn {
  turn_reply reply;      ///< marked as cached, nothing spent
  rendition written;     ///< as its door writes it
  bool streamed = false; ///< as a stream
  turn_savings saves;    ///< each time that it is given again
};

/// A request as a door received it. Views.
struct received_request {
  std::string_view tenant;
  std::string_view role;  ///< what its sender may see
  std::string_view place; ///< the route
  std::string_view body;
};

/// Marks a reply as one that was kept: cached, and nothing spent for it again.
turn_reply as_kept(turn_reply reply);
/// What giving the reply again saves: what it took, and what it would have taken where its parts
/// came out of a cache themselves.
turn_savings savings_of(const turn_reply& reply) noexcept;
/// How long a reply may be given again: for as long as all of its models' answers may; 0 where it
/// is not whole, no model answered, or somebody acts upon it.
std::chrono::milliseconds good_for(const turn_reply& reply) noexcept;

/// Thread-safe.
class turn_cache {
public:
  /// `catalogue` tells the version of the shop's data, `new_id` makes ids of turns; both from any
  /// thread.
  turn_cache(const cache_settings& settings, std::shared_ptr<clock_port> clock,
             std::function<std::uint64_t()> catalogue, std::function<std::string()> new_id);

  [[nodiscard]] bool on() const noexcept { return on_; }
  /// The request's key as of now: with the versions of catalogue and configuration.
  [[nodiscard]] digest256 key_of(const received_request& request) const;
  /// Null where it is not there; counted.
  std::shared_ptr<const kept_turn> find(const digest256& key);
  void keep(const digest256& key, kept_turn turn, std::chrono::milliseconds good_for);
  /// What answers depend on has changed: none that was kept is given again.
  void outdate();
  /// Forgets the answers that a provider's and a class's are in; empty: all. Returns how many.
  std::size_t clear(std::string_view provider, std::string_view what);
  [[nodiscard]] std::string new_turn_id() const { return new_id_(); }
  [[nodiscard]] cache_view show() const;

private:
  const bool on_;
  std::shared_ptr<clock_port> clock_;
  std::function<std::uint64_t()> catalogue_;
  std::function<std::string()> new_id_;
  keyed_store<kept_turn> turns_;
  std::atomic<std::uint64_t> version_ = 0;
  std::atomic<std::uint64_t> hits_ = 0;
  std::atomic<std::uint64_t> misses_ = 0;
  std::atomic<std::uint64_t> evictions_ = 0;
  std::atomic<std::uint64_t> saved_tokens_ = 0;
  std::atomic<std::int64_t> saved_nanos_ = 0; ///< of a dollar
  std::atomic<std::int64_t> saved_microseconds_ = 0;
};

} // namespace flipsync
