#include "adapters/bridge/http_metrics.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

#include "adapters/bridge/http_status.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

const route_number chat_route = match_route(http_method::post, "/api/v1/chat").number;
const route_number livez = match_route(http_method::get, "/livez").number;

} // namespace

TEST_CASE("every status that the door sends is counted as itself, not as a fault") {
  for (int status = 100; status < 600; ++status) {
    INFO(status);
    if (!reason_phrase(status).empty())
      CHECK(std::find(http_metrics::statuses.begin(), http_metrics::statuses.end(), status)
            != http_metrics::statuses.end());
  }
}

TEST_CASE("the numbers of several threads are added up") {
  http_metrics a;
  http_metrics b;
  a.connections.add(2);
  b.connections.add(3);
  a.open.add(2);
  a.open.remove();
  a.record(chat_route, 200, 70us);
  b.record(chat_route, 200, 80us);
  b.record(chat_route, 503, 2s);
  const http_metrics* const sets[]{&a, &b};
  const auto text = render(sets, 4);
  CHECK_THAT(text, ContainsSubstring("flipsync_http_connections_total 5\n"));
  CHECK_THAT(text, ContainsSubstring("flipsync_http_open_sockets 1\n"));
  CHECK_THAT(text, ContainsSubstring("flipsync_http_requests_in_flight 4\n"));
  CHECK_THAT(text, ContainsSubstring(
                     "flipsync_http_requests_total{route=\"/api/v1/chat\",status=\"200\"} 2\n"));
  CHECK_THAT(text, ContainsSubstring(
                     "flipsync_http_requests_total{route=\"/api/v1/chat\",status=\"503\"} 1\n"));
  const std::string name = "flipsync_http_request_duration_seconds";
  CHECK_THAT(text, ContainsSubstring(name + "_bucket{route=\"/api/v1/chat\",le=\"0.00005\"} 0\n"));
  CHECK_THAT(text, ContainsSubstring(name + "_bucket{route=\"/api/v1/chat\",le=\"0.0001\"} 2\n"));
  CHECK_THAT(text, ContainsSubstring(name + "_bucket{route=\"/api/v1/chat\",le=\"5\"} 3\n"));
  CHECK_THAT(text, ContainsSubstring(name + "_bucket{route=\"/api/v1/chat\",le=\"+Inf\"} 3\n"));
  CHECK_THAT(text, ContainsSubstring(name + "_sum{route=\"/api/v1/chat\"} 2.00015\n"));
  CHECK_THAT(text, ContainsSubstring(name + "_count{route=\"/api/v1/chat\"} 3\n"));
}

TEST_CASE("a route that was never asked for has no series, but every metric is described") {
  const http_metrics idle;
  const http_metrics* const sets[]{&idle};
  const auto text = render(sets, 0);
  CHECK_THAT(text, !ContainsSubstring("route="));
  CHECK_THAT(text, ContainsSubstring("# TYPE flipsync_http_requests_total counter\n"));
  CHECK_THAT(text, ContainsSubstring("# TYPE flipsync_http_request_duration_seconds histogram\n"));
}

TEST_CASE("latencies at and beyond the borders land in the right buckets") {
  http_metrics m;
  m.record(livez, 200, 50us);
  m.record(livez, 200, 51us);
  m.record(livez, 200, 1h);
  const auto& row = m.routes[livez];
  CHECK(row.by_latency[0].get() == 1);
  CHECK(row.by_latency[1].get() == 1);
  CHECK(row.by_latency[http_metrics::bounds.size()].get() == 1);
}

TEST_CASE("a status outside of the table counts as a fault of ours") {
  http_metrics m;
  m.record(livez, 299, 1us);
  const http_metrics* const sets[]{&m};
  CHECK_THAT(render(sets, 0), ContainsSubstring("status=\"500\"} 1\n"));
}
