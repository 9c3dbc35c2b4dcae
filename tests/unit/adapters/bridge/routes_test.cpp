#include "adapters/bridge/routes.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace flipsync;

namespace {

/// The pattern found, in a table of its own.
std::string found(http_method method, std::string_view target) {
  static const route_table table{{
    {.pattern = "/"},
    {.pattern = "/things"},
    {.method = http_method::post, .pattern = "/things"},
    {.pattern = "/things/{id}"},
    {.method = http_method::delete_, .pattern = "/things/{id}"},
    {.pattern = "/things/special"},
    {.method = http_method::post, .pattern = "/things/{id}/parts/{part}"},
    {.pattern = "/files/{path*}"},
  }};
  const auto match = table.match(method, target);
  if (match.found == nullptr)
    return match.allow.empty() ? "none" : "allow " + std::string{match.allow};
  CHECK(&table.routes()[match.number] == match.found);
  CHECK(match.allow.empty());
  auto out = std::string{match.found->pattern};
  for (const auto* name : {"id", "part", "path"})
    if (const auto value = match.parameter(name); !value.empty())
      out += std::string{" "} + name + "=" + value;
  return out;
}

std::string get(std::string_view target) { return found(http_method::get, target); }

} // namespace

TEST_CASE("every route of the door is found by its own pattern, and has all that it needs") {
  std::set<std::pair<std::string_view, http_method>> seen;
  for (const auto& entry : all_routes()) {
    INFO(entry.pattern);
    const auto match = match_route(entry.method, entry.pattern);
    REQUIRE(match.found == &entry);
    CHECK(name_of(match.number) == entry.pattern);
    CHECK(entry.handle != nullptr);
    CHECK_FALSE(entry.summary.empty());
    CHECK(std::count(entry.pattern.begin(), entry.pattern.end(), '{')
          <= static_cast<std::ptrdiff_t>(route_match::max_parameters));
    CHECK(seen.emplace(entry.pattern, entry.method).second);
  }
  CHECK(name_of(route_match::nowhere) == "none");
}

TEST_CASE("query, fragment and a proxy's absolute form do not matter for the path") {
  CHECK(get("/things?x=1&y") == "/things");
  CHECK(get("/things#top") == "/things");
  CHECK(get("http://host:1/things?a") == "/things");
  CHECK(get("http://host") == "/");
  CHECK(match_route(http_method::get, "/livez?a=/b?c#d").query == "a=/b?c");
}

TEST_CASE("a HEAD goes where a GET goes, and nowhere else") {
  CHECK(found(http_method::head, "/things/7") == "/things/{id} id=7");
  CHECK(found(http_method::head, "/things/7/parts/8") == "allow POST");
}

TEST_CASE("a wrong method tells the right ones, an unknown path does not") {
  CHECK(found(http_method::put, "/things") == "allow GET, HEAD, POST");
  CHECK(found(http_method::post, "/things/7") == "allow GET, HEAD, DELETE");
  CHECK(found(http_method::options, "/files/a") == "allow GET, HEAD");
  CHECK(found(http_method::other, "/") == "allow GET, HEAD");
  CHECK(get("/nothing") == "none");
}

TEST_CASE("parameters are whole segments, percent-decoded") {
  CHECK(get("/things/a%20b%2Fc?x") == "/things/{id} id=a b/c");
  CHECK(found(http_method::post, "/things/a%41/parts/b")
        == "/things/{id}/parts/{part} id=aA part=b");
  for (const auto* target : {"/things/", "/things/a/b", "/things/a%2", "/things/a%zz"})
    CHECK(get(target) == "none");
}

TEST_CASE("a literal goes before a parameter, which is taken where the literal leads nowhere") {
  CHECK(get("/things/special") == "/things/special");
  CHECK(found(http_method::delete_, "/things/special") == "/things/{id} id=special");
  CHECK(found(http_method::post, "/things/special/parts/1")
        == "/things/{id}/parts/{part} id=special part=1");
}

TEST_CASE("a tail takes all that is left, but not nothing") {
  CHECK(get("/files/a/b%2Fc") == "/files/{path*} path=a/b/c");
  CHECK(get("/files/") == "none");
  CHECK(get("/files") == "none");
}

TEST_CASE("paths are compared whole and by case") {
  for (const auto* target :
       {"", "*", "?", "livez", "/livez/", "/Livez", "/livezz", "//livez", "/api/v1"}) {
    INFO(target);
    CHECK(match_route(http_method::get, target).found == nullptr);
  }
}
