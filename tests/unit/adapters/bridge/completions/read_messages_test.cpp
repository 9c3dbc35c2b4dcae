#include "tests/unit/adapters/bridge/completions/requests.hpp"

using namespace flipsync;
using namespace flipsync::completions;
using namespace flipsync::completions::testing;

TEST_CASE("every role is read, and developer is system") {
  const auto messages = read(with_messages(R"([{"role":"developer","content":"d"},
    {"role":"system","content":"s"},{"role":"user","content":"u"},
    {"role":"assistant","content":"a"}])"))
                          .ask.messages;
  REQUIRE(messages.size() == 4);
  CHECK(messages[0] == chat_message{chat_role::system, "d", {}, {}});
  CHECK(messages[1] == chat_message{chat_role::system, "s", {}, {}});
  CHECK(messages[2] == chat_message{chat_role::user, "u", {}, {}});
  CHECK(messages[3] == chat_message{chat_role::assistant, "a", {}, {}});
}

TEST_CASE("text parts of a content are joined") {
  const auto messages = read(with_messages(R"([{"role":"user","content":[
    {"type":"text","text":"one "},{"type":"text","text":"two"}]}])"))
                          .ask.messages;
  CHECK(messages[0].text == "one two");
}

TEST_CASE("a tool's round trip is read") {
  const auto messages = read(with_messages(R"([{"role":"user","content":"weather?"},
    {"role":"assistant","content":null,"refusal":null,"annotations":[],"tool_calls":[
      {"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"sunny"}])"))
                          .ask.messages;
  REQUIRE(messages.size() == 3);
  CHECK(messages[1].tool_calls == std::vector<tool_call>{{"c1", "weather", "{}"}});
  CHECK(messages[2].tool_call_id == "c1");
  CHECK(messages[2].text == "sunny");
}

TEST_CASE("what is wrong with a message is named by its place") {
  struct row {
    const char* messages;
    const char* field;
  };
  for (const auto& [messages, field] :
       {row{R"("hello")", "messages"},
        {R"([7])", "messages[0]"},
        {R"([{"content":"x"}])", "messages[0].role"},
        {R"([{"role":"function","content":"x"}])", "messages[0].role"},
        {R"([{"role":"user"}])", "messages[0].content"},
        {R"([{"role":"user","content":null}])", "messages[0].content"},
        {R"([{"role":"user","content":7}])", "messages[0].content"},
        {R"([{"role":"user","content":"x","name":"Ada"}])", "messages[0].name"},
        {R"([{"role":"user","content":[{"type":"image_url","image_url":{}}]}])",
         "messages[0].content[0].type"},
        {R"([{"role":"user","content":[{"type":"text"}]}])", "messages[0].content[0].text"},
        {R"([{"role":"user","content":"x"},{"role":"tool","content":"x"}])",
         "messages[1].tool_call_id"},
        {R"([{"role":"user","content":"x","tool_call_id":"c"}])", "messages[0].tool_call_id"},
        {R"([{"role":"user","content":"x","tool_calls":[{"id":"c","type":"function",
             "function":{"name":"f","arguments":""}}]}])",
         "messages[0].tool_calls"},
        {R"([{"role":"assistant","tool_calls":[{"type":"function",
             "function":{"name":"f","arguments":""}}]}])",
         "messages[0].tool_calls[0].id"},
        {R"([{"role":"assistant","tool_calls":[{"id":"c","type":"custom"}]}])",
         "messages[0].tool_calls[0].type"},
        {R"([{"role":"assistant","tool_calls":[{"id":"c","function":{"arguments":""}}]}])",
         "messages[0].tool_calls[0].function.name"},
        {R"([{"role":"assistant","content":"x","refusal":"no"}])", "messages[0].refusal"},
        {R"([{"role":"user","content":"x","role":"user"}])", "messages[0].role"}})
    CHECK(refused(with_messages(messages)) == field);
}
