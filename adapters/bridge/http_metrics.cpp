#include "adapters/bridge/http_metrics.hpp"

#include <algorithm>

#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

std::int64_t this_second() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

using metric_sets = std::span<const http_metrics* const>;

template <class Pick>
std::uint64_t sum(metric_sets sets, Pick&& pick) {
  std::uint64_t total = 0;
  for (const auto* set : sets)
    total += pick(*set).get();
  return total;
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  out.append(name).append(" ").append(type).append("\n");
}

void single(std::string& out, metric_sets sets, std::string_view name, std::string_view type,
            std::string_view help, lone_counter http_metrics::*member) {
  head(out, name, type, help);
  out.append(name).append(" ");
  wire::append_unsigned(out, sum(
                               sets, [&](const http_metrics& m) -> auto& { return m.*member; }));
  out += '\n';
}

void websockets(std::string& out, metric_sets sets) {
  single(out, sets, "flipsync_websocket_connections_total", "counter", "WebSockets accepted.",
         &http_metrics::ws_connections);
  single(out, sets, "flipsync_websocket_connections_refused_total", "counter",
         "WebSockets closed at the limit of sessions or while draining.",
         &http_metrics::ws_refused);
  single(out, sets, "flipsync_websocket_open", "gauge", "WebSockets open now.",
         &http_metrics::ws_open);
  single(out, sets, "flipsync_websocket_frames_in_total", "counter", "Frames from clients.",
         &http_metrics::ws_frames_in);
  single(out, sets, "flipsync_websocket_frames_out_total", "counter", "Frames to clients.",
         &http_metrics::ws_frames_out);
  single(out, sets, "flipsync_websocket_cut_off_total", "counter",
         "Clients cut off because they did not read, or gave no sign of life.",
         &http_metrics::ws_cut_off);
}

void requests(std::string& out, metric_sets sets) {
  constexpr std::string_view name = "flipsync_http_requests_total";
  head(out, name, "counter", "Responses by route and status (0: the client was gone).");
  for (std::size_t r = 0; r <= all_routes().size(); ++r)
    for (std::size_t s = 0; s < http_metrics::statuses.size(); ++s) {
      const auto count = sum(
        sets, [&](const http_metrics& m) -> auto& { return m.routes[r].by_status[s]; });
      if (count == 0)
        continue;
      out.append(name).append("{route=\"").append(name_of(static_cast<route_number>(r)));
      out.append("\",status=\"").append(std::to_string(http_metrics::statuses[s])).append("\"} ");
      wire::append_unsigned(out, count);
      out += '\n';
    }
}

void latency_of(std::string& out, metric_sets sets, std::size_t r) {
  constexpr std::string_view name = "flipsync_http_request_duration_seconds";
  const auto labels = "{route=\"" + std::string{name_of(static_cast<route_number>(r))} + "\"";
  std::uint64_t cumulated = 0;
  const auto line = [&](std::string_view suffix, const std::string& label) {
    out.append(name).append(suffix).append(label).append(" ");
  };
  std::string buckets;
  for (std::size_t b = 0; b <= http_metrics::bounds.size(); ++b) {
    cumulated += sum(
      sets, [&](const http_metrics& m) -> auto& { return m.routes[r].by_latency[b]; });
    buckets.append(name).append("_bucket").append(labels).append(",le=\"");
    if (b < http_metrics::bounds.size())
      wire::append_decimal(buckets, http_metrics::bounds[b], 6);
    else
      buckets += "+Inf";
    buckets.append("\"} ").append(std::to_string(cumulated)).append("\n");
  }
  if (cumulated == 0)
    return;
  out += buckets;
  line("_sum", labels + "}");
  const auto total = sum(
    sets, [&](const http_metrics& m) -> auto& { return m.routes[r].microseconds; });
  wire::append_decimal(out, static_cast<std::int64_t>(total), 6);
  out += '\n';
  line("_count", labels + "}");
  wire::append_unsigned(out, cumulated);
  out += '\n';
}

} // namespace

void http_metrics::record(route_number route, int status, std::chrono::nanoseconds took) noexcept {
  auto& row = routes[std::min<std::size_t>(route, routes.size() - 1)];
  auto slot = std::find(statuses.begin(), statuses.end(), status);
  if (slot == statuses.end())
    slot = std::find(statuses.begin(), statuses.end(), 500);
  row.by_status[static_cast<std::size_t>(slot - statuses.begin())].add();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), us) - bounds.begin();
  row.by_latency[static_cast<std::size_t>(bucket)].add();
  row.microseconds.add(static_cast<std::uint64_t>(us));
  count_second(status);
}

void http_metrics::count_second(int status) noexcept {
  const auto now = this_second();
  auto& slot = seconds_[static_cast<std::size_t>(now) % kept_seconds];
  if (slot.second.load(std::memory_order_relaxed) != now) {
    slot.requests.remove_all();
    slot.errors.remove_all();
    slot.second.store(now, std::memory_order_relaxed);
  }
  slot.requests.add();
  if (status >= 500)
    slot.errors.add();
}

second_counts http_metrics::last_minute() const noexcept {
  const auto now = this_second();
  second_counts out;
  for (const auto& slot : seconds_) {
    const auto age = now - slot.second.load(std::memory_order_relaxed);
    if (age < 1 || age > 60)
      continue;
    out.requests += slot.requests.get();
    out.errors += slot.errors.get();
  }
  return out;
}

std::string render(metric_sets sets, std::uint64_t in_flight) {
  std::string out;
  single(out, sets, "flipsync_http_connections_total", "counter", "Connections accepted.",
         &http_metrics::connections);
  single(out, sets, "flipsync_http_connections_refused_total", "counter",
         "Connections turned away at the limit of sockets.", &http_metrics::refused);
  single(out, sets, "flipsync_http_open_sockets", "gauge", "Connections open now.",
         &http_metrics::open);
  head(out, "flipsync_http_requests_in_flight", "gauge", "Connections with a request in work now.");
  out.append("flipsync_http_requests_in_flight ").append(std::to_string(in_flight)).append("\n");
  single(out, sets, "flipsync_http_disconnects_total", "counter",
         "Turns cancelled because their client left.", &http_metrics::disconnects);
  single(out, sets, "flipsync_http_slow_readers_total", "counter",
         "Event streams cut off because their client did not read.", &http_metrics::slow_readers);
  websockets(out, sets);
  requests(out, sets);
  head(out, "flipsync_http_request_duration_seconds", "histogram",
       "From a request's first byte to its response being handed to the kernel.");
  for (std::size_t r = 0; r <= all_routes().size(); ++r)
    latency_of(out, sets, r);
  return out;
}

} // namespace flipsync
