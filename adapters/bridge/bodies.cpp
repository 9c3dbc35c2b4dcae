#include "adapters/bridge/bodies.hpp"

#include "adapters/bridge/completions/json_fields.hpp"

namespace flipsync {

namespace {

using namespace completions;

constexpr std::size_t max_depth = 4;

result<audience> read_audience(const std::string& field, dom::element value) {
  const auto text = read_text(field, value);
  if (!text)
    return text.error();
  return parse_audience(*text);
}

result<earlier_message> read_earlier(const std::string& path, dom::element item) {
  const auto object = read_object(path, item);
  if (!object)
    return object.error();
  earlier_message out;
  std::string role;
  auto done =
    each_member(path, *object, [&](const auto& field, auto name, auto value) -> result<void> {
      if (name == "role")
        return store(role, read_text(field, value));
      if (name == "content")
        return store(out.text, read_text(field, value));
      return unknown_field(field);
    });
  if (!done)
    return done.error();
  if (role != "user" && role != "assistant")
    return wrong(member_of(path, "role"), "role is user or assistant");
  out.from_user = role == "user";
  return out;
}

result<std::vector<earlier_message>> read_history(const std::string& field, dom::element value) {
  const auto items = read_array(field, value);
  if (!items)
    return items.error();
  std::vector<earlier_message> out;
  for (const auto item : *items) {
    auto message = read_earlier(element_of(field, out.size()), item);
    if (!message)
      return message.error();
    out.push_back(std::move(*message));
  }
  return out;
}

error wrong_count(const std::string& field, std::size_t most) {
  return wrong(field, "messages is a list of 1 to " + std::to_string(most)
                        + " texts (server.max_warming)");
}

result<std::vector<std::string>> read_messages(const std::string& field, dom::element value,
                                               std::size_t most) {
  const auto items = read_array(field, value);
  if (!items)
    return items.error();
  std::vector<std::string> out;
  for (const auto item : *items) {
    const auto place = element_of(field, out.size());
    auto message = read_text(place, item);
    if (!message)
      return message.error();
    turn_request probe;
    probe.message = *message;
    if (const auto valid = validate(probe); !valid)
      return wrong(place, valid.error().message);
    if (out.size() == most)
      return wrong_count(field, most);
    out.push_back(std::move(*message));
  }
  return out;
}

} // namespace

result<conversation_summary> parse_new_conversation(std::string_view json) {
  conversation_summary out;
  if (json.empty())
    return out;
  const auto body = parse_object(json, max_depth);
  if (!body)
    return body.error();
  auto done = each_member({}, *body, [&](const auto& field, auto name, auto value) -> result<void> {
    if (name == "customer_id")
      return store(out.customer_id, read_text(field, value));
    if (name != "audience")
      return unknown_field(field);
    return store(out.who, read_audience(field, value));
  });
  if (!done)
    return done.error();
  constexpr std::size_t longest = 128;
  if (out.customer_id.size() > longest)
    return wrong("customer_id", "customer_id is longer than 128 bytes");
  return out;
}

result<tutor_request> parse_tutor_request(std::string_view json) {
  tutor_request out;
  std::string scenario;
  const auto body = parse_object(json, max_depth);
  if (!body)
    return body.error();
  auto done = each_member({}, *body, [&](const auto& field, auto name, auto value) -> result<void> {
    if (name == "message")
      return store(out.turn.message, read_text(field, value));
    if (name == "context")
      return store(out.context, read_text(field, value));
    if (name == "scenario")
      return store(scenario, read_text(field, value));
    if (name == "agent")
      return store(out.turn.agent, read_text(field, value));
    if (name == "conversation_history")
      return store(out.turn.history, read_history(field, value));
    return unknown_field(field);
  });
  if (!done)
    return done.error();
  out.turn.kept = false;
  out.turn.context = out.context;
  if (!scenario.empty())
    out.turn.context += (out.context.empty() ? "Scenario: " : "\nScenario: ") + scenario;
  return out;
}

result<warming_request> parse_warming(std::string_view json, std::size_t most) {
  warming_request out;
  const auto body = parse_object(json, max_depth);
  if (!body)
    return body.error();
  auto done = each_member({}, *body, [&](const auto& field, auto name, auto value) -> result<void> {
    if (name == "messages")
      return store(out.messages, read_messages(field, value, most));
    if (name != "audience")
      return unknown_field(field);
    return store(out.who, read_audience(field, value));
  });
  if (!done)
    return done.error();
  if (out.messages.empty())
    return wrong_count("messages", most);
  return out;
}

} // namespace flipsync
