#include "adapters/providers/gemini/gemini_body.hpp"

#include <algorithm>

#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/request_rules.hpp"
#include "adapters/providers/gemini/gemini_codec.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;
using kind = tool_choice::kind;
using providers::put;

/// What the vendor documents for calls whose signature is not at hand, such as another vendor's.
constexpr std::string_view no_signature = "skip_thought_signature_validator";

json::object named(const char* name, json::object value) {
  json::object out;
  out[name] = std::move(value);
  return out;
}

json::object text_part(std::string_view text) {
  json::object part;
  part["text"] = text;
  return part;
}

/// An answer must be an object; any other text becomes the member of one.
json::object response_of(const std::string& text) {
  auto value = providers::read_json(text);
  if (value && value->is_object())
    return std::move(value->get_object());
  json::object out;
  out["result"] = text;
  return out;
}

void add_parts(json::array& parts, const model_request& request, std::size_t at, bool signs) {
  const auto& message = request.messages[at];
  if (message.role == chat_role::tool) {
    parts.push_back(named("functionResponse", {{"name", providers::called_tool(request, at)},
                                               {"response", response_of(message.text)}}));
    return;
  }
  if (!message.text.empty())
    parts.push_back(text_part(message.text));
  bool first = true;
  for (const auto& call : message.tool_calls) {
    auto part = named("functionCall",
                      {{"name", call.name}, {"args", providers::object_or_empty(call.arguments)}});
    if (signs && first)
      part["thoughtSignature"] = no_signature;
    first = false;
    parts.push_back(std::move(part));
  }
}

/// Neighbours of one role become one content: all answers to an answer's calls must be together.
/// They go without ids, which not every model takes, so that their order tells whose they are.
json::array contents_of(const model_request& request, bool signs) {
  json::array out;
  std::string_view last;
  for (const auto at : providers::in_order_of_calls(request)) {
    const auto role = request.messages[at].role;
    if (role == chat_role::system)
      continue;
    json::array parts;
    add_parts(parts, request, at, signs);
    if (parts.empty())
      continue;
    const std::string_view theirs = role == chat_role::assistant ? "model" : "user";
    if (theirs == last) {
      auto& before = out.back().at("parts").as_array();
      std::move(parts.begin(), parts.end(), std::back_inserter(before));
    } else {
      out.push_back({{"role", theirs}, {"parts", std::move(parts)}});
    }
    last = theirs;
  }
  return out;
}

json::array tools_of(const std::vector<tool_spec>& tools) {
  json::array declared;
  for (const auto& tool : tools) {
    // A description must be there.
    json::object out{{"name", tool.name},
                     {"description", tool.description.empty() ? tool.name : tool.description}};
    if (!tool.parameters.empty())
      out["parametersJsonSchema"] = providers::object_or_empty(tool.parameters);
    declared.push_back(std::move(out));
  }
  json::object set;
  set["functionDeclarations"] = std::move(declared);
  json::array sets;
  sets.push_back(std::move(set));
  return sets;
}

json::object calling_of(const tool_choice& choice) {
  json::object calling;
  calling["mode"] = choice.what == kind::none ? "NONE" : "ANY";
  if (choice.what == kind::named)
    calling["allowedFunctionNames"] = json::array{choice.name};
  return named("functionCallingConfig", std::move(calling));
}

json::object generation_of(const model_request& request, const gemini_settings& settings,
                           bool thinks) {
  const auto& tuning = request.tuning;
  json::object out;
  put(out, "temperature", tuning.temperature);
  put(out, "topP", tuning.top_p);
  put(out, "topK", tuning.top_k);
  put(out, "seed", tuning.seed);
  put(out, "presencePenalty", tuning.presence_penalty);
  put(out, "frequencyPenalty", tuning.frequency_penalty);
  if (const auto most = gemini_max_tokens(request, settings))
    out["maxOutputTokens"] = *most;
  if (!tuning.stop.empty())
    out["stopSequences"] = json::array(tuning.stop.begin(), tuning.stop.end());
  if (request.format.what != answer_format::kind::text)
    out["responseMimeType"] = "application/json";
  if (request.format.what == answer_format::kind::json_schema)
    out["responseJsonSchema"] = providers::object_or_empty(request.format.schema);
  if (thinks && !settings.thinking_level.empty()) {
    json::object thinking;
    thinking["thinkingLevel"] = settings.thinking_level;
    out["thinkingConfig"] = std::move(thinking);
  }
  return out;
}

} // namespace

std::optional<std::uint32_t> gemini_max_tokens(const model_request& request,
                                               const gemini_settings& settings) {
  const auto& asked = request.tuning.max_tokens;
  const auto& model = request.model.empty() ? settings.default_model : request.model;
  if (!asked || !gemini_thinks(model))
    return asked;
  return providers::plus(*asked, settings.thinking_tokens);
}

json::object gemini_body(const model_request& request, const gemini_settings& settings) {
  const auto& model = request.model.empty() ? settings.default_model : request.model;
  const bool thinks = gemini_thinks(model);
  json::object body;
  body["contents"] = contents_of(request, thinks);
  if (const auto system = providers::system_text(request); !system.empty()) {
    json::object instruction;
    instruction["parts"] = json::array{text_part(system)};
    body["systemInstruction"] = std::move(instruction);
  }
  if (!request.tools.empty()) {
    body["tools"] = tools_of(request.tools);
    if (request.choice.what != kind::automatic)
      body["toolConfig"] = calling_of(request.choice);
  }
  if (auto generation = generation_of(request, settings, thinks); !generation.empty())
    body["generationConfig"] = std::move(generation);
  return body;
}

} // namespace flipsync
