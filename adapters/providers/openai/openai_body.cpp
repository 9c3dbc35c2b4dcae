#include "adapters/providers/openai/openai_body.hpp"

#include <concepts>
#include <optional>

#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/request_rules.hpp"
#include "adapters/providers/openai/openai_codec.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;

/// Longest id of a tool call that OpenAI's servers take.
constexpr std::size_t longest_id = 40;

void put(wire::json_object& body, std::string_view name, const std::optional<double>& value) {
  if (value)
    providers::append_number(body.key(name), *value);
}

template <std::integral T>
void put(wire::json_object& body, std::string_view name, const std::optional<T>& value) {
  if (value)
    wire::append_integer(body.key(name), static_cast<std::int64_t>(*value));
}

/// Options that OpenAI's own servers know; others would be refused there.
void put_tuning(wire::json_object& body, const model_tuning& tuning, bool reasons) {
  put(body, reasons ? "max_completion_tokens" : "max_tokens", tuning.max_tokens);
  put(body, "seed", tuning.seed);
  if (reasons)
    return;
  put(body, "temperature", tuning.temperature);
  put(body, "top_p", tuning.top_p);
  put(body, "presence_penalty", tuning.presence_penalty);
  put(body, "frequency_penalty", tuning.frequency_penalty);
  if (!tuning.stop.empty())
    wire::append_array(body.key("stop"), tuning.stop, wire::append_string);
}

void append_call(std::string& out, const tool_call& call) {
  wire::json_object object{out};
  object.text("id", providers::portable_id(call.id, longest_id));
  object.text("type", "function");
  wire::json_object function{object.key("function")};
  function.text("name", call.name);
  function.text("arguments", call.arguments);
  function.close();
  object.close();
}

void append_message(std::string& out, const chat_message& message) {
  wire::json_object object{out};
  object.text("role", to_string(message.role));
  if (message.text.empty() && !message.tool_calls.empty())
    object.key("content") += "null";
  else
    object.text("content", message.text);
  if (message.role == chat_role::tool)
    object.text("tool_call_id", providers::portable_id(message.tool_call_id, longest_id));
  if (!message.tool_calls.empty())
    wire::append_array(object.key("tool_calls"), message.tool_calls, append_call);
  object.close();
}

json::value choice_of(const tool_choice& choice) {
  switch (choice.what) {
  case tool_choice::kind::none:
    return "none";
  case tool_choice::kind::required:
    return "required";
  case tool_choice::kind::named:
    return {{"type", "function"}, {"function", {{"name", choice.name}}}};
  case tool_choice::kind::automatic:
    break;
  }
  return "auto";
}

json::value format_of(const answer_format& format) {
  if (format.what == answer_format::kind::json_object)
    return {{"type", "json_object"}};
  return {{"type", "json_schema"},
          {"json_schema",
           {{"name", format.name.empty() ? "answer" : format.name},
            {"schema", providers::object_or_empty(format.schema)},
            {"strict", format.strict}}}};
}

} // namespace

std::string openai_body(const model_request& request, const std::string& model) {
  constexpr std::size_t usual = 2048;
  std::string out;
  out.reserve(usual);
  wire::json_object body{out};
  body.text("model", model);
  wire::append_array(body.key("messages"), request.messages, append_message);
  put_tuning(body, request.tuning, openai_reasons(model));
  if (!request.tools.empty()) {
    body.key("tools") += providers::text_of(providers::function_tools(request.tools));
    if (request.choice.what != tool_choice::kind::automatic)
      body.key("tool_choice") += providers::text_of(choice_of(request.choice));
  }
  if (request.format.what != answer_format::kind::text)
    body.key("response_format") += providers::text_of(format_of(request.format));
  if (request.stream) {
    body.boolean("stream", true);
    body.key("stream_options") += R"({"include_usage":true})";
  }
  body.close();
  return out;
}

} // namespace flipsync
