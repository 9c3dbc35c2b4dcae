#include "adapters/providers/anthropic/anthropic_body.hpp"

#include <algorithm>

#include "adapters/providers/anthropic/anthropic_codec.hpp"
#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/request_rules.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;
using kind = tool_choice::kind;
using providers::put;

constexpr std::size_t longest_id = 64;

void add_text(json::array& blocks, const std::string& text) {
  if (!text.empty()) // which the protocol does not allow
    blocks.push_back({{"type", "text"}, {"text", text}});
}

void add_blocks(json::array& blocks, const chat_message& message) {
  if (message.role == chat_role::tool) {
    blocks.push_back({{"type", "tool_result"},
                      {"tool_use_id", providers::portable_id(message.tool_call_id, longest_id)},
                      {"content", message.text}});
    return;
  }
  add_text(blocks, message.text);
  for (const auto& call : message.tool_calls)
    blocks.push_back({{"type", "tool_use"},
                      {"id", providers::portable_id(call.id, longest_id)},
                      {"name", call.name},
                      {"input", providers::object_or_empty(call.arguments)}});
}

/// Neighbours of one role become one message: all answers to an answer's calls must be together.
json::array messages_of(const model_request& request) {
  json::array out;
  std::string_view last;
  for (const auto& message : request.messages) {
    if (message.role == chat_role::system)
      continue;
    const std::string_view role = message.role == chat_role::assistant ? "assistant" : "user";
    json::array blocks;
    add_blocks(blocks, message);
    if (blocks.empty())
      continue;
    if (role == last) {
      auto& content = out.back().at("content").as_array();
      std::move(blocks.begin(), blocks.end(), std::back_inserter(content));
    } else {
      out.push_back({{"role", role}, {"content", std::move(blocks)}});
    }
    last = role;
  }
  return out;
}

/// True where a call is wanted that the model refuses to be forced to.
bool only_asked(const model_request& request, bool thinks) {
  return thinks && (request.choice.what == kind::required || request.choice.what == kind::named);
}

std::string system_of(const model_request& request, bool thinks) {
  auto text = providers::system_text(request);
  const auto add = [&](std::string_view words) {
    if (!text.empty())
      text += "\n\n";
    text += words;
  };
  if (!request.tools.empty() && only_asked(request, thinks))
    add("Answer with a call of a tool, not with text.");
  if (request.format.what == answer_format::kind::json_object)
    add("Answer with one JSON object and nothing else, and no code fence around it.");
  return text;
}

void put_tools(json::object& body, const model_request& request, bool thinks) {
  if (request.tools.empty())
    return;
  const bool asked = only_asked(request, thinks);
  json::array tools;
  for (const auto& tool : request.tools) {
    if (asked && request.choice.what == kind::named && tool.name != request.choice.name)
      continue;
    json::object out{{"name", tool.name}};
    if (!tool.description.empty())
      out["description"] = tool.description;
    auto schema = providers::object_or_empty(tool.parameters);
    schema.emplace("type", "object");
    out["input_schema"] = std::move(schema);
    tools.push_back(std::move(out));
  }
  body["tools"] = std::move(tools);
  json::object choice;
  if (request.choice.what == kind::none)
    choice["type"] = "none";
  else if (request.choice.what == kind::required && !asked)
    choice["type"] = "any";
  else if (request.choice.what == kind::named && !asked)
    choice = {{"type", "tool"}, {"name", request.choice.name}};
  if (!choice.empty())
    body["tool_choice"] = std::move(choice);
}

/// The type may be a list of what a value can be: ["object", "null"].
bool may_be_object(const json::value* type) {
  if (type == nullptr)
    return false;
  const auto* list = type->if_array();
  return list == nullptr ? *type == "object"
                         : std::find(list->begin(), list->end(), "object") != list->end();
}

void close_objects(json::value& schema) {
  if (auto* list = schema.if_array()) {
    for (auto& item : *list)
      close_objects(item);
    return;
  }
  auto* object = schema.if_object();
  if (object == nullptr)
    return;
  for (auto& [name, value] : *object)
    close_objects(value);
  if (may_be_object(object->if_contains("type")))
    object->emplace("additionalProperties", false);
}

void put_output(json::object& body, const model_request& request,
                const anthropic_settings& settings, bool thinks) {
  json::object output;
  if (request.format.what == answer_format::kind::json_schema) {
    json::value schema = providers::object_or_empty(request.format.schema);
    close_objects(schema);
    output["format"] = {{"type", "json_schema"}, {"schema", std::move(schema)}};
  }
  if (thinks && !settings.effort.empty())
    output["effort"] = settings.effort;
  if (!output.empty())
    body["output_config"] = std::move(output);
}

/// Some models take only one of temperature and top_p.
void put_sampling(json::object& body, const model_tuning& tuning) {
  if (tuning.temperature)
    body["temperature"] = std::min(*tuning.temperature, 1.0); // theirs ends there
  else
    put(body, "top_p", tuning.top_p);
  put(body, "top_k", tuning.top_k);
}

} // namespace

std::uint32_t anthropic_max_tokens(const model_request& request,
                                   const anthropic_settings& settings) {
  const auto& model = request.model.empty() ? settings.default_model : request.model;
  const auto asked = request.tuning.max_tokens.value_or(settings.default_max_tokens);
  return claude_thinks(model) ? providers::plus(asked, settings.thinking_tokens) : asked;
}

json::object anthropic_body(const model_request& request, const anthropic_settings& settings) {
  const auto& model = request.model.empty() ? settings.default_model : request.model;
  const bool thinks = claude_thinks(model);
  const auto& tuning = request.tuning;
  json::object body{{"model", model}};
  body["max_tokens"] = anthropic_max_tokens(request, settings);
  if (const auto system = system_of(request, thinks); !system.empty())
    body["system"] = system;
  body["messages"] = messages_of(request);
  if (!thinks)
    put_sampling(body, tuning);
  if (!tuning.stop.empty())
    body["stop_sequences"] = json::array(tuning.stop.begin(), tuning.stop.end());
  put_tools(body, request, thinks);
  put_output(body, request, settings, thinks);
  if (request.stream)
    body["stream"] = true;
  return body;
}

} // namespace flipsync
