#include "adapters/bridge/completions/read_tools.hpp"

#include "adapters/bridge/completions/chat_request.hpp"

namespace flipsync::completions {

namespace {

constexpr std::size_t longest_name = 64;

result<std::string> read_name(const std::string& field, dom::element value) {
  auto name = read_text(field, value);
  if (!name)
    return name;
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
           || c == '-';
  };
  if (name->empty() || name->size() > longest_name
      || !std::all_of(name->begin(), name->end(), allowed))
    return wrong_type(field, "1 to 64 letters, digits, _ and -");
  return name;
}

/// A JSON Schema, kept as text.
result<std::string> read_schema(const std::string& field, dom::element value) {
  if (!value.is_object())
    return wrong_type(field, "an object");
  return std::string{simdjson::minify(value)};
}

/// False is what goes without saying, where a model server need not be strict.
result<void> read_strict(const std::string& field, dom::element value) {
  const auto strict = read_flag(field, value);
  if (!strict)
    return strict.error();
  return *strict ? wrong(field, field + " is only supported as false") : result<void>{};
}

result<tool_spec> read_spec(const std::string& field, dom::element value) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  tool_spec spec;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "name")
        return store(spec.name, read_name(at, member));
      if (name == "description")
        return store(spec.description, read_text(at, member));
      if (name == "parameters")
        return store(spec.parameters, read_schema(at, member));
      return name == "strict" ? read_strict(at, member) : unknown_field(at);
    });
  if (!read)
    return read.error();
  if (spec.name.empty())
    return wrong(field + ".name", field + ".name is missing");
  return spec;
}

/// {"type":"function","function":…}; `inner` reads what stands under "function".
template <class F>
result<void> read_wrapped(const std::string& field, dom::element value, F&& inner) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  bool typed = false;
  bool found = false;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "type") {
        typed = true;
        const auto type = read_text(at, member);
        return type && *type == "function" ? result<void>{} : wrong_type(at, "function");
      }
      if (name != "function")
        return unknown_field(at);
      found = true;
      return inner(at, member);
    });
  if (!read)
    return read.error();
  if (!typed)
    return wrong(field + ".type", field + ".type is missing");
  return found ? result<void>{} : wrong(field + ".function", field + ".function is missing");
}

result<void> read_json_schema(const std::string& field, dom::element value, answer_format& format) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "name")
        return store(format.name, read_name(at, member));
      if (name == "schema")
        return store(format.schema, read_schema(at, member));
      return name == "strict" ? store(format.strict, read_flag(at, member)) : unknown_field(at);
    });
  if (!read)
    return read.error();
  if (format.name.empty())
    return wrong(field + ".name", field + ".name is missing");
  return format.schema.empty() ? wrong(field + ".schema", field + ".schema is missing")
                               : result<void>{};
}

} // namespace

result<std::vector<tool_spec>> read_tools(const std::string& field, dom::element value) {
  const auto items = read_array(field, value);
  if (!items)
    return items.error();
  if (items->size() > max_tools)
    return wrong(field, field + " has more than " + std::to_string(max_tools) + " tools");
  std::vector<tool_spec> tools;
  for (const auto item : *items) {
    const auto at = element_of(field, tools.size());
    tools.emplace_back();
    const auto read = read_wrapped(at, item, [&](const auto& inner, auto member) {
      return store(tools.back(), read_spec(inner, member));
    });
    if (!read)
      return read.error();
  }
  return tools;
}

result<tool_choice> read_choice(const std::string& field, dom::element value) {
  tool_choice choice;
  if (value.is_string()) {
    const auto name = read_text(field, value);
    if (*name == "none")
      choice.what = tool_choice::kind::none;
    else if (*name == "required")
      choice.what = tool_choice::kind::required;
    else if (*name != "auto")
      return wrong_type(field, "none, auto, required or the name of a function");
    return choice;
  }
  choice.what = tool_choice::kind::named;
  const auto read = read_wrapped(field, value, [&](const auto& at, auto member) -> result<void> {
    const auto object = read_object(at, member);
    if (!object)
      return object.error();
    return each_member(at, *object, [&](const auto& inner, auto name, auto text) -> result<void> {
      return name == "name" ? store(choice.name, read_name(inner, text)) : unknown_field(inner);
    });
  });
  if (!read)
    return read.error();
  if (choice.name.empty())
    return wrong(field + ".function.name", field + ".function.name is missing");
  return choice;
}

result<answer_format> read_format(const std::string& field, dom::element value) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  answer_format format;
  std::string type;
  bool has_schema = false;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "type")
        return store(type, read_text(at, member));
      has_schema = name == "json_schema";
      return has_schema ? read_json_schema(at, member, format) : unknown_field(at);
    });
  if (!read)
    return read.error();
  if (type == "json_schema")
    format.what = answer_format::kind::json_schema;
  else if (type == "json_object")
    format.what = answer_format::kind::json_object;
  else if (type != "text")
    return wrong_type(field + ".type", "text, json_object or json_schema");
  if (has_schema != (type == "json_schema"))
    return wrong(field + ".json_schema", has_schema
                                           ? field + ".json_schema goes with type json_schema"
                                           : field + ".json_schema is missing");
  return format;
}

} // namespace flipsync::completions
