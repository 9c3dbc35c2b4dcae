#include "adapters/bridge/handlers.hpp"

#include <algorithm>
#include <atomic>

#include "adapters/bridge/exchange.hpp"
#include "adapters/bridge/http_session.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view plain = "text/plain; charset=utf-8";

bool draining(http_session& session) {
  return session.services().draining.load(std::memory_order_relaxed);
}

void index(http_session& session) {
  auto& out = session.begin_response(200, plain);
  out += "FlipSync\n\n";
  for (const auto& entry : all_routes()) {
    const auto method = entry.method == http_method::get ? "GET   " : "POST  ";
    out.append(method).append(entry.pattern);
    out.append(std::max<std::size_t>(26, entry.pattern.size() + 2) - entry.pattern.size(), ' ');
    out.append(entry.summary).append("\n");
  }
  out +=
    "\nTry it:\n\n"
    "  curl -H 'content-type: application/json' -d '{\"message\": \"hello\"}' URL/api/v1/chat\n";
  session.end_response();
}

void livez(http_session& session) {
  session.begin_response(200, json) += R"({"status":"alive"})";
  session.end_response();
}

void readyz(http_session& session) {
  const auto report = session.services().runtime.health();
  if (report.draining || draining(session))
    return session.problem(error{errc::shutting_down, "the service is draining"});
  if (!report.ready)
    return session.problem(error{errc::overloaded, "the service is starting"});
  session.begin_response(200, json) += R"({"status":"ready"})";
  session.end_response();
}

void health(http_session& session) {
  auto report = session.services().runtime.health();
  if (draining(session)) {
    report.draining = true;
    report.ready = false;
  }
  wire::append_json(session.begin_response(report.status == "down" ? 503 : 200, json), report);
  session.end_response();
}

void metrics(http_session& session) {
  const auto runtime = session.services().runtime.metrics_text();
  auto& out = session.begin_response(200, "text/plain; version=0.0.4; charset=utf-8");
  out += runtime;
  if (!runtime.empty() && runtime.back() != '\n')
    out += '\n';
  session.services().door_metrics(out);
  session.end_response();
}

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

/// The request in the body; a problem is answered here.
std::optional<turn_request> read_turn(http_session& session, bool stream) {
  if (draining(session)) {
    session.problem(error{errc::shutting_down, "the service is draining"});
    return std::nullopt;
  }
  auto parsed = wire::parse_turn_request(session.request().body);
  if (!parsed) {
    session.problem(parsed.error());
    return std::nullopt;
  }
  // The route says whether events are wanted: a whole reply needs no tokens, a stream has them.
  parsed->stream = stream;
  parsed->request_id = session.request_id();
  parsed->traceparent = session.traceparent();
  return std::move(*parsed);
}

void chat(http_session& session) {
  auto request = read_turn(session, false);
  if (!request)
    return;
  auto sink = std::make_shared<turn_exchange>(session.services().completions);
  session.wait_for(sink);
  session.running(session.services().runtime.submit(std::move(*request), sink));
  if (sink->arm())
    sink->answer(session);
}

void chat_stream(http_session& session) {
  auto request = read_turn(session, true);
  if (!request)
    return;
  auto sink = std::make_shared<stream_exchange>(session.services().completions,
                                                session.services().settings.max_stream_buffer);
  session.wait_for(sink);
  session.running(session.services().runtime.submit(std::move(*request), sink));
}

} // namespace

void handle(route_id route, http_session& session) {
  switch (route) {
  case route_id::index:
    return index(session);
  case route_id::livez:
    return livez(session);
  case route_id::readyz:
    return readyz(session);
  case route_id::health:
    return health(session);
  case route_id::metrics:
    return metrics(session);
  case route_id::agents:
    return agents_call::start(session, {});
  case route_id::agent:
    return agents_call::start(session, session.parameter());
  case route_id::chat:
    return chat(session);
  case route_id::chat_stream:
    return chat_stream(session);
  case route_id::none:
    break;
  }
  session.problem(error{errc::internal, "a route without a handler"});
}

} // namespace flipsync
