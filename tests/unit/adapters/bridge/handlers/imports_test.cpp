#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a file goes to the importer as it comes, however large") {
  bridge_settings settings;
  settings.max_body = 1024;
  const door d{settings};
  d.runtime->back.imported = import_outcome{true, 0, R"({"rows":1})"};
  const std::string file(100'000, 'x');
  auto client = d.connect();
  const auto r =
    client.request("POST", "/api/v1/products/import?kind=products&format=csv&dry_run", file);
  CHECK(r.status == 200);
  CHECK(r.body == R"({"rows":1})");
  CHECK(d.runtime->back.asked == "products csv dry");
  CHECK(d.runtime->back.taken == file);
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("rejected rows are a problem that holds the report") {
  const door d;
  d.runtime->back.imported = import_outcome{false, 2, R"({"rejected":2})"};
  const auto r = d.connect().request("POST", "/api/v1/products/import?kind=prices", "x");
  CHECK(r.status == 422);
  CHECK_THAT(r.body, ContainsSubstring(R"("report":{"rejected":2})"));
}

TEST_CASE("an import that cannot begin is refused after its body, and the connection goes on") {
  const door d;
  auto client = d.connect();
  CHECK(client.request("POST", "/api/v1/products/import?kind=rates", "a\n1\n").status == 503);
  CHECK(client.request("POST", "/api/v1/products/import", "a\n1\n").status == 400);
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("a file beyond the limit is refused by its length alone") {
  bridge_settings settings;
  settings.max_upload = 300'000;
  const door d{settings};
  auto client = d.connect();
  client.send("POST /api/v1/products/import?kind=products HTTP/1.1\r\nHost: localhost\r\n"
              "Content-Length: 300001\r\n\r\n");
  CHECK(client.read_response().status == 413);
  CHECK(d.runtime->back.taken.empty());
}

TEST_CASE("a chunked file that grows beyond the limit is cut off and abandoned") {
  bridge_settings settings;
  settings.max_body = 1000;
  settings.max_upload = 2000;
  const door d{settings};
  auto client = d.connect();
  client.send("POST /api/v1/products/import?kind=products HTTP/1.1\r\nHost: localhost\r\n"
              "Transfer-Encoding: chunked\r\n\r\n9c4\r\n"
              + std::string(2500, 'x') + "\r\n0\r\n\r\n");
  CHECK(client.read_response().status == 413);
  CHECK(d.runtime->back.abandoned);
}
