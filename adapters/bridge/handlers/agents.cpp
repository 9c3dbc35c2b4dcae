#include <algorithm>

#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

using roster = std::vector<agent_status>;

void read_roster(http_session& session, office_call<roster>::writer write) {
  office_call<roster>::start(
    session, [&](auto done) { session.services().runtime.agents(std::move(done)); },
    std::move(write));
}

void all_agents(http_session& session) {
  read_roster(session, [](http_session& to, const roster& all) {
    wire::json_object object{to.begin_response(200, json_type)};
    wire::append_array(object.key("agents"), all,
                       [](std::string& o, const agent_status& a) { wire::append_json(o, a); });
    object.close();
    to.end_response();
  });
}

void one_agent(http_session& session) {
  read_roster(session, [](http_session& to, const roster& all) {
    const auto name = to.parameter("name");
    const auto known = std::find_if(all.begin(), all.end(), [&](const agent_status& a) {
      return a.name == name
             || std::find(a.aliases.begin(), a.aliases.end(), name) != a.aliases.end();
    });
    if (known == all.end())
      return to.problem(
        error{errc::not_found, "there is no agent of this name"}.with("field", "name"));
    wire::append_json(to.begin_response(200, json_type), *known);
    to.end_response();
  });
}

void set_paused(http_session& session, bool paused) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  const auto now = office->pause_agent(session.parameter("name"), paused);
  if (!now)
    return session.problem(now.error());
  wire::append_json(session.begin_response(200, json_type), *now);
  session.end_response();
}

void pause(http_session& session) { set_paused(session, true); }
void resume(http_session& session) { set_paused(session, false); }

} // namespace

std::span<const route> agent_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/agents",
     .summary = "the agents and their state",
     .handle = all_agents,
     .who = access::seller,
     .reply = "AgentList"},
    {.pattern = "/api/v1/agents/{name}",
     .summary = "one agent",
     .handle = one_agent,
     .who = access::seller,
     .reply = "Agent"},
    {.method = http_method::post,
     .pattern = "/api/v1/agents/{name}/pause",
     .summary = "has an agent refuse its turns",
     .handle = pause,
     .who = access::operators,
     .reply = "Agent"},
    {.method = http_method::post,
     .pattern = "/api/v1/agents/{name}/resume",
     .summary = "has a paused agent take turns again",
     .handle = resume,
     .who = access::operators,
     .reply = "Agent"},
  };
  return table;
}

} // namespace flipsync
