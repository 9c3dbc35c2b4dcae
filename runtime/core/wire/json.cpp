#include "runtime/core/wire/json.hpp"

#include <algorithm>

#include "runtime/core/wire/json_append.hpp"

namespace flipsync::wire {

namespace {

/// What RFC 9457 calls title: the same for every problem of a kind.
std::string_view title_of(errc code) {
  switch (code) {
  case errc::none:
    return "No error";
  case errc::invalid_request:
    return "The request is not valid";
  case errc::unauthorized:
    return "A credential is needed";
  case errc::forbidden:
    return "This is not allowed";
  case errc::not_found:
    return "There is no such thing";
  case errc::conflict:
    return "This contradicts what is stored";
  case errc::overloaded:
    return "The service is at its limit";
  case errc::rate_limited:
    return "Too many requests";
  case errc::over_budget:
    return "A cost limit would be exceeded";
  case errc::deadline_exceeded:
    return "The time given is over";
  case errc::cancelled:
    return "The request was cancelled";
  case errc::provider_unavailable:
    return "A model provider cannot be reached";
  case errc::provider_rejected:
    return "A model provider refuses the request";
  case errc::context_too_long:
    return "The prompt does not fit the model";
  case errc::content_filtered:
    return "A content filter refused";
  case errc::malformed_reply:
    return "A model provider answered nonsense";
  case errc::agent_down:
    return "The agent is not available";
  case errc::store_failed:
    return "The store failed";
  case errc::node_lost:
    return "A node was lost";
  case errc::shutting_down:
    return "The service is shutting down";
  case errc::internal:
    return "Internal error";
  }
  return "Error";
}

/// Members that a detail must not overwrite.
bool is_reserved(std::string_view name) {
  constexpr std::string_view names[]{"type",       "title",          "status", "detail",
                                     "code",       "message",        "turn",   "agent",
                                     "request_id", "retry_after_ms", "parts",  "conversation_id"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void append_details(json_object& object, const error& why) {
  for (const auto& [name, value] : why.details) {
    std::string quoted;
    append_string(quoted, is_reserved(name) ? "detail_" + name : name);
    object.text(std::string_view{quoted}.substr(1, quoted.size() - 2), value);
  }
  if (why.retry_after)
    append_integer(object.key("retry_after_ms"), why.retry_after->count());
}

/// An error inside a reply, a part or an event.
void append_error(std::string& out, const error& why) {
  json_object object{out};
  object.text("code", to_string(why.code));
  object.text("message", why.message);
  append_details(object, why);
  object.close();
}

void append_usage(std::string& out, const token_usage& tokens) {
  json_object object{out};
  object.number("in", tokens.in);
  object.number("out", tokens.out);
  object.close();
}

void append_attempt(std::string& out, const attempt& tried) {
  json_object object{out};
  object.text("provider", tried.provider);
  object.text("model", tried.model);
  object.ms("ms", tried.took);
  object.text("outcome", tried.outcome == errc::none ? "ok" : to_string(tried.outcome));
  if (!tried.reason.empty())
    object.text("reason", tried.reason);
  if (tried.key > 0)
    object.text("key", "key " + std::to_string(tried.key));
  object.close();
}

/// Of a part or of a whole reply.
template <class Spent>
void append_costs(json_object& object, const Spent& by, costs how) {
  if (how == costs::withheld)
    return;
  append_usd(object.key("cost_usd"), by.cost);
  append_usd(object.key("wasted_usd"), by.wasted);
  append_usd(object.key("saved_usd"), by.saved);
}

bool used_nothing(const part_report& part) {
  return part.tokens == token_usage{} && part.cost.nanos == 0 && part.wasted.nanos == 0
         && part.saved.nanos == 0;
}

void append_part(std::string& out, const part_report& part, costs how) {
  json_object object{out};
  object.text("name", part.name);
  object.boolean("required", part.required);
  object.text("status", to_string(part.status));
  object.text("provider", part.provider);
  object.text("model", part.model);
  if (!part.why_model.empty())
    object.text("why_model", part.why_model);
  append_array(object.key("attempts"), part.attempts, append_attempt);
  object.ms("ms", part.took);
  if (how == costs::told && used_nothing(part)) { // as most parts, which no model answers
    object.raw(R"("tokens":{"in":0,"out":0},"cost_usd":0,"wasted_usd":0,"saved_usd":0)");
  } else {
    append_usage(object.key("tokens"), part.tokens);
    append_costs(object, part, how);
  }
  object.boolean("cached", part.cached);
  if (part.why.code != errc::none)
    append_error(object.key("error"), part.why);
  object.close();
}

void append_parts(std::string& out, const std::vector<part_report>& parts, costs how) {
  append_array(out, parts,
               [how](std::string& o, const part_report& part) { append_part(o, part, how); });
}

void append_candidate(std::string& out, const route_candidate& candidate) {
  json_object object{out};
  object.text("agent", candidate.agent);
  append_score(object.key("score"), candidate.score);
  object.close();
}

void append_route(std::string& out, const route_choice& route) {
  json_object object{out};
  append_score(object.key("score"), route.score);
  append_strings(object.key("matched"), route.matched);
  append_array(object.key("runners_up"), route.runners_up, append_candidate);
  object.text("reason", route.reason);
  object.close();
}

void append_product(std::string& out, const product_card& card) {
  json_object object{out};
  object.text("sku", card.sku);
  object.text("title", card.title);
  append_money(object.key("price"), card.price);
  object.text("brand", card.brand);
  object.text("category", card.category);
  object.boolean("in_stock", card.in_stock);
  object.text("pitch", card.pitch);
  object.close();
}

void append_timings(std::string& out, const turn_timings& timings) {
  json_object object{out};
  object.ms("queue", timings.queue);
  object.ms("route", timings.route);
  object.ms("first_token", timings.first_token);
  object.ms("total", timings.total);
  object.close();
}

void append_component(std::string& out, const component_health& component) {
  json_object object{out};
  object.text("name", component.name);
  object.text("status", component.status);
  object.text("detail", component.detail);
  object.close();
}

void append_call(std::string& out, const tool_call_delta& call) {
  json_object object{out};
  object.number("index", call.index);
  if (!call.id.empty())
    object.text("id", call.id);
  if (!call.name.empty())
    object.text("name", call.name);
  object.text("arguments", call.arguments);
  object.close();
}

/// The members of an event that depend on its type.
void append_event_body(json_object& object, const turn_event& event, costs how) {
  switch (event.type) {
  case event_type::turn_started:
    return object.text("conversation_id", event.text);
  case event_type::routed:
    if (event.route) {
      object.text("agent", event.route->agent);
      append_route(object.key("route"), *event.route);
    }
    return;
  case event_type::part_started: {
    json_object part{object.key("part")};
    part.text("name", event.text);
    return part.close();
  }
  case event_type::progress:
    object.text("waiting_for", event.text);
    append_integer(object.key("elapsed_ms"), event.elapsed.count());
    append_integer(object.key("typical_ms"), event.typical.count());
    return;
  case event_type::part_finished:
    if (event.part)
      append_part(object.key("part"), *event.part, how);
    return;
  case event_type::restarted:
    return object.text("reason", event.text);
  case event_type::tool_call:
    if (event.call)
      append_call(object.key("call"), *event.call);
    return;
  case event_type::token:
  case event_type::decision:
  case event_type::tool_result:
    return object.text("text", event.text);
  case event_type::completed:
  case event_type::failed:
    if (event.reply)
      append_json(object.key("reply"), *event.reply, how);
    return;
  }
}

/// About as many bytes as append_json_start appends, and rather more than fewer.
std::size_t estimated_size(const turn_reply& reply) {
  constexpr std::size_t frame = 640; // names of members, ids, usage
  constexpr std::size_t of_product = 160;
  constexpr std::size_t of_part = 256;
  constexpr std::size_t of_attempt = 128;
  constexpr std::size_t of_string = 8; // quotes, and what has to be escaped
  auto size = frame + reply.message.size() + reply.route.reason.size();
  for (const auto& card : reply.products)
    size +=
      of_product + card.title.size() + card.pitch.size() + card.brand.size() + card.category.size();
  for (const auto& each : reply.quick_replies)
    size += each.size() + of_string;
  for (const auto& each : reply.facts)
    size += each.size() + of_string;
  for (const auto& part : reply.parts)
    size += of_part + part.why_model.size() + part.attempts.size() * of_attempt;
  return size;
}

} // namespace

void append_json_start(std::string& out, const turn_reply& reply, costs how) {
  out.reserve(out.size() + estimated_size(reply));
  json_object object{out};
  object.text("id", reply.id);
  object.text("conversation_id", reply.conversation_id);
  object.text("status", to_string(reply.status));
  object.text("agent", reply.agent);
  append_route(object.key("route"), reply.route);
  object.text("message", reply.message);
  if (!reply.finish_reason.empty())
    object.text("finish_reason", reply.finish_reason);
  append_array(object.key("products"), reply.products, append_product);
  append_strings(object.key("quick_replies"), reply.quick_replies.items());
  // No agent takes decisions through a reply yet; the member is part of the reply's shape.
  object.key("decisions") += "[]";
  append_strings(object.key("facts"), reply.facts.items());
  append_parts(object.key("parts"), reply.parts, how);
  json_object usage{object.key("usage")};
  usage.number("in", reply.usage.in);
  usage.number("out", reply.usage.out);
  append_costs(usage, reply, how);
  usage.close();
}

void append_json_end(std::string& out, const turn_reply& reply) {
  auto object = json_object::go_on(out);
  append_timings(object.key("timings"), reply.timings);
  object.boolean("cached", reply.cached);
  if (reply.why.code != errc::none)
    append_error(object.key("error"), reply.why);
  object.close();
}

void append_json(std::string& out, const turn_reply& reply, costs how) {
  append_json_start(out, reply, how);
  append_json_end(out, reply);
}

void append_json(std::string& out, const turn_event& event, costs how) {
  json_object object{out};
  object.text("type", to_string(event.type));
  object.text("turn", event.turn);
  object.number("seq", event.seq);
  append_time(object.key("at"), event.at);
  append_event_body(object, event, how);
  object.close();
}

void append_json(std::string& out, const agent_status& status) {
  json_object object{out};
  object.text("name", status.name);
  append_strings(object.key("aliases"), status.aliases);
  object.text("title", status.title);
  object.text("audience", to_string(status.who));
  object.text("state", status.state);
  append_strings(object.key("skills"), status.skills);
  object.number("in_flight", status.in_flight);
  object.number("turns", status.turns);
  object.number("failures", status.failures);
  object.number("restarts", status.restarts);
  object.ms("median_ms", status.median);
  object.ms("p95_ms", status.p95);
  object.ms("p99_ms", status.p99);
  object.close();
}

void append_json(std::string& out, const health_report& report) {
  json_object object{out};
  object.text("status", report.status);
  object.boolean("ready", report.ready);
  object.boolean("draining", report.draining);
  append_integer(object.key("uptime_seconds"), report.uptime.count());
  object.text("version", report.version);
  append_strings(object.key("features"), report.features);
  append_array(object.key("services"), report.components, append_component);
  object.number("turns_in_flight", report.turns_in_flight);
  object.close();
}

void append_problem(std::string& out, const error& why, int status, std::string_view request_id,
                    const turn_reply* failed, costs how) {
  json_object object{out};
  object.text("type", "about:blank");
  object.text("title", title_of(why.code));
  if (status != 0)
    append_integer(object.key("status"), status);
  object.text("detail", why.message);
  object.text("code", to_string(why.code));
  append_details(object, why);
  if (!request_id.empty())
    object.text("request_id", request_id);
  if (failed != nullptr) {
    object.text("turn", failed->id);
    object.text("conversation_id", failed->conversation_id);
    object.text("agent", failed->agent);
    append_parts(object.key("parts"), failed->parts, how);
  }
  object.close();
}

void append_error_frame(std::string& out, const error& why) {
  json_object object{out};
  object.text("type", "error");
  object.text("code", to_string(why.code));
  object.text("message", why.message);
  append_details(object, why);
  object.close();
}

std::string to_json(const turn_reply& reply) {
  std::string out;
  append_json(out, reply);
  return out;
}

std::string to_json(const turn_event& event, costs how) {
  std::string out;
  append_json(out, event, how);
  return out;
}

std::string to_json(const agent_status& status) {
  std::string out;
  append_json(out, status);
  return out;
}

std::string to_json(const health_report& report) {
  std::string out;
  append_json(out, report);
  return out;
}

std::string problem_json(const error& why, int status, std::string_view request_id) {
  std::string out;
  append_problem(out, why, status, request_id);
  return out;
}

} // namespace flipsync::wire
