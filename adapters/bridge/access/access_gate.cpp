#include "adapters/bridge/access/access_gate.hpp"

#include <utility>

namespace flipsync {

namespace {

std::shared_ptr<const api_key> everybody() {
  static const auto key = std::make_shared<const api_key>();
  return key;
}

/// The key in "Bearer KEY"; the scheme's name in any case (RFC 9110, 11.1).
std::string_view bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size())
    return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((authorization[i] | 0x20) != (scheme[i] | 0x20))
      return {};
  auto key = authorization.substr(scheme.size());
  while (!key.empty() && key.front() == ' ')
    key.remove_prefix(1);
  return key;
}

error too_often(std::string why, std::chrono::milliseconds wait) {
  return error{errc::rate_limited, std::move(why)}.with_retry_after(wait);
}

/// Gives a place back when the turn ends.
class held_sink final : public event_sink {
public:
  held_sink(turn_pass pass, std::shared_ptr<event_sink> sink)
    : pass_{std::move(pass)},
      sink_{std::move(sink)} {}

  void on_event(const turn_event& event) override {
    // First, so that who has the answer finds the place free.
    if (is_terminal(event.type))
      pass_.reset();
    sink_->on_event(event);
  }
  void on_answer(const turn_reply& answer) override { sink_->on_answer(answer); }
  [[nodiscard]] bool wants_steps() const noexcept override { return sink_->wants_steps(); }

private:
  turn_pass pass_;
  const std::shared_ptr<event_sink> sink_;
};

} // namespace

access_gate::access_gate(access_settings settings, key_ring keys)
  : settings_{std::move(settings)},
    origins_{settings_.origins},
    open_{keys.empty()},
    ring_{std::make_shared<const key_ring>(std::move(keys))},
    tickets_{settings_.ticket_lifetime, settings_.max_tickets},
    messages_{settings_.max_clients},
    requests_{settings_.max_clients} {}

void access_gate::replace(key_ring keys) {
  auto fresh = std::make_shared<const key_ring>(std::move(keys));
  const std::lock_guard lock{mutex_};
  if (!fresh->empty())
    open_.store(false, std::memory_order_release);
  ring_.swap(fresh);
}

std::shared_ptr<const key_ring> access_gate::ring() const {
  const std::lock_guard lock{mutex_};
  return ring_;
}

result<std::shared_ptr<const api_key>> access_gate::identify(const credentials& shown) const {
  if (open())
    return everybody();
  const auto key = shown.api_key.empty() ? bearer(shown.authorization) : shown.api_key;
  if (key.empty())
    return error{errc::unauthorized, "this needs an API key: authorization: Bearer KEY"};
  if (auto known = ring()->find(digest_of(key)))
    return known;
  return error{errc::unauthorized, "this API key is not known"};
}

result<void> access_gate::count_request(const client& from, time_point now) {
  if (open())
    return {};
  const auto& tenant = from.who().tenant;
  const auto limit =
    ring()->limits_of(tenant).requests_per_minute.value_or(settings_.tenant_requests_per_minute);
  if (const auto wait = requests_.take(tenant, limit, now))
    return too_often("the tenant has sent more than " + std::to_string(limit)
                       + " requests within a minute",
                     *wait);
  return {};
}

result<void> access_gate::count_message(const client& from, time_point now) {
  const auto usual = settings_.origins.loopback ? 0 : settings_.messages_per_minute;
  const auto limit = from.who().messages_per_minute.value_or(usual);
  // A key's name has no blank, so it is no address.
  const auto name = from.who().key.empty() ? "address " + from.address : from.who().key;
  if (const auto wait = messages_.take(name, limit, now))
    return too_often("more than " + std::to_string(limit) + " messages within a minute", *wait);
  return {};
}

result<turn_pass> access_gate::enter(const std::string& tenant) {
  if (open())
    return turn_pass{};
  const auto limit =
    ring()->limits_of(tenant).turns_in_flight.value_or(settings_.tenant_turns_in_flight);
  if (limit == 0)
    return turn_pass{};
  std::shared_ptr<std::atomic<std::uint32_t>> counter;
  {
    const std::lock_guard lock{mutex_};
    auto& known = in_flight_[tenant];
    if (!known)
      known = std::make_shared<std::atomic<std::uint32_t>>(0);
    counter = known;
  }
  if (counter->fetch_add(1) >= limit) {
    counter->fetch_sub(1);
    return error{errc::rate_limited, "all " + std::to_string(limit)
                                       + " turns that the tenant may run at once are running"}
      .with("limit", "turns_in_flight")
      .with_retry_after(std::chrono::seconds{1});
  }
  return turn_pass{counter.get(), [counter](void*) { counter->fetch_sub(1); }};
}

result<turn_pass> access_gate::admit(const client& from, turn_request& request, time_point now) {
  const auto& who = from.who();
  if (who.who == role::shopper && request.who == audience::seller)
    return error{errc::forbidden, "this key asks as a shopper, not as a seller"}.with("field",
                                                                                      "audience");
  if (request.who == audience::any)
    request.who = audience_of(who.who);
  request.tenant = who.tenant;
  return admit(from, now);
}

result<turn_pass> access_gate::admit(const client& from, time_point now) {
  if (auto counted = count_message(from, now); !counted)
    return counted.error();
  return enter(from.who().tenant);
}

result<turn_pass> access_gate::admit_further(const client& from, bool counted, time_point now) {
  if (!counted)
    if (auto room = count_request(from, now); !room)
      return room.error();
  return enter(from.who().tenant);
}

result<std::string> access_gate::issue_ticket(const client& to, time_point now) {
  return tickets_.issue(to.key->digest, now);
}

result<std::shared_ptr<const api_key>> access_gate::redeem_ticket(std::string_view ticket,
                                                                  time_point now) {
  const auto digest = tickets_.redeem(ticket, now);
  if (!digest)
    return error{errc::unauthorized, "this ticket is not known, used, or too old"};
  if (open())
    return everybody();
  if (auto known = ring()->find(*digest))
    return known;
  return error{errc::unauthorized, "the key of this ticket is not known any more"};
}

std::shared_ptr<event_sink> hold_until_end(turn_pass pass, std::shared_ptr<event_sink> sink) {
  if (!pass)
    return sink;
  return std::make_shared<held_sink>(std::move(pass), std::move(sink));
}

} // namespace flipsync
