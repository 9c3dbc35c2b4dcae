#include <algorithm>
#include <atomic>

#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

constexpr std::string_view json = "application/json";

/// The roster on its way from the runtime.
class agents_call final : public completion, public std::enable_shared_from_this<agents_call> {
public:
  explicit agents_call(std::string name) : name_{std::move(name)} {}

  static void start(http_session& session, std::string name) {
    auto call = std::make_shared<agents_call>(std::move(name));
    session.wait_for(call);
    session.services().runtime.agents(
      [call, to = session.services().completions](result<std::vector<agent_status>> found) {
        call->found_.emplace(std::move(found));
        call->done_.store(true, std::memory_order_release);
        to->push(call);
      });
  }

  bool ready() override { return done_.load(std::memory_order_acquire); }

  void answer(http_session& session) override {
    if (!*found_)
      return session.problem(found_->error());
    const auto& all = **found_;
    if (!name_.empty())
      return one(session, all);
    auto& out = session.begin_response(200, json);
    out += R"({"agents":)";
    wire::append_array(out, all,
                       [](std::string& o, const agent_status& a) { wire::append_json(o, a); });
    out += '}';
    session.end_response();
  }

private:
  void one(http_session& session, const std::vector<agent_status>& all) const {
    const auto known = std::find_if(all.begin(), all.end(), [&](const agent_status& a) {
      return a.name == name_
             || std::find(a.aliases.begin(), a.aliases.end(), name_) != a.aliases.end();
    });
    if (known == all.end())
      return session.problem(
        error{errc::not_found, "there is no agent of this name"}.with("field", "name"));
    wire::append_json(session.begin_response(200, json), *known);
    session.end_response();
  }

  std::string name_;                                       ///< empty: all
  std::optional<result<std::vector<agent_status>>> found_; ///< published by done_
  std::atomic<bool> done_{false};
};

void all_agents(http_session& session) { agents_call::start(session, {}); }

void one_agent(http_session& session) { agents_call::start(session, session.parameter("name")); }

constexpr route table[]{
  {.pattern = "/api/v1/agents",
   .summary = "the agents and their state",
   .handle = all_agents,
   .who = access::seller},
  {.pattern = "/api/v1/agents/{name}",
   .summary = "one agent",
   .handle = one_agent,
   .who = access::seller},
};

} // namespace

std::span<const route> agent_routes() noexcept { return table; }

} // namespace flipsync
