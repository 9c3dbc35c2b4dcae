#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "adapters/bridge/console/console_files.hpp"
#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* as_browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";

std::string having(std::string_view etag) { return "If-None-Match: " + std::string{etag} + "\r\n"; }

} // namespace

TEST_CASE("a browser gets the page, others the list of routes") {
  const door d;
  auto client = d.connect();
  const auto page = client.request("GET", "/", {}, as_browser);
  CHECK(page.status == 200);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(page.header("vary") == "Accept");
  CHECK(page.body == console::find("index.html")->body);
  const auto list = client.request("GET", "/", {}, "Accept: */*\r\n");
  CHECK(list.header("content-type") == "text/plain; charset=utf-8");
  CHECK(list.header("vary") == "Accept");
}

TEST_CASE("the page may run and load what is the service's own, and nothing inline") {
  const door d;
  const auto policy =
    d.connect().request("GET", "/", {}, as_browser).header("content-security-policy");
  CHECK_THAT(policy, ContainsSubstring("default-src 'none'"));
  CHECK_THAT(policy, ContainsSubstring("script-src 'self';"));
  CHECK_THAT(policy, ContainsSubstring("frame-ancestors 'none'"));
  CHECK_THAT(policy, !ContainsSubstring("unsafe"));
  const auto page = console::find("index.html")->body;
  CHECK(page.find("style=") == std::string_view::npos);
  CHECK(page.find("onclick") == std::string_view::npos);
}

TEST_CASE("each file of the page has its type, its tag and its bytes") {
  const door d;
  auto client = d.connect();
  for (const auto& file : console::files()) {
    INFO(file.name);
    const auto r = client.request("GET", "/console/" + std::string{file.name});
    CHECK(r.status == 200);
    CHECK(r.header("content-type") == file.type);
    CHECK(r.header("etag") == file.etag);
    CHECK(r.header("cache-control") == "no-cache");
    CHECK(r.header("x-content-type-options") == "nosniff");
    CHECK(r.body == file.body);
  }
}

TEST_CASE("a file that the client has is not sent again") {
  const door d;
  const auto& file = *console::find("main.js");
  auto client = d.connect();
  const std::string tag{file.etag};
  for (const auto& known : {tag, "W/" + tag, "\"other\", " + tag, std::string{"*"}}) {
    INFO(known);
    client.send("GET /console/main.js HTTP/1.1\r\nHost: localhost\r\n" + having(known) + "\r\n");
    const auto r = client.read_response(true);
    CHECK(r.status == 304);
    CHECK(r.header("etag") == file.etag);
    CHECK(r.header("content-length") == std::to_string(file.body.size()));
  }
  // Had a 304 sent a body, this response would not be read whole.
  CHECK(client.request("GET", "/console/main.js", {}, having("\"other\"")).body == file.body);
}

TEST_CASE("HEAD of a file tells its length and sends nothing") {
  const door d;
  auto client = d.connect();
  client.send("HEAD /console/base.css HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto r = client.read_response(true);
  CHECK(r.status == 200);
  CHECK(r.header("content-length") == std::to_string(console::find("base.css")->body.size()));
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("a file that the console has not is a 404, and nothing else of the disk is reached") {
  const door d;
  auto client = d.connect();
  for (const auto* path :
       {"/console/nothing.js", "/console/..%2findex.html", "/console/%2e%2e", "/console/main.js/"})
    CHECK(client.request("GET", path).status == 404);
  CHECK(client.request("POST", "/console/main.js").status == 405);
}
