/// Metrics for people and dashboards, as JSON.

#include "adapters/bridge/handlers/figures.hpp"

#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/process_numbers.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

void append_process(std::string& out, std::chrono::seconds uptime) {
  const auto process = read_process_numbers();
  wire::json_object object{out};
  wire::append_decimal(object.key("cpu_seconds"), process.cpu.count(), 6);
  const auto alive = std::max<std::int64_t>(uptime.count(), 1);
  wire::append_score(object.key("cpu_cores_used"),
                     static_cast<double>(process.cpu.count()) / 1e6 / static_cast<double>(alive));
  object.number("memory_bytes", process.resident_bytes);
  object.number("threads", process.threads);
  object.number("disk_read_bytes", process.disk_read_bytes);
  object.number("disk_written_bytes", process.disk_written_bytes);
  object.number("network_received_bytes", process.network_received_bytes);
  object.number("network_sent_bytes", process.network_sent_bytes);
  object.close();
}

void append_turns(std::string& out, const runtime_numbers& numbers) {
  wire::json_object object{out};
  object.number("ended", numbers.turns);
  object.number("failed", numbers.turns_failed);
  object.number("in_flight", numbers.turns_in_flight);
  wire::append_json(object.key("latency_ms"), numbers.turn_latency);
  object.close();
}

void append_numbers(wire::json_object& object, const runtime_numbers& numbers) {
  append_turns(object.key("turns"), numbers);
  object.number("live_conversations", numbers.live_conversations);
  object.number("conversations_last_day", numbers.conversations_last_day);
  object.number("active_users", numbers.active_users);
  wire::append_json(object.key("tokens"), numbers.tokens);
  wire::append_usd(object.key("cost_usd"), numbers.cost);
  wire::append_usd(object.key("wasted_usd"), numbers.wasted);
  wire::append_usd(object.key("saved_usd"), numbers.saved);
  wire::append_array(
    object.key("providers"), numbers.providers,
    [](std::string& out, const provider_view& view) { wire::append_json(out, view); });
  wire::append_array(
    object.key("caches"), numbers.caches,
    [](std::string& out, const cache_view& cache) { wire::append_json(out, cache); });
}

} // namespace

void answer_with_figures(http_session& session) {
  const auto uptime = session.services().runtime.health().uptime;
  wire::json_object object{session.begin_response(200, "application/json")};
  wire::append_integer(object.key("uptime_seconds"), uptime.count());
  session.services().door_figures(object.key("http"));
  if (auto* office = session.services().runtime.office())
    append_numbers(object, office->numbers());
  append_process(object.key("process"), uptime);
  object.close();
  session.end_response();
}

std::span<const route> figure_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/metrics",
     .summary = "figures as JSON: rates, percentiles, tokens and cost, the process",
     .handle = answer_with_figures,
     .who = access::operators,
     .reply = "Metrics"},
  };
  return table;
}

} // namespace flipsync
