#include <algorithm>

#include "adapters/bridge/handlers/console.hpp"
#include "adapters/bridge/handlers/figures.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/media_type.hpp"
#include "adapters/bridge/openapi.hpp"
#include "adapters/bridge/routes.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view plain = "text/plain; charset=utf-8";

/// Browsers get the console page; who does not ask for HTML gets the list of routes.
void index(http_session& session) {
  if (names_type(session.request().accept, "text/html"))
    return console_page(session);
  auto& out = session.begin_response(200, plain, "Vary: Accept\r\n");
  out += "FlipSync\n\n";
  for (const auto& entry : all_routes()) {
    const auto method = to_string(entry.method);
    out.append(method).append(8 - method.size(), ' ').append(entry.pattern);
    out.append(std::max<std::size_t>(46, entry.pattern.size() + 2) - entry.pattern.size(), ' ');
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
  if (report.draining || session.draining())
    return session.problem(error{errc::shutting_down, "the service is draining"});
  if (!report.ready)
    return session.problem(error{errc::overloaded, "the service is starting"});
  session.begin_response(200, json) += R"({"status":"ready"})";
  session.end_response();
}

void health(http_session& session) {
  auto report = session.services().runtime.health();
  if (session.draining()) {
    report.draining = true;
    report.ready = false;
  }
  wire::append_json(session.begin_response(report.status == "down" ? 503 : 200, json), report);
  session.end_response();
}

void metrics(http_session& session) {
  if (wants_json(session.request().accept))
    return answer_with_figures(session);
  const auto runtime = session.services().runtime.metrics_text();
  auto& out = session.begin_response(200, "text/plain; version=0.0.4; charset=utf-8");
  out += runtime;
  if (!runtime.empty() && runtime.back() != '\n')
    out += '\n';
  session.services().door_metrics(out);
  session.end_response();
}

void openapi(http_session& session) {
  static const auto document =
    openapi_document(all_routes(), session.services().runtime.health().version);
  session.begin_response(200, json) += document;
  session.end_response();
}

constexpr reply_form page[]{{.type = "text/html"}};
constexpr reply_form as_figures[]{{.type = "application/json", .schema = "Metrics"}};

} // namespace

std::span<const route> health_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/openapi.json",
     .summary = "this interface as an OpenAPI document",
     .handle = openapi,
     .who = access::open,
     .any_query = true,
     .reply = "Document"},
    {.pattern = "/",
     .summary = "the console page for browsers, else this list",
     .handle = index,
     .who = access::open,
     .any_query = true,
     .reply_type = "text/plain",
     .more_replies = page},
    {.pattern = "/livez",
     .summary = "alive",
     .handle = livez,
     .who = access::open,
     .any_query = true,
     .reply = "Alive"},
    {.pattern = "/readyz",
     .summary = "ready for turns, else 503",
     .handle = readyz,
     .who = access::open,
     .any_query = true,
     .reply = "Alive"},
    {.pattern = "/health",
     .summary = "state of every component",
     .handle = health,
     .who = access::open,
     .any_query = true,
     .reply = "Health"},
    {.pattern = "/metrics",
     .summary = "Prometheus text, or the figures as JSON",
     .handle = metrics,
     .who = access::operators,
     .any_query = true,
     .reply_type = "text/plain",
     .more_replies = as_figures},
  };
  return table;
}

} // namespace flipsync
