#include "tests/unit/adapters/bridge/completions/requests.hpp"

using namespace flipsync;
using namespace flipsync::completions;
using namespace flipsync::completions::testing;

namespace {

const std::string weather = R"({"type":"function","function":{"name":"weather",
  "description":"of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}})";

std::string with_tools(const std::string& more) {
  return with(",\"tools\":[" + weather + "]" + more);
}

std::string with_format(const std::string& format) {
  return with(",\"response_format\":" + format);
}

} // namespace

TEST_CASE("a tool is read with its schema as text") {
  const auto tools = read(with_tools("")).ask.tools;
  REQUIRE(tools.size() == 1);
  CHECK(tools[0].name == "weather");
  CHECK(tools[0].description == "of a city");
  CHECK(tools[0].parameters == R"({"type":"object","properties":{"city":{"type":"string"}}})");
}

TEST_CASE("every choice of tools is read") {
  using kind = tool_choice::kind;
  const auto chosen = [](const std::string& choice) {
    return read(with_tools(",\"tool_choice\":" + choice)).ask.choice;
  };
  CHECK(chosen("\"auto\"").what == kind::automatic);
  CHECK(chosen("\"none\"").what == kind::none);
  CHECK(chosen("\"required\"").what == kind::required);
  CHECK(chosen(R"({"type":"function","function":{"name":"weather"}})")
        == tool_choice{kind::named, "weather"});
}

TEST_CASE("what is wrong with tools is named by its place") {
  CHECK(refused(with(R"(,"tools":{})")) == "tools");
  CHECK(refused(with(R"(,"tools":[{"type":"retrieval"}])")) == "tools[0].type");
  CHECK(refused(with(R"(,"tools":[{"type":"function"}])")) == "tools[0].function");
  CHECK(refused(with(R"(,"tools":[{"function":{"name":"f"}}])")) == "tools[0].type");
  CHECK(refused(with(R"(,"tools":[{"type":"function","function":{}}])"))
        == "tools[0].function.name");
  CHECK(refused(with(R"(,"tools":[{"type":"function","function":{"name":"a b"}}])"))
        == "tools[0].function.name");
  CHECK(refused(with(R"(,"tools":[{"type":"function","function":{"name":"f","parameters":"x"}}])"))
        == "tools[0].function.parameters");
  CHECK(refused(with(R"(,"tools":[{"type":"function","function":{"name":"f","strict":true}}])"))
        == "tools[0].function.strict");
  CHECK(refused(with(R"(,"tool_choice":"auto")")) == "tool_choice");
  CHECK(refused(with_tools(R"(,"tool_choice":"sometimes")")) == "tool_choice");
  CHECK(refused(with_tools(R"(,"tool_choice":{"type":"function","function":{"name":"other"}})"))
        == "tool_choice");
  CHECK(refused(with_tools(R"(,"tool_choice":{"type":"function","function":{}})"))
        == "tool_choice.function.name");
}

TEST_CASE("only so many tools are taken") {
  std::string many;
  for (std::size_t i = 0; i <= max_tools; ++i)
    many += (i == 0 ? "" : ",") + weather;
  CHECK(refused(with(",\"tools\":[" + many + "]")) == "tools");
}

TEST_CASE("a format with a schema is read") {
  const auto format = read(with_format(R"({"type":"json_schema","json_schema":
    {"name":"answer","schema":{"type":"object"},"strict":true}})"))
                        .ask.format;
  CHECK(format.what == answer_format::kind::json_schema);
  CHECK(format.name == "answer");
  CHECK(format.schema == R"({"type":"object"})");
  CHECK(format.strict);
  CHECK(read(with_format(R"({"type":"text"})")).ask.format == answer_format{});
}

TEST_CASE("what is wrong with a format is named by its place") {
  CHECK(refused(with_format("\"json\"")) == "response_format");
  CHECK(refused(with_format("{}")) == "response_format.type");
  CHECK(refused(with_format(R"({"type":"xml"})")) == "response_format.type");
  CHECK(refused(with_format(R"({"type":"json_schema"})")) == "response_format.json_schema");
  CHECK(refused(with_format(R"({"type":"json_schema","json_schema":{"schema":{}}})"))
        == "response_format.json_schema.name");
  CHECK(refused(with_format(R"({"type":"json_schema","json_schema":{"name":"a"}})"))
        == "response_format.json_schema.schema");
  CHECK(refused(with_format(R"({"type":"text","json_schema":{"name":"a","schema":{}}})"))
        == "response_format.json_schema");
}
