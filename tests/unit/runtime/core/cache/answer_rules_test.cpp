#include "runtime/core/cache/answer_rules.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

const wording personal{{"my order", "My Name"}};

model_request asking(std::string text) {
  model_request request;
  request.messages = {{chat_role::system, "my order of magnitude", {}, {}},
                      {chat_role::user, std::move(text), {}, {}}};
  return request;
}

bool alone(const model_request& request, std::optional<double> temperature = 0.5,
           cache_use use = cache_use::by_rule) {
  model_tuning tuning;
  tuning.temperature = temperature;
  return !why_alone(request, tuning, use, 0.7, personal).empty();
}

model_reply reply(std::string reason) {
  model_reply out;
  out.text = "an answer";
  out.finish_reason = std::move(reason);
  return out;
}

} // namespace

TEST_CASE("a plain question may share its answer") { CHECK_FALSE(alone(asking("hello"))); }

TEST_CASE("a temperature above the limit speaks against it unless the caller asks") {
  CHECK_FALSE(alone(asking("hello"), 0.7));
  CHECK(alone(asking("hello"), 0.71));
  CHECK(alone(asking("hello"), std::nullopt));
  CHECK_FALSE(alone(asking("hello"), 1.5, cache_use::asked));
  CHECK_FALSE(alone(asking("hello"), std::nullopt, cache_use::asked));
}

TEST_CASE("a caller may want an answer of its own") {
  CHECK(alone(asking("hello"), 0.1, cache_use::refused));
}

TEST_CASE("personal wording counts as whole words of the user, whatever their case") {
  CHECK(alone(asking("Where is MY ORDER?")));
  CHECK(alone(asking("my name is Ann")));
  CHECK_FALSE(alone(asking("my orders")));
  CHECK_FALSE(alone(asking("dummy order")));
  CHECK(alone(asking("my orders and my order"), 0.1, cache_use::asked));
}

TEST_CASE("what acts has its own answer") {
  auto forced = asking("hello");
  forced.tools = {{"buy", "", ""}};
  CHECK_FALSE(alone(forced));
  forced.choice.what = tool_choice::kind::required;
  CHECK(alone(forced));
  auto answered = asking("hello");
  answered.messages.push_back({chat_role::tool, "done", {}, "c"});
  CHECK(alone(answered));
  auto called = asking("hello");
  called.messages.push_back({chat_role::assistant, "", {{"c", "buy", "{}"}}, {}});
  CHECK(alone(called));
}

TEST_CASE("only an answer that is whole and in words is kept") {
  CHECK(may_be_kept(reply("stop")));
  CHECK_FALSE(may_be_kept(reply("length")));
  CHECK_FALSE(may_be_kept(reply("content_filter")));
  CHECK_FALSE(may_be_kept(reply("tool_calls")));
  CHECK_FALSE(may_be_kept(reply("")));
  auto calling = reply("stop");
  calling.tool_calls = {{"c", "buy", "{}"}};
  CHECK_FALSE(may_be_kept(calling));
  auto empty = reply("stop");
  empty.text.clear();
  CHECK_FALSE(may_be_kept(empty));
}
