#include "tests/unit/adapters/bridge/completions/requests.hpp"

using namespace flipsync;
using namespace flipsync::completions;
using namespace flipsync::completions::testing;

namespace {

result<turn_request> turn_of(const std::string& model, const std::string& messages,
                             const std::string& more = {}) {
  return agent_turn(read(R"({"model":")" + model + R"(","messages":)" + messages + more + '}'));
}

std::string field_of(const result<turn_request>& turn) {
  return turn ? "none" : std::string{turn.error().detail("field")};
}

} // namespace

TEST_CASE("only flipsync and what stands behind its slash names agents") {
  CHECK(names_agents("flipsync"));
  CHECK(names_agents("flipsync/pricing"));
  CHECK_FALSE(names_agents("flipsync-large"));
  CHECK_FALSE(names_agents("other/flipsync"));
  CHECK_FALSE(names_agents(""));
}

TEST_CASE("the last message is the turn's, those before it its history, system its context") {
  const auto turn = turn_of("flipsync/pricing", R"([{"role":"system","content":"be brief"},
    {"role":"user","content":"one"},{"role":"assistant","content":"two"},
    {"role":"developer","content":"be kind"},{"role":"user","content":"three"}])",
                            R"(,"user":"c7","stream":true)");
  REQUIRE(turn.has_value());
  CHECK(turn->agent == "pricing");
  CHECK(turn->message == "three");
  CHECK(turn->context == "be brief\n\nbe kind");
  CHECK(turn->history == std::vector<earlier_message>{{true, "one"}, {false, "two"}});
  CHECK(turn->customer_id == "c7");
  CHECK(turn->stream);
  CHECK_FALSE(turn->kept);
  CHECK(validate(*turn).has_value());
}

TEST_CASE("without a slash the message is routed") {
  const auto turn = turn_of("flipsync", R"([{"role":"user","content":"hello"}])");
  REQUIRE(turn.has_value());
  CHECK(turn->agent.empty());
}

TEST_CASE("a slash with nothing behind it names no agent") {
  const auto turn = turn_of("flipsync/", R"([{"role":"user","content":"hello"}])");
  REQUIRE(turn.has_error());
  CHECK(turn.error().code == errc::not_found);
  CHECK(field_of(turn) == "model");
}

TEST_CASE("what means something to a model alone is refused of an agent, by name") {
  const std::string hello = R"([{"role":"user","content":"hello"}])";
  CHECK(field_of(turn_of("flipsync", hello, R"(,"temperature":1)")) == "temperature");
  CHECK(field_of(turn_of("flipsync", hello, R"(,"response_format":{"type":"text"})"))
        == "response_format");
  CHECK(field_of(turn_of("flipsync", hello, R"(,"n":1)")) == "none");
}

TEST_CASE("a conversation of an agent ends with the user and has no tools") {
  CHECK(field_of(turn_of("flipsync", R"([{"role":"user","content":"a"},
    {"role":"assistant","content":"b"}])"))
        == "messages[1].role");
  CHECK(field_of(turn_of("flipsync", R"([{"role":"tool","content":"a","tool_call_id":"c"},
    {"role":"user","content":"b"}])"))
        == "messages[0].role");
  CHECK(field_of(turn_of("flipsync", R"([{"role":"assistant","tool_calls":[{"id":"c",
    "type":"function","function":{"name":"f","arguments":""}}]},
    {"role":"user","content":"b"}])"))
        == "messages[0].tool_calls");
}

TEST_CASE("an error of the turn names the field that the caller wrote") {
  const auto named = [](const char* field) {
    return std::string{
      in_its_terms(error{errc::invalid_request, "x"}.with("field", field)).detail("field")};
  };
  CHECK(named("agent") == "model");
  CHECK(named("message") == "messages");
  CHECK(named("customer_id") == "user");
  CHECK(named("seed") == "seed");
  const auto unknown = error{errc::not_found, "x"}.with("agent", "nobody");
  CHECK(in_its_terms(unknown).detail("field") == "model");
  CHECK(
    in_its_terms(error{errc::agent_down, "x"}.with("agent", "pricing")).detail("field").empty());
}
