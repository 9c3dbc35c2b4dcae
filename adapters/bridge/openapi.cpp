#include "adapters/bridge/openapi.hpp"

#include <algorithm>

#include "adapters/bridge/routes.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

/// OpenAPI knows no tail parameters: `{id*}` is shown as `{id}`.
std::string shown_path(std::string_view pattern) {
  std::string out;
  std::copy_if(pattern.begin(), pattern.end(), std::back_inserter(out),
               [](char c) { return c != '*'; });
  return out;
}

void append_reference(std::string& out, std::string_view schema) {
  out.append(R"({"$ref":"#/components/schemas/)").append(schema).append("\"}");
}

void append_form(wire::json_object& to, std::string_view type, std::string_view schema) {
  wire::json_object form{to.key(type)};
  auto& out = form.key("schema");
  if (!schema.empty())
    append_reference(out, schema);
  else
    out += type == "application/octet-stream" ? R"({"type":"string","format":"binary"})"
                                              : R"({"type":"string"})";
  form.close();
}

void append_content(std::string& out, std::string_view type, std::string_view schema,
                    std::span<const reply_form> more = {}) {
  wire::json_object forms{out};
  append_form(forms, type, schema);
  for (const auto& form : more)
    append_form(forms, form.type, form.schema);
  forms.close();
}

/// A reply without a body: what was deleted, and a WebSocket, which speaks in frames.
bool is_bare(std::string_view status) { return status == "204" || status == "101"; }

void append_choices(std::string& out, std::string_view choices) {
  out += R"({"type":"string","enum":[)";
  for (bool first = true; !choices.empty(); first = false) {
    const auto bar = std::min(choices.find('|'), choices.size());
    if (!first)
      out += ',';
    wire::append_string(out, choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  out += "]}";
}

void append_query_schema(std::string& out, const query_field& field) {
  if (field.type == query_type::choice)
    return append_choices(out, field.choices);
  wire::json_object object{out};
  const bool number = field.type == query_type::whole || field.type == query_type::decimal;
  object.text("type", field.type == query_type::flag    ? "boolean"
                      : field.type == query_type::whole ? "integer"
                      : number                          ? "number"
                                                        : "string");
  if (field.type != query_type::flag) {
    wire::append_integer(object.key(number ? "minimum" : "minLength"), field.min);
    wire::append_integer(object.key(number ? "maximum" : "maxLength"), field.max);
  }
  object.close();
}

void append_parameters(std::string& out, const route& entry) {
  out += '[';
  const auto begin = out.size();
  const auto next = [&] {
    if (out.size() != begin)
      out += ',';
  };
  for (auto rest = entry.pattern; rest.find('{') != std::string_view::npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    next();
    wire::json_object object{out};
    object.text("name", shown_path(rest.substr(0, rest.find('}'))));
    object.text("in", "path");
    object.boolean("required", true);
    object.key("schema") += R"({"type":"string"})";
    object.close();
  }
  for (const auto& field : entry.query) {
    next();
    wire::json_object object{out};
    object.text("name", field.name);
    object.text("in", "query");
    object.boolean("required", field.required);
    object.text("description", field.summary);
    append_query_schema(object.key("schema"), field);
    object.close();
  }
  out += ']';
}

void append_request(std::string& out, const route& entry) {
  wire::json_object object{out};
  object.boolean("required", true);
  append_content(object.key("content"),
                 entry.body == body_kind::json ? "application/json" : "application/octet-stream",
                 entry.request);
  object.close();
}

void append_responses(std::string& out, const route& entry) {
  const bool problem = entry.errors == error_dialect::problem;
  wire::json_object object{out};
  {
    wire::json_object good{object.key(entry.status)};
    good.text("description", entry.summary);
    if (!is_bare(entry.status))
      append_content(good.key("content"), entry.reply_type, entry.reply, entry.more_replies);
    good.close();
  }
  wire::json_object bad{object.key("default")};
  bad.text("description", "an error");
  append_content(bad.key("content"), problem ? "application/problem+json" : "application/json",
                 problem ? "Problem" : "CompletionsError");
  bad.close();
  object.close();
}

void append_operation(std::string& out, const route& entry) {
  wire::json_object object{out};
  object.text("summary", entry.summary);
  append_parameters(object.key("parameters"), entry);
  if (entry.body != body_kind::none)
    append_request(object.key("requestBody"), entry);
  append_responses(object.key("responses"), entry);
  if (entry.who == access::open)
    object.key("security") += "[]";
  object.close();
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// All methods of a path lie together; paths stand in the order of the table.
void append_paths(std::string& out, std::span<const route> routes) {
  wire::json_object object{out};
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const auto same = [&](const route& r) { return r.pattern == routes[i].pattern; };
    if (std::any_of(routes.begin(), routes.begin() + static_cast<std::ptrdiff_t>(i), same))
      continue;
    const auto path = shown_path(routes[i].pattern);
    wire::json_object methods{object.key(path)};
    for (const auto& entry : routes.subspan(i))
      if (same(entry))
        append_operation(methods.key(lower(to_string(entry.method))), entry);
    methods.close();
  }
  object.close();
}

} // namespace

std::string openapi_document(std::span<const route> routes, std::string_view version) {
  std::string out;
  wire::json_object object{out};
  object.text("openapi", "3.1.0");
  {
    wire::json_object info{object.key("info")};
    info.text("title", "FlipSync");
    info.text("version", version);
    info.close();
  }
  object.key("security") += R"([{"key":[]}])";
  append_paths(object.key("paths"), routes);
  wire::json_object components{object.key("components")};
  {
    wire::json_object schemas{components.key("schemas")};
    for (const auto& schema : api_schemas())
      schemas.key(schema.name) += schema.json;
    schemas.close();
  }
  components.key("securitySchemes") += R"({"key":{"type":"http","scheme":"bearer"}})";
  components.close();
  object.close();
  return out;
}

} // namespace flipsync
