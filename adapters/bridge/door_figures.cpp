#include "adapters/bridge/door_figures.hpp"

#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

using metric_sets = std::span<const http_metrics* const>;

struct route_figures {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0; ///< statuses from 500 on
  percentiles latency;
};

route_figures figures_of(metric_sets sets, std::size_t route) {
  route_figures out;
  std::array<std::uint64_t, http_metrics::bounds.size() + 1> buckets{};
  for (const auto* set : sets) {
    const auto& row = set->routes[route];
    for (std::size_t i = 0; i < buckets.size(); ++i)
      buckets[i] += row.by_latency[i].get();
    for (std::size_t i = 0; i < http_metrics::statuses.size(); ++i)
      if (http_metrics::statuses[i] >= 500)
        out.errors += row.by_status[i].get();
  }
  for (const auto count : buckets)
    out.requests += count;
  const auto at = [&](unsigned percent) {
    return std::chrono::microseconds{percentile_of(buckets, http_metrics::bounds, percent)};
  };
  out.latency = {at(50), at(95), at(99)};
  return out;
}

void append_routes(std::string& out, metric_sets sets) {
  out += '[';
  bool first = true;
  for (std::size_t r = 0; r <= all_routes().size(); ++r) {
    const auto figures = figures_of(sets, r);
    if (figures.requests == 0)
      continue;
    if (!std::exchange(first, false))
      out += ',';
    wire::json_object object{out};
    object.text("route", name_of(static_cast<route_number>(r)));
    object.text("method", r < all_routes().size() ? to_string(all_routes()[r].method) : "");
    object.number("requests", figures.requests);
    object.number("errors", figures.errors);
    wire::append_json(object.key("latency_ms"), figures.latency);
    object.close();
  }
  out += ']';
}

} // namespace

std::int64_t percentile_of(std::span<const std::uint64_t> buckets,
                           std::span<const std::int64_t> bounds, unsigned percent) {
  std::uint64_t all = 0;
  for (const auto count : buckets)
    all += count;
  if (all == 0)
    return 0;
  const auto wanted = (all * percent + 99) / 100;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (below + buckets[i] >= wanted) {
      const auto low = i == 0 ? 0 : bounds[i - 1];
      const auto share = static_cast<double>(wanted - below) / static_cast<double>(buckets[i]);
      return low + static_cast<std::int64_t>(share * static_cast<double>(bounds[i] - low));
    }
    below += buckets[i];
  }
  return bounds.back();
}

void append_figures(std::string& out, metric_sets sets, std::uint64_t in_flight) {
  std::uint64_t open = 0;
  std::uint64_t disconnects = 0;
  second_counts minute;
  for (const auto* set : sets) {
    open += set->open.get();
    disconnects += set->disconnects.get();
    const auto last = set->last_minute();
    minute.requests += last.requests;
    minute.errors += last.errors;
  }
  wire::json_object object{out};
  object.number("open_sockets", open);
  object.number("in_flight", in_flight);
  object.number("disconnects", disconnects);
  wire::append_decimal(object.key("requests_per_second"),
                       static_cast<std::int64_t>(minute.requests * 1000 / 60), 3);
  wire::append_score(object.key("error_rate"),
                     minute.requests == 0
                       ? 0.0
                       : static_cast<double>(minute.errors) / static_cast<double>(minute.requests));
  append_routes(object.key("routes"), sets);
  object.close();
}

} // namespace flipsync
