/// What was spent on model calls today, and what is left.

#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

/// An operator sees every tenant's, anybody else their own.
void budget(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  const auto& who = session.sender().who();
  const auto own = who.who == role::operator_ ? std::nullopt : std::optional{who.tenant};
  wire::append_json(session.begin_response(200, json_type), office->budget(own));
  session.end_response();
}

} // namespace

std::span<const route> budget_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/budget",
     .summary = "what model calls have cost today, by tenant, provider and model, and what is left",
     .handle = budget,
     .who = access::seller,
     .reply = "Budget"},
  };
  return table;
}

} // namespace flipsync
