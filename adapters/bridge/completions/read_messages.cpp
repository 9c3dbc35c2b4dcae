#include "adapters/bridge/completions/read_messages.hpp"

namespace flipsync::completions {

namespace {

result<chat_role> read_role(const std::string& field, dom::element value) {
  const auto name = read_text(field, value);
  if (!name)
    return name.error();
  if (*name == "system" || *name == "developer")
    return chat_role::system;
  for (const auto role : {chat_role::user, chat_role::assistant, chat_role::tool})
    if (*name == to_string(role))
      return role;
  return wrong_type(field, "system, developer, user, assistant or tool");
}

/// The text of one part of a content; other kinds than text (images, sound, files) are refused.
result<std::string> read_part(const std::string& field, dom::element value) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  std::string type;
  std::optional<std::string> text;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "type")
        return store(type, read_text(at, member));
      if (name == "text")
        return store(text, read_text(at, member));
      return type.empty() || type == "text" ? unknown_field(at) : result<void>{};
    });
  if (!read)
    return read.error();
  if (type != "text")
    return wrong_type(field + ".type", "text");
  if (!text)
    return wrong(field + ".text", field + ".text is missing");
  return std::move(*text);
}

result<std::string> read_content(const std::string& field, dom::element value) {
  if (value.is_string())
    return read_text(field, value);
  dom::array parts;
  if (value.get(parts) != simdjson::SUCCESS)
    return wrong_type(field, "a string or an array of text parts");
  std::string all;
  std::size_t index = 0;
  for (const auto part : parts) {
    auto text = read_part(element_of(field, index++), part);
    if (!text)
      return text.error();
    all += *text;
  }
  return all;
}

result<void> read_function(const std::string& field, dom::element value, tool_call& call) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  return each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
    if (name == "name")
      return store(call.name, read_text(at, member));
    if (name == "arguments")
      return store(call.arguments, read_text(at, member));
    return unknown_field(at);
  });
}

result<tool_call> read_call(const std::string& field, dom::element value) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  tool_call call;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "id")
        return store(call.id, read_text(at, member));
      if (name == "function")
        return read_function(at, member, call);
      if (name == "type") {
        const auto type = read_text(at, member);
        return type && *type == "function" ? result<void>{} : wrong_type(at, "function");
      }
      // What joined the pieces of a stream leaves it in; the order says the same.
      if (name == "index")
        return member.is_int64() ? result<void>{} : wrong_type(at, "a whole number");
      return unknown_field(at);
    });
  if (!read)
    return read.error();
  if (call.id.empty())
    return wrong(field + ".id", field + ".id is missing");
  if (call.name.empty())
    return wrong(field + ".function.name", field + ".function.name is missing");
  return call;
}

result<std::vector<tool_call>> read_calls(const std::string& field, dom::element value) {
  const auto items = read_array(field, value);
  if (!items)
    return items.error();
  std::vector<tool_call> calls;
  for (const auto item : *items) {
    auto call = read_call(element_of(field, calls.size()), item);
    if (!call)
      return call.error();
    calls.push_back(std::move(*call));
  }
  return calls;
}

/// An assistant's message that came from a response is sent back with every member it had; what is
/// empty says nothing.
bool says_nothing(dom::element value) {
  dom::array items;
  return value.get(items) == simdjson::SUCCESS && items.size() == 0;
}

result<void> check_message(const std::string& field, const chat_message& message, bool has_role,
                           bool has_content) {
  if (!has_role)
    return wrong(field + ".role", field + ".role is missing");
  if (!message.tool_calls.empty() && message.role != chat_role::assistant)
    return wrong(field + ".tool_calls", "only an assistant's message has tool_calls");
  if (!message.tool_call_id.empty() && message.role != chat_role::tool)
    return wrong(field + ".tool_call_id", "only a tool's message has a tool_call_id");
  if (message.role == chat_role::tool && message.tool_call_id.empty())
    return wrong(field + ".tool_call_id", field + ".tool_call_id is missing");
  if (!has_content && message.tool_calls.empty())
    return wrong(field + ".content", field + ".content is missing");
  return {};
}

result<chat_message> read_message(const std::string& field, dom::element value) {
  const auto object = read_object(field, value);
  if (!object)
    return object.error();
  chat_message message;
  bool has_role = false;
  bool has_content = false;
  const auto read =
    each_member(field, *object, [&](const auto& at, auto name, auto member) -> result<void> {
      if (name == "role") {
        has_role = true;
        return store(message.role, read_role(at, member));
      }
      if (name == "content") {
        has_content = true;
        return store(message.text, read_content(at, member));
      }
      if (name == "tool_calls")
        return store(message.tool_calls, read_calls(at, member));
      if (name == "tool_call_id")
        return store(message.tool_call_id, read_text(at, member));
      return says_nothing(member) ? result<void>{} : unknown_field(at);
    });
  if (!read)
    return read.error();
  if (auto sound = check_message(field, message, has_role, has_content); !sound)
    return sound.error();
  return message;
}

} // namespace

result<std::vector<chat_message>> read_messages(const std::string& field, dom::element value) {
  const auto items = read_array(field, value);
  if (!items)
    return items.error();
  std::vector<chat_message> messages;
  messages.reserve(items->size());
  for (const auto item : *items) {
    auto message = read_message(element_of(field, messages.size()), item);
    if (!message)
      return message.error();
    messages.push_back(std::move(*message));
  }
  if (messages.empty())
    return wrong(field, "messages is empty");
  return messages;
}

} // namespace flipsync::completions
