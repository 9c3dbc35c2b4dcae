#include "adapters/providers/openai/openai_body.hpp"

#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/request_rules.hpp"
#include "adapters/providers/openai/openai_codec.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;
using providers::put;

/// Longest id of a tool call that OpenAI's servers take.
constexpr std::size_t longest_id = 40;

/// Options that OpenAI's own servers know; others would be refused there.
void put_tuning(json::object& body, const model_tuning& tuning, bool reasons) {
  put(body, reasons ? "max_completion_tokens" : "max_tokens", tuning.max_tokens);
  put(body, "seed", tuning.seed);
  if (reasons)
    return;
  put(body, "temperature", tuning.temperature);
  put(body, "top_p", tuning.top_p);
  put(body, "presence_penalty", tuning.presence_penalty);
  put(body, "frequency_penalty", tuning.frequency_penalty);
  if (!tuning.stop.empty())
    body["stop"] = json::array(tuning.stop.begin(), tuning.stop.end());
}

json::object message_of(const chat_message& message) {
  json::object out{{"role", to_string(message.role)}, {"content", message.text}};
  if (message.role == chat_role::tool)
    out["tool_call_id"] = providers::portable_id(message.tool_call_id, longest_id);
  if (message.tool_calls.empty())
    return out;
  if (message.text.empty())
    out["content"] = nullptr;
  json::array calls;
  for (const auto& call : message.tool_calls)
    calls.push_back({{"id", providers::portable_id(call.id, longest_id)},
                     {"type", "function"},
                     {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  out["tool_calls"] = std::move(calls);
  return out;
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

json::object format_of(const answer_format& format) {
  if (format.what == answer_format::kind::json_object)
    return {{"type", "json_object"}};
  return {{"type", "json_schema"},
          {"json_schema",
           {{"name", format.name.empty() ? "answer" : format.name},
            {"schema", providers::object_or_empty(format.schema)},
            {"strict", format.strict}}}};
}

} // namespace

json::object openai_body(const model_request& request, const std::string& model) {
  json::object body{{"model", model}};
  json::array messages;
  for (const auto& message : request.messages)
    messages.push_back(message_of(message));
  body["messages"] = std::move(messages);
  put_tuning(body, request.tuning, openai_reasons(model));
  if (!request.tools.empty()) {
    body["tools"] = providers::function_tools(request.tools);
    if (request.choice.what != tool_choice::kind::automatic)
      body["tool_choice"] = choice_of(request.choice);
  }
  if (request.format.what != answer_format::kind::text)
    body["response_format"] = format_of(request.format);
  if (request.stream) {
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
  }
  return body;
}

} // namespace flipsync
