#include "tests/unit/adapters/bridge/completions/requests.hpp"

using namespace flipsync;
using namespace flipsync::completions;
using namespace flipsync::completions::testing;

TEST_CASE("a request with every field set is read") {
  const auto request = read(with(R"(,"stream":true,"stream_options":{"include_usage":true},
    "temperature":0.5,"top_p":0.9,"max_tokens":64,"stop":["a","b"],"seed":-7,
    "presence_penalty":-2,"frequency_penalty":2,"user":"u1","metadata":{"k":"v"},"n":1,
    "store":false,"logprobs":false,"parallel_tool_calls":true,
    "response_format":{"type":"json_object"})"));
  CHECK(request.model == "m");
  CHECK(request.ask.stream);
  CHECK(request.include_usage);
  CHECK(request.ask.tuning.temperature == 0.5);
  CHECK(request.ask.tuning.top_p == 0.9);
  CHECK(request.ask.tuning.max_tokens == 64);
  CHECK(request.ask.tuning.stop == std::vector<std::string>{"a", "b"});
  CHECK(request.ask.tuning.seed == -7);
  CHECK(request.ask.tuning.presence_penalty == -2.0);
  CHECK(request.ask.tuning.frequency_penalty == 2.0);
  CHECK(request.ask.format.what == answer_format::kind::json_object);
  CHECK(request.user == "u1");
}

TEST_CASE("a field that is not supported is named") {
  for (const std::string field : {"logit_bias", "functions", "audio", "modalities", "top_logprobs",
                                  "service_tier", "reasoning_effort", "Model"})
    CHECK(refused(with(",\"" + field + "\":1")) == field);
}

TEST_CASE("a field without a name, and one with an endless name, are named all the same") {
  CHECK(refused(with(R"(,"":1)")) == R"("")");
  CHECK(refused(with(",\"" + std::string(1000, 'x') + "\":1")) == std::string(64, 'x'));
}

TEST_CASE("a value that is not supported names its field") {
  struct row {
    const char* json;
    const char* field;
  };
  for (const auto& [json, field] :
       {row{R"(,"n":2)", "n"},
        {R"(,"n":"1")", "n"},
        {R"(,"temperature":2.1)", "temperature"},
        {R"(,"temperature":"hot")", "temperature"},
        {R"(,"top_p":-0.1)", "top_p"},
        {R"(,"max_tokens":0)", "max_tokens"},
        {R"(,"max_completion_tokens":1.5)", "max_completion_tokens"},
        {R"(,"stop":["a","b","c","d","e"])", "stop"},
        {R"(,"stop":["a",1])", "stop[1]"},
        {R"(,"stop":"")", "stop"},
        {R"(,"seed":1e30)", "seed"},
        {R"(,"presence_penalty":3)", "presence_penalty"},
        {R"(,"frequency_penalty":[])", "frequency_penalty"},
        {R"(,"stream":"yes")", "stream"},
        {R"(,"stream":true,"stream_options":{"x":1})", "stream_options.x"},
        {R"(,"stream_options":{"include_usage":true})", "stream_options"},
        {R"(,"store":true)", "store"},
        {R"(,"logprobs":true)", "logprobs"},
        {R"(,"parallel_tool_calls":false)", "parallel_tool_calls"},
        {R"(,"metadata":"x")", "metadata"},
        {R"(,"user":7)", "user"},
        {R"(,"n":1,"n":1)", "n"}})
    CHECK(refused(with(json)) == field);
}

TEST_CASE("null is as if the field were not there") {
  const auto request = read(with(R"(,"temperature":null,"tools":null,"stream":null,"stop":null)"));
  CHECK_FALSE(request.ask.tuning.temperature);
  CHECK(request.for_models.empty());
}

TEST_CASE("a model and messages are needed") {
  CHECK(refused("{}") == "model");
  CHECK(refused(R"({"model":""})") == "model");
  CHECK(refused(R"({"model":"m"})") == "messages");
  CHECK(refused(R"({"model":"m","messages":[]})") == "messages");
  CHECK(refused(R"({"model":")" + std::string(300, 'm')
                + R"(","messages":[{"role":"user","content":"x"}]})")
        == "model");
}

TEST_CASE("both names of the token limit mean one limit") {
  CHECK(read(with(R"(,"max_completion_tokens":9)")).ask.tuning.max_tokens == 9);
  CHECK(refused(with(R"(,"max_tokens":9,"max_completion_tokens":9)")) == "max_completion_tokens");
}

TEST_CASE("what is not a JSON object in UTF-8 is refused, however deep") {
  for (const std::string body : {"", "[]", "{", "7", "\"x\"", "{\"model\":\"\xff\"}"})
    CHECK(refused(body) == "body");
  CHECK(refused(std::string(100'000, '[')) == "body");
  std::string deep =
    with(R"(,"metadata":)" + std::string(max_depth, '[') + std::string(max_depth, ']'));
  CHECK(refused(deep) == "body");
}

TEST_CASE("fields that mean something to a model alone are noted in their order") {
  CHECK(read(with(R"(,"seed":1,"temperature":1,"user":"u")")).for_models
        == std::vector<std::string>{"seed", "temperature"});
}
