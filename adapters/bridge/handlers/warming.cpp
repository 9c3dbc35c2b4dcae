/// Warming: real turns, so that what they read is at hand when customers ask the same.

#include "adapters/bridge/bodies.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/turn_series.hpp"

namespace flipsync {

namespace {

class warming final : public turn_series {
public:
  explicit warming(warming_request wanted)
    : turn_series{wanted.messages.size()},
      wanted_{std::move(wanted)} {}

private:
  turn_request request_of(std::size_t number) override {
    turn_request request;
    request.message = wanted_.messages[number];
    request.who = wanted_.who;
    return request;
  }
  void ended(const turn_reply&) override {}
  void describe(wire::json_object&) const override {}

  const warming_request wanted_;
};

void warm(http_session& session) {
  auto wanted = parse_warming(session.request().body, session.services().settings.max_warming);
  if (!wanted)
    return session.problem(wanted.error());
  turn_series::start(session, std::make_shared<warming>(std::move(*wanted)));
}

} // namespace

std::span<const route> warming_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/cache/warm",
     .summary = "asks a list of messages as real turns, so that the caches know what they read",
     .handle = warm,
     .body = body_kind::json,
     .who = access::operators,
     .request = "WarmingRequest",
     .reply = "Warmed"},
  };
  return table;
}

} // namespace flipsync
