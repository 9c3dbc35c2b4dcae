#include "runtime/core/cache/answer_key.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <set>
#include <vector>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

/// All that an answer_question looks at.
struct question {
  std::string tenant = "t";
  std::string provider = "p";
  std::string identity = "i";
  std::string model = "m";
  std::string locale = "l";
  std::uint64_t catalogue = 1;
  model_request request;
  model_tuning tuning;

  question() {
    request.messages = {{chat_role::system, "be brief", {}, {}},
                        {chat_role::user, "hello", {{"c", "n", "{}"}}, "id"}};
    request.facts = {"a fact"};
    request.tools = {{"tool", "does", "{}"}};
    request.choice = {tool_choice::kind::named, "tool"};
    request.format = {answer_format::kind::json_schema, "s", "{}", false};
    tuning = {.temperature = 0.1, .max_tokens = 5, .top_p = 0.5, .top_k = 3, .stop = {"x"}};
    tuning.num_ctx = 9;
    tuning.seed = 4;
    tuning.presence_penalty = 0.2;
    tuning.frequency_penalty = 0.3;
  }
  [[nodiscard]] std::string key() const {
    return hex_of(key_of(
      answer_question{tenant, provider, identity, model, locale, catalogue, request, tuning}));
  }
};

using change = std::function<void(question&)>;

const std::vector<change> that_matter{
  [](question& q) { q.tenant = "other"; },
  [](question& q) { q.provider = "other"; },
  [](question& q) { q.identity = "other"; },
  [](question& q) { q.model = "other"; },
  [](question& q) { q.locale = "other"; },
  [](question& q) { q.catalogue = 2; },
  [](question& q) { q.request.messages.edit(0).role = chat_role::user; },
  [](question& q) { q.request.messages.edit(0).text = "be long"; },
  [](question& q) { q.request.messages.edit(1).tool_calls[0].id = "other"; },
  [](question& q) { q.request.messages.edit(1).tool_calls[0].name = "other"; },
  [](question& q) { q.request.messages.edit(1).tool_calls[0].arguments = "[]"; },
  [](question& q) { q.request.messages.edit(1).tool_calls.clear(); },
  [](question& q) { q.request.messages.edit(1).tool_call_id = "other"; },
  [](question& q) { q.request.messages = {q.request.messages[0]}; },
  [](question& q) {
    q.request.messages = {q.request.messages[1], q.request.messages[0]};
  },
  [](question& q) { q.request.facts = {"another"}; },
  [](question& q) { q.request.facts.clear(); },
  [](question& q) { q.request.tools[0].name = "other"; },
  [](question& q) { q.request.tools[0].description = "other"; },
  [](question& q) { q.request.tools[0].parameters = "other"; },
  [](question& q) { q.request.tools.clear(); },
  [](question& q) { q.request.choice.what = tool_choice::kind::automatic; },
  [](question& q) { q.request.choice.name = "other"; },
  [](question& q) { q.request.format.what = answer_format::kind::text; },
  [](question& q) { q.request.format.name = "other"; },
  [](question& q) { q.request.format.schema = "other"; },
  [](question& q) { q.request.format.strict = true; },
  [](question& q) { q.tuning.temperature = 0.2; },
  [](question& q) { q.tuning.temperature.reset(); },
  [](question& q) { q.tuning.max_tokens = 6; },
  [](question& q) { q.tuning.top_p = 0.6; },
  [](question& q) { q.tuning.top_k = 4; },
  [](question& q) { q.tuning.stop = {"y"}; },
  [](question& q) { q.tuning.num_ctx = 10; },
  [](question& q) { q.tuning.seed = 5; },
  [](question& q) { q.tuning.presence_penalty = 0.25; },
  [](question& q) { q.tuning.frequency_penalty = 0.35; },
};

const std::vector<change> that_do_not{
  [](question& q) { q.request.stream = true; },
  [](question& q) { q.request.timeout = 1ms; },
  [](question& q) { q.request.model = "the call's own name, which `model` stands for"; },
  [](question& q) { q.request.tuning.temperature = 1.5; }, // `tuning` is what is sent
  [](question& q) { q.tuning.num_batch = 7; },
  [](question& q) { q.tuning.num_gpu = 7; },
  [](question& q) { q.tuning.num_thread = 7; },
  [](question& q) { q.tuning.keep_alive = "1h"; },
};

} // namespace

TEST_CASE("each field that determines the answer changes its key, and no two do alike") {
  std::set<std::string> keys{question{}.key()};
  for (std::size_t i = 0; i < that_matter.size(); ++i) {
    question changed;
    that_matter[i](changed);
    INFO("change " << i);
    CHECK(keys.insert(changed.key()).second);
  }
}

TEST_CASE("what does not determine the answer leaves its key alone") {
  const auto key = question{}.key();
  for (std::size_t i = 0; i < that_do_not.size(); ++i) {
    question changed;
    that_do_not[i](changed);
    INFO("change " << i);
    CHECK(changed.key() == key);
  }
}

TEST_CASE("the encoding stays as it is, or its version is raised") {
  CHECK(question{}.key() == "85e3324b1f1fd141bb88fc322a077089e68853fa0955a3b1f5ed21046caa53d9");
}
