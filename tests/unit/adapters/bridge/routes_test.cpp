#include "adapters/bridge/routes.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace flipsync;

namespace {

route_id found(http_method method, std::string_view target) {
  const auto match = match_route(method, target);
  return match.found != nullptr ? match.found->id : route_id::none;
}

} // namespace

TEST_CASE("every route of the table is found by its own pattern") {
  std::set<route_id> seen;
  for (const auto& entry : all_routes()) {
    CHECK(found(entry.method, entry.pattern) == entry.id);
    CHECK(name_of(entry.id) == entry.pattern);
    seen.insert(entry.id);
  }
  CHECK(seen.size() == route_count - 1);
  CHECK(name_of(route_id::none) == "none");
}

TEST_CASE("query, fragment and a proxy's absolute form do not matter") {
  CHECK(found(http_method::get, "/livez?x=1&y") == route_id::livez);
  CHECK(found(http_method::get, "/livez#top") == route_id::livez);
  CHECK(found(http_method::get, "http://host:1/livez?a") == route_id::livez);
  CHECK(found(http_method::get, "http://host") == route_id::index);
}

TEST_CASE("a HEAD goes where a GET goes, and nowhere else") {
  CHECK(found(http_method::head, "/health") == route_id::health);
  CHECK(found(http_method::head, "/api/v1/chat") == route_id::none);
}

TEST_CASE("a wrong method tells the right ones, an unknown path does not") {
  CHECK(match_route(http_method::get, "/api/v1/chat").allow == "POST");
  CHECK(match_route(http_method::post, "/livez").allow == "GET, HEAD");
  CHECK(match_route(http_method::other, "/api/v1/agents/x").allow == "GET, HEAD");
  CHECK(match_route(http_method::get, "/nothing").allow.empty());
}

TEST_CASE("a parameter is one segment, percent-decoded") {
  CHECK(match_route(http_method::get, "/api/v1/agents/market").parameter == "market");
  CHECK(match_route(http_method::get, "/api/v1/agents/a%20b%2Fc?x").parameter == "a b/c");
  CHECK(found(http_method::get, "/api/v1/agents/") == route_id::none);
  CHECK(found(http_method::get, "/api/v1/agents/a/b") == route_id::none);
  CHECK(found(http_method::get, "/api/v1/agents/a%2") == route_id::none);
  CHECK(found(http_method::get, "/api/v1/agents/a%zz") == route_id::none);
  CHECK(match_route(http_method::get, "/api/v1/agents/a%41").parameter == "aA");
}

TEST_CASE("paths are compared whole and by case") {
  for (const auto* target :
       {"", "*", "livez", "/livez/", "/Livez", "/livezz", "//livez", "/api/v1"}) {
    INFO(target);
    CHECK(found(http_method::get, target) == route_id::none);
  }
}
