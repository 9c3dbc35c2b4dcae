#include "runtime/core/wire/json_records.hpp"

#include <algorithm>

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::wire {

namespace {

void append_attribute(std::string& out, const std::pair<std::string, std::string>& attribute) {
  json_object object{out};
  object.text("name", attribute.first);
  object.text("value", attribute.second);
  object.close();
}

void integer(json_object& object, std::string_view name, const std::optional<std::int64_t>& value) {
  if (value)
    append_integer(object.key(name), *value);
}

void real(json_object& object, std::string_view name, const std::optional<double>& value) {
  if (value)
    append_score(object.key(name), *value);
}

} // namespace

void append_json(std::string& out, const conversation_summary& conversation) {
  json_object object{out};
  object.text("id", conversation.id);
  object.text("customer_id", conversation.customer_id);
  object.text("audience", to_string(conversation.who));
  object.text("agent", conversation.agent);
  append_time(object.key("begun_at"), conversation.begun_at);
  append_time(object.key("last_at"), conversation.last_at);
  object.number("messages", conversation.messages);
  object.close();
}

void append_json(std::string& out, const kept_message& message) {
  json_object object{out};
  object.number("number", message.number);
  object.text("turn", message.turn_id);
  object.text("role", message.role);
  object.text("text", message.text);
  object.text("agent", message.agent);
  append_time(object.key("at"), message.at);
  append_strings(object.key("products"), message.skus);
  object.close();
}

void append_json(std::string& out, const product& item) {
  json_object object{out};
  object.text("sku", item.sku);
  object.text("title", item.title);
  append_money(object.key("price"), item.price);
  object.text("brand", item.brand);
  object.text("category", item.category);
  object.text("subcategory", item.subcategory);
  object.text("description", item.description);
  if (item.cost)
    append_money(object.key("cost"), *item.cost);
  integer(object, "stock", item.stock);
  integer(object, "max_stock", item.max_stock);
  real(object, "velocity_per_day", item.velocity_per_day);
  real(object, "lead_time_days", item.lead_time_days);
  integer(object, "weight_g", item.weight_g);
  append_strings(object.key("tags"), item.tags);
  object.boolean("age_restricted", item.age_restricted);
  append_array(object.key("attributes"), item.attributes, append_attribute);
  object.close();
}

void append_json(std::string& out, const percentiles& latency) {
  json_object object{out};
  object.ms("p50", latency.p50);
  object.ms("p95", latency.p95);
  object.ms("p99", latency.p99);
  object.close();
}

void append_json(std::string& out, const token_usage_sum& tokens) {
  json_object object{out};
  object.number("in", tokens.in);
  object.number("out", tokens.out);
  object.close();
}

namespace {

void append_key(std::string& out, const key_view& key) {
  json_object object{out};
  object.text("key", "key " + std::to_string(key.number));
  object.text("state", key.state);
  if (key.resting.count() > 0)
    object.number("resting_ms", static_cast<std::uint64_t>(key.resting.count()));
  object.number("attempts", key.attempts);
  append_strings(object.key("models_out"), key.models_out);
  object.close();
}

} // namespace

void append_json(std::string& out, const provider_view& provider) {
  json_object object{out};
  object.text("name", provider.name);
  object.text("default_model", provider.default_model);
  object.boolean("primary", provider.primary);
  object.text("state", provider.up ? "up" : "down");
  object.text("last_outcome", provider.attempts == 0 ? "none"
                              : provider.last_outcome == errc::none
                                ? "ok"
                                : to_string(provider.last_outcome));
  object.number("attempts", provider.attempts);
  object.number("failures", provider.failures);
  object.text("breaker", provider.breaker);
  append_strings(object.key("models_out"), provider.models_out);
  object.boolean("key_refused", provider.key_refused);
  if (!provider.keys.empty())
    append_array(object.key("keys"), provider.keys, append_key);
  append_json(object.key("latency_ms"), provider.latency);
  object.number("in_flight", provider.in_flight);
  object.number("waiting", provider.waiting);
  object.number("max_concurrent", provider.max_concurrent);
  object.number("max_waiting", provider.max_waiting);
  append_json(object.key("tokens"), provider.tokens);
  append_usd(object.key("cost_usd"), provider.cost);
  if (provider.checked) {
    const bool there = provider.checked->code == errc::none;
    object.text("check", there ? "ok" : to_string(provider.checked->code));
    if (!there)
      object.text("check_reason", provider.checked->message);
  }
  if (provider.models)
    append_strings(object.key("models"), *provider.models);
  object.close();
}

void append_json(std::string& out, const cache_view& cache) {
  json_object object{out};
  object.text("class", cache.name);
  if (!cache.provider.empty())
    object.text("provider", cache.provider);
  object.number("hits", cache.hits);
  object.number("misses", cache.misses);
  const auto asked = cache.hits + cache.misses;
  append_score(object.key("hit_rate"),
               asked == 0 ? 0.0 : static_cast<double>(cache.hits) / static_cast<double>(asked));
  object.number("entries", cache.entries);
  object.number("bytes", cache.bytes);
  object.number("max_bytes", cache.max_bytes);
  object.number("evictions", cache.evictions);
  object.number("shared", cache.shared);
  object.number("from_second", cache.from_second);
  object.number("saved_tokens", cache.saved_tokens);
  append_usd(object.key("saved_usd"), cache.saved);
  object.ms("saved_ms", cache.saved_time);
  object.close();
}

namespace {

void append_limit(json_object& object, std::string_view name, usd value, bool there) {
  auto& out = object.key(name);
  if (there)
    append_usd(out, value);
  else
    out += "null";
}

void append_line(std::string& out, const budget_line& line) {
  json_object object{out};
  object.text("limit", line.limit);
  object.text("tenant", line.tenant);
  const bool limited = line.most.nanos > 0;
  append_limit(object, "limit_usd", line.most, limited);
  append_usd(object.key("spent_usd"), line.spent);
  append_usd(object.key("reserved_usd"), line.reserved);
  append_limit(object, "left_usd", std::max(usd{}, line.most - line.spent - line.reserved),
               limited);
  object.close();
}

void append_row(std::string& out, const spending_row& row) {
  json_object object{out};
  object.text("tenant", row.tenant);
  object.text("provider", row.provider);
  object.text("model", row.model);
  object.number("answers", row.answers);
  object.number("failures", row.failures);
  append_json(object.key("tokens"), token_usage_sum{row.tokens_in, row.tokens_out});
  append_usd(object.key("cost_usd"), row.cost);
  append_usd(object.key("wasted_usd"), row.wasted);
  object.close();
}

} // namespace

void append_json(std::string& out, const budget_view& budget) {
  json_object object{out};
  object.text("day", to_rfc3339(wall_time{budget.day}).substr(0, 10));
  append_time(object.key("resets_at"), budget.resets_at);
  append_limit(object, "per_request_usd", budget.per_request, budget.per_request.nanos > 0);
  append_limit(object, "per_conversation_usd", budget.per_conversation,
               budget.per_conversation.nanos > 0);
  append_array(object.key("limits"), budget.lines, append_line);
  append_array(object.key("models"), budget.rows, append_row);
  object.close();
}

} // namespace flipsync::wire
