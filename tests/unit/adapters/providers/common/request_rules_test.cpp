#include "adapters/providers/common/request_rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::providers;
using namespace flipsync::testing;

namespace {

std::string field_of(const model_request& request) {
  const auto sound = fault_of(request);
  if (sound)
    return {};
  const auto why = sound.error();
  CHECK(why.code == errc::invalid_request);
  return std::string{why.detail("field")};
}

} // namespace

TEST_CASE("a sound request has no fault, with tools or without") {
  CHECK(field_of(ask(false)).empty());
  auto request = ask_with_tools(false);
  request.choice = {tool_choice::kind::named, "list_shops"};
  request.format = price_format();
  CHECK(field_of(request).empty());
}

TEST_CASE("tools need proper names, each its own, and parameters that are an object") {
  auto request = ask_with_tools(false);
  for (const auto* name : {"", "a b", "é", "a.b"}) {
    request.tools[0].name = name;
    CHECK(field_of(request) == "tools[0].name");
  }
  request.tools[0].name = std::string(65, 'a');
  CHECK(field_of(request) == "tools[0].name");
  request.tools[0].name = "list_shops";
  CHECK(field_of(request) == "tools[1].name");
  request.tools[0].name = "find_product";
  for (const auto* parameters : {"7", "[]", "{", "{} {}"}) {
    request.tools[0].parameters = parameters;
    CHECK(field_of(request) == "tools[0].parameters");
  }
  request.tools[0].parameters = std::string(100'000, '[');
  CHECK(field_of(request) == "tools[0].parameters");
}

TEST_CASE("answers are put into the order of their calls, and nothing else is moved") {
  auto request = ask(false);
  const auto begin = request.messages.size();
  const auto asks = [&](std::vector<std::string> ids) {
    chat_message message{chat_role::assistant, "", {}, {}};
    for (auto& id : ids)
      message.tool_calls.push_back({std::move(id), "find_product", "{}"});
    request.messages.push_back(std::move(message));
  };
  const auto answers = [&](const std::string& id) {
    request.messages.push_back({chat_role::tool, "7", {}, id});
  };
  asks({"a", "b", "c"});
  answers("c");
  answers("a");
  answers("b");
  request.messages.push_back({chat_role::user, "and now?", {}, {}});
  asks({"a", "b"});
  answers("b");
  answers("a");
  answers("b"); // once more
  std::vector<std::size_t> order;
  for (const auto at : in_order_of_calls(request))
    if (at >= begin)
      order.push_back(at - begin);
  CHECK(order == std::vector<std::size_t>{0, 2, 3, 1, 4, 5, 7, 6, 8});
}

TEST_CASE("a choice must be among the tools") {
  auto request = ask_with_tools(false);
  request.choice = {tool_choice::kind::named, "sell_shop"};
  CHECK(field_of(request) == "tool_choice");
  auto plain = ask(false);
  plain.choice.what = tool_choice::kind::required;
  CHECK(field_of(plain) == "tool_choice");
}

TEST_CASE("a schema must be an object, and may go without a name") {
  auto request = ask(false);
  request.format = price_format();
  request.format.name.clear();
  CHECK(field_of(request).empty());
  request.format.name = "a price";
  CHECK(field_of(request) == "answer_format.name");
  request.format.name = "price";
  request.format.schema = "true";
  CHECK(field_of(request) == "answer_format.schema");
}

TEST_CASE("an answer belongs to the nearest call of its id before it") {
  auto request = ask_with_tools(false);
  CHECK(called_tool(request, 3) == "find_product");
  CHECK(called_tool(request, 4) == "list_shops");
  request.messages.edit(4).tool_call_id = "call_z";
  CHECK(field_of(request) == "messages[4].tool_call_id");
}

TEST_CASE("an id that fits is kept, and any other always becomes the same one") {
  CHECK(portable_id("call_a-1", 40) == "call_a-1");
  const auto made = portable_id("functions.find:0", 40);
  CHECK(made.size() == 20);
  CHECK(made == portable_id("functions.find:0", 40));
  CHECK(made != portable_id("functions.find:1", 40));
  CHECK(portable_id(std::string(41, 'a'), 40).size() == 20);
  CHECK(portable_id("", 40).size() == 20);
}

TEST_CASE("system messages are joined with an empty line") {
  auto request = ask(false);
  CHECK(system_text(request) == "You sell kitchen ware.");
  request.messages.push_back({chat_role::system, "Be brief.", {}, {}});
  CHECK(system_text(request) == "You sell kitchen ware.\n\nBe brief.");
}
