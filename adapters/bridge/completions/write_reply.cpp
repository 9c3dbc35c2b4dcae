#include "adapters/bridge/completions/write_reply.hpp"

#include "adapters/bridge/completions/error_shape.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::completions {

namespace {

using wire::json_object;

/// The protocol knows these four.
std::string_view finish_reason(const turn_reply& reply) {
  for (const std::string_view known : {"length", "content_filter", "tool_calls"})
    if (reply.finish_reason == known)
      return known;
  return reply.tool_calls.empty() ? "stop" : "tool_calls";
}

void append_usage(std::string& out, const token_usage& tokens) {
  json_object object{out};
  object.number("prompt_tokens", tokens.in);
  object.number("completion_tokens", tokens.out);
  object.number("total_tokens", std::uint64_t{tokens.in} + tokens.out);
  object.close();
}

void append_attempt(std::string& out, const attempt& tried) {
  json_object object{out};
  object.text("provider", tried.provider);
  object.text("model", tried.model);
  object.ms("ms", tried.took);
  object.text("outcome", tried.outcome == errc::none ? "ok" : to_string(tried.outcome));
  object.close();
}

/// Of an agent's turn the part that is the answer, of a model's the only one.
const part_report* answering_part(const turn_reply& reply) {
  for (const auto& part : reply.parts)
    if (part.required && !part.provider.empty())
      return &part;
  return nullptr;
}

void append_facts(std::string& out, const turn_reply& reply, wire::costs how) {
  json_object object{out};
  object.text("turn", reply.id);
  object.text("status", to_string(reply.status));
  if (!reply.agent.empty())
    object.text("agent", reply.agent);
  if (const auto* part = answering_part(reply)) {
    object.text("provider", part->provider);
    object.text("model", part->model);
    wire::append_array(object.key("attempts"), part->attempts, append_attempt);
  }
  object.ms("ms", reply.timings.total);
  if (how == wire::costs::told) {
    wire::append_usd(object.key("cost_usd"), reply.cost);
    wire::append_usd(object.key("wasted_usd"), reply.wasted);
    wire::append_usd(object.key("saved_usd"), reply.saved);
  }
  object.boolean("cached", reply.cached);
  object.close();
}

void append_call(std::string& out, const tool_call& call) {
  json_object object{out};
  object.text("id", call.id);
  object.text("type", "function");
  json_object function{object.key("function")};
  function.text("name", call.name);
  function.text("arguments", call.arguments);
  function.close();
  object.close();
}

void append_message(std::string& out, const turn_reply& reply) {
  json_object object{out};
  object.text("role", "assistant");
  if (reply.message.empty() && !reply.tool_calls.empty())
    object.key("content") += "null";
  else
    object.text("content", reply.message);
  object.key("refusal") += "null";
  if (!reply.tool_calls.empty())
    wire::append_array(object.key("tool_calls"), reply.tool_calls, append_call);
  object.close();
}

void append_head(json_object& object, const reply_head& head, std::string_view kind) {
  object.text("id", "chatcmpl-" + head.id);
  object.text("object", kind);
  wire::append_integer(object.key("created"), head.created);
  object.text("model", head.model);
}

} // namespace

void append_completion(std::string& out, const reply_head& head, const turn_reply& reply) {
  json_object object{out};
  append_head(object, head, "chat.completion");
  object.key("choices") += R"([{"index":0,"message":)";
  append_message(out, reply);
  out += R"(,"logprobs":null,"finish_reason":")";
  out.append(finish_reason(reply)).append(R"("}])");
  append_usage(object.key("usage"), reply.usage);
  append_facts(object.key("flipsync"), reply, head.costs);
  object.close();
}

void chunk_writer::append_chunk(std::string& out, std::string_view delta, std::string_view reason,
                                const turn_reply* facts) const {
  out += "data: "; // JSON has no line break in it
  json_object object{out};
  append_head(object, head_, "chat.completion.chunk");
  object.key("choices") += R"([{"index":0,"delta":)";
  out.append(delta).append(R"(,"logprobs":null,"finish_reason":)");
  if (reason.empty())
    out += "null";
  else
    out.append("\"").append(reason).append("\"");
  out += "}]";
  if (usage_)
    object.key("usage") += "null";
  if (facts != nullptr)
    append_facts(object.key("flipsync"), *facts, head_.costs);
  object.close();
  out += "\n\n";
}

void chunk_writer::role(std::string& out) const {
  append_chunk(out, R"({"role":"assistant","content":"","refusal":null})", {}, nullptr);
}

void chunk_writer::content(std::string& out, std::string_view text) const {
  std::string delta = R"({"content":)";
  wire::append_string(delta, text);
  delta += '}';
  append_chunk(out, delta, {}, nullptr);
}

void chunk_writer::call(std::string& out, const tool_call_delta& piece) const {
  std::string delta = R"({"tool_calls":[)";
  json_object object{delta};
  object.number("index", piece.index);
  if (!piece.id.empty()) {
    object.text("id", piece.id);
    object.text("type", "function");
  }
  json_object function{object.key("function")};
  if (!piece.name.empty())
    function.text("name", piece.name);
  function.text("arguments", piece.arguments);
  function.close();
  object.close();
  delta += "]}";
  append_chunk(out, delta, {}, nullptr);
}

void chunk_writer::end(std::string& out, const turn_reply& reply) const {
  append_chunk(out, "{}", finish_reason(reply), &reply);
  if (usage_) {
    out += "data: ";
    json_object object{out};
    append_head(object, head_, "chat.completion.chunk");
    object.key("choices") += "[]";
    append_usage(object.key("usage"), reply.usage);
    object.close();
    out += "\n\n";
  }
  out += "data: [DONE]\n\n";
}

void chunk_writer::failure(std::string& out, const error& why) {
  out += "data: ";
  append_error(out, why, status_of(why));
  out += "\n\n";
}

std::vector<listed_model> models_of(const std::vector<agent_status>& agents,
                                    const std::vector<model_offer>& offers) {
  std::vector<listed_model> all{{"flipsync", "flipsync"}};
  all.reserve(1 + agents.size() + offers.size());
  for (const auto& agent : agents)
    all.push_back({"flipsync/" + agent.name, "flipsync"});
  for (const auto& offer : offers)
    all.push_back({offer.provider + '/' + offer.model, offer.provider});
  return all;
}

void append_model(std::string& out, const listed_model& model) {
  json_object object{out};
  object.text("id", model.id);
  object.text("object", "model");
  object.number("created", 0); // nobody knows
  object.text("owned_by", model.owner);
  object.close();
}

void append_models(std::string& out, const std::vector<listed_model>& models) {
  out += R"({"object":"list","data":)";
  wire::append_array(out, models, append_model);
  out += '}';
}

} // namespace flipsync::completions
