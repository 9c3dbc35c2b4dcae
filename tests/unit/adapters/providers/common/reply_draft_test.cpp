#include "adapters/providers/common/reply_draft.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::providers;
using namespace flipsync::testing;

namespace {

reply_draft draft_of(std::string text, std::vector<tool_call> calls = {}) {
  reply_draft draft;
  draft.text = std::move(text);
  draft.finish_reason = "stop";
  draft.tool_calls = std::move(calls);
  return draft;
}

bool keeps_to(const asked_for& asked, const reply_draft& draft) {
  return departs_from(asked, draft) == nullptr;
}

} // namespace

TEST_CASE("calls without an id are numbered through the conversation") {
  auto draft = draft_of("", {{"", "a", ""}, {"own", "b", ""}, {"", "c", ""}});
  call_namer{ask(false)}.name(draft);
  CHECK(draft.tool_calls[0].id == "call_1");
  CHECK(draft.tool_calls[1].id == "own");
  CHECK(draft.tool_calls[2].id == "call_3");
  auto later = draft_of("", {{"", "a", ""}});
  call_namer{ask_with_tools(false)}.name(later);
  CHECK(later.tool_calls[0].id == "call_3");
}

TEST_CASE("only what is new is told, and a call once its name is known") {
  decoded seen;
  noting_sink sink{seen};
  draft_teller teller;
  auto draft = draft_of("The");
  teller.tell(draft, sink);
  teller.tell(draft, sink);
  CHECK(seen.tokens == std::vector<std::string>{"The"});
  draft.text += " kettle";
  draft.tool_calls = {{"x", "", "{"}};
  teller.tell(draft, sink);
  CHECK(seen.tokens == std::vector<std::string>{"The", " kettle"});
  CHECK(seen.call_pieces == 0);
  draft.tool_calls[0].name = "find";
  draft.tool_calls.push_back({"y", "list", ""});
  teller.tell(draft, sink);
  draft.tool_calls[0].arguments += "}";
  teller.tell(draft, sink);
  teller.tell(draft, sink);
  CHECK(seen.calls == std::vector<tool_call>{{"x", "find", "{}"}, {"y", "list", ""}});
  CHECK(seen.call_pieces == 3);
}

TEST_CASE("an answer without the call that was asked for departs from the request") {
  const auto call = draft_of("", {{"x", "find", "{}"}});
  const auto text = draft_of("I would rather not.");
  using kind = tool_choice::kind;
  CHECK(keeps_to({{kind::required, ""}, {}}, call));
  CHECK_FALSE(keeps_to({{kind::required, ""}, {}}, text));
  CHECK(keeps_to({{kind::named, "find"}, {}}, call));
  CHECK_FALSE(keeps_to({{kind::named, "list"}, {}}, call));
  CHECK(keeps_to({{kind::automatic, ""}, {}}, text));
  CHECK_FALSE(keeps_to({}, draft_of("", {{"x", "", "{}"}})));
}

TEST_CASE("an answer that its length ended before the call that was asked for is passed on") {
  using kind = tool_choice::kind;
  auto cut = draft_of("Let me look that up for");
  cut.finish_reason = "length";
  CHECK(keeps_to({{kind::required, ""}, {}}, cut));
  CHECK(keeps_to({{kind::named, "find"}, {}}, cut));
  cut.tool_calls = {{"x", "", "{"}};
  CHECK_FALSE(keeps_to({{kind::required, ""}, {}}, cut));
}

TEST_CASE("an answer asked for as JSON is JSON, unless it was cut at its length or is a call") {
  using kind = answer_format::kind;
  CHECK(keeps_to({{}, kind::json_object}, draft_of(R"({"price": 24.5})")));
  CHECK_FALSE(keeps_to({{}, kind::json_object}, draft_of("[1]")));
  CHECK(keeps_to({{}, kind::json_schema}, draft_of("[1]")));
  CHECK_FALSE(keeps_to({{}, kind::json_schema}, draft_of("It is 24.5.")));
  CHECK_FALSE(keeps_to({{}, kind::json_object}, draft_of("```json\n{}\n```")));
  auto cut = draft_of(R"({"price": 2)");
  cut.finish_reason = "length";
  CHECK(keeps_to({{}, kind::json_schema}, cut));
  CHECK(keeps_to({{}, kind::json_object}, draft_of("", {{"x", "find", "{}"}})));
}
