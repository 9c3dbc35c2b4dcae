#include "adapters/bridge/openapi.hpp"

#include <catch2/catch_test_macros.hpp>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "adapters/bridge/routes.hpp"

using namespace flipsync;

namespace {

simdjson::dom::element parsed(simdjson::dom::parser& parser, const std::string& text) {
  return parser.parse(text);
}

std::string shown(std::string_view pattern) {
  std::string out;
  std::copy_if(pattern.begin(), pattern.end(), std::back_inserter(out),
               [](char c) { return c != '*'; });
  return out;
}

} // namespace

TEST_CASE("the document has every route and nothing else") {
  simdjson::dom::parser parser;
  const auto text = openapi_document(all_routes(), "1.2.3");
  const auto document = parsed(parser, text);
  std::set<std::pair<std::string, std::string>> described;
  const simdjson::dom::object paths = document["paths"];
  for (const auto path : paths) {
    const simdjson::dom::object methods = path.value;
    for (const auto method : methods)
      described.emplace(path.key, method.key);
  }
  std::set<std::pair<std::string, std::string>> real;
  for (const auto& entry : all_routes()) {
    std::string method{to_string(entry.method)};
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    real.emplace(shown(entry.pattern), method);
  }
  CHECK(described == real);
}

TEST_CASE("every schema that a route names is there, and is JSON") {
  std::set<std::string_view> names;
  for (const auto& schema : api_schemas()) {
    INFO(schema.name);
    simdjson::dom::parser parser;
    CHECK(parser.parse(std::string{schema.json}).error() == simdjson::SUCCESS);
    CHECK(names.insert(schema.name).second);
  }
  for (const auto& entry : all_routes())
    for (const auto name : {entry.request, entry.reply}) {
      INFO(entry.pattern);
      CHECK((name.empty() || names.contains(name)));
    }
}

TEST_CASE("parameters are described as they are checked") {
  static constexpr query_field fields[]{
    {.name = "limit", .type = query_type::whole, .summary = "how many", .min = 1, .max = 9},
    {.name = "kind", .type = query_type::choice, .choices = "a|b", .required = true}};
  const route routes[]{{.pattern = "/x/{id}/{rest*}", .summary = "x", .query = fields}};
  simdjson::dom::parser parser;
  const auto text = openapi_document(routes, "1");
  const auto parameters =
    parsed(parser, text).at_pointer("/paths/~1x~1{id}~1{rest}/get/parameters");
  CHECK(std::string_view{parameters.at_pointer("/0/name")} == "id");
  CHECK(std::string_view{parameters.at_pointer("/1/name")} == "rest");
  CHECK(std::int64_t{parameters.at_pointer("/2/schema/maximum")} == 9);
  CHECK(std::string_view{parameters.at_pointer("/3/schema/enum/1")} == "b");
  CHECK(bool{parameters.at_pointer("/3/required")});
}

TEST_CASE("every route says what it answers") {
  for (const auto& entry : all_routes()) {
    INFO(entry.pattern);
    const bool bare = entry.status == "204" || entry.status == "101";
    const bool text = entry.reply_type != "application/json";
    CHECK((bare || text || !entry.reply.empty()));
  }
}

TEST_CASE("a reply of several forms shows each with its schema, and a WebSocket none") {
  static constexpr reply_form more[]{{.type = "application/json", .schema = "Metrics"}};
  const route routes[]{{.pattern = "/x", .reply_type = "text/plain", .more_replies = more},
                       {.pattern = "/ws", .status = "101"}};
  simdjson::dom::parser parser;
  const auto text = openapi_document(routes, "1");
  const auto document = parsed(parser, text);
  const auto content = document.at_pointer("/paths/~1x/get/responses/200/content");
  CHECK(std::string_view{content.at_pointer("/text~1plain/schema/type")} == "string");
  CHECK(std::string_view{content.at_pointer("/application~1json/schema/$ref")}
        == "#/components/schemas/Metrics");
  const auto socket = document.at_pointer("/paths/~1ws/get/responses/101");
  CHECK(socket.at_pointer("/content").error() != simdjson::SUCCESS);
}
