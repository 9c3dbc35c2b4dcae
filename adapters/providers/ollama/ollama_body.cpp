#include "adapters/providers/ollama/ollama_body.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/request_rules.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;
using providers::put;

json::object options_of(const model_tuning& tuning) {
  json::object options;
  put(options, "temperature", tuning.temperature);
  put(options, "top_k", tuning.top_k);
  put(options, "top_p", tuning.top_p);
  put(options, "num_ctx", tuning.num_ctx);
  put(options, "num_predict", tuning.max_tokens);
  put(options, "num_batch", tuning.num_batch);
  put(options, "num_gpu", tuning.num_gpu);
  put(options, "num_thread", tuning.num_thread);
  put(options, "seed", tuning.seed);
  put(options, "presence_penalty", tuning.presence_penalty);
  put(options, "frequency_penalty", tuning.frequency_penalty);
  if (!tuning.stop.empty())
    options["stop"] = json::array(tuning.stop.begin(), tuning.stop.end());
  return options;
}

/// A duration with its unit is text ("24h"); a bare number is one (seconds, -1 for always).
json::value keep_alive_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc{} && end == text.data() + text.size())
    return number;
  return json::value(text);
}

json::object message_of(const model_request& request, std::size_t at) {
  const auto& message = request.messages[at];
  json::object out{{"role", to_string(message.role)}, {"content", message.text}};
  if (message.role == chat_role::tool)
    out["tool_name"] = providers::called_tool(request, at);
  if (message.tool_calls.empty())
    return out;
  json::array calls;
  for (const auto& call : message.tool_calls) {
    json::object made;
    made["function"] = {{"name", call.name},
                        {"arguments", providers::object_or_empty(call.arguments)}};
    calls.push_back(std::move(made));
  }
  out["tool_calls"] = std::move(calls);
  return out;
}

std::vector<tool_spec> offered(const model_request& request) {
  auto tools = request.tools;
  if (request.choice.what == tool_choice::kind::none)
    tools.clear();
  if (request.choice.what == tool_choice::kind::named)
    std::erase_if(tools, [&](const tool_spec& t) { return t.name != request.choice.name; });
  return tools;
}

json::value format_of(const answer_format& format) {
  if (format.what == answer_format::kind::json_object)
    return "json";
  return providers::object_or_empty(format.schema);
}

} // namespace

json::object ollama_body(const model_request& request, const ollama_settings& settings) {
  json::object body;
  body["model"] = request.model.empty() ? settings.default_model : request.model;
  json::array messages;
  // Its answers have no ids: their order tells whose they are.
  for (const auto at : providers::in_order_of_calls(request))
    messages.push_back(message_of(request, at));
  body["messages"] = std::move(messages);
  body["stream"] = request.stream;
  if (const auto tools = offered(request); !tools.empty())
    body["tools"] = providers::function_tools(tools);
  if (request.format.what != answer_format::kind::text)
    body["format"] = format_of(request.format);
  if (auto options = options_of(request.tuning); !options.empty())
    body["options"] = std::move(options);
  const auto& keep =
    request.tuning.keep_alive.empty() ? settings.keep_alive : request.tuning.keep_alive;
  if (!keep.empty())
    body["keep_alive"] = keep_alive_of(keep);
  return body;
}

} // namespace flipsync
