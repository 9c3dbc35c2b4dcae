#include <utility>

#include "adapters/bridge/completions/chat_request.hpp"

namespace flipsync::completions {

namespace {

constexpr std::string_view own_name = "flipsync";

error wrong_field(std::string field, std::string message) {
  return error{errc::invalid_request, std::move(message)}.with("field", std::move(field));
}

std::string place_of(std::size_t index, std::string_view member) {
  return "messages[" + std::to_string(index) + "]." + std::string{member};
}

result<void> add_earlier(turn_request& turn, const chat_message& message, std::size_t index) {
  switch (message.role) {
  case chat_role::system:
    if (!turn.context.empty())
      turn.context += "\n\n";
    turn.context += message.text;
    return {};
  case chat_role::tool:
    return wrong_field(place_of(index, "role"), "an agent's conversation has no tool messages");
  case chat_role::user:
  case chat_role::assistant:
    break;
  }
  if (!message.tool_calls.empty())
    return wrong_field(place_of(index, "tool_calls"), "an agent's conversation has no tool calls");
  turn.history.push_back({message.role == chat_role::user, message.text});
  return {};
}

} // namespace

bool names_agents(std::string_view model) noexcept {
  return model.substr(0, own_name.size()) == own_name
         && (model.size() == own_name.size() || model[own_name.size()] == '/');
}

result<turn_request> agent_turn(const chat_request& request) {
  if (!request.for_models.empty())
    return wrong_field(request.for_models.front(),
                       request.for_models.front()
                         + " has no meaning for an agent; it goes with a provider's model");
  turn_request turn;
  turn.kept = false;
  turn.stream = turn.told_once = request.ask.stream;
  turn.customer_id = request.user;
  if (request.model.size() > own_name.size()) {
    turn.agent = request.model.substr(own_name.size() + 1);
    if (turn.agent.empty())
      return error{errc::not_found, "no agent is named after the slash"}.with("field", "model");
  }
  const auto& messages = request.ask.messages;
  if (messages.back().role != chat_role::user)
    return wrong_field(place_of(messages.size() - 1, "role"),
                       "the last message must be the user's");
  for (std::size_t i = 0; i + 1 < messages.size(); ++i)
    if (auto added = add_earlier(turn, messages[i], i); !added)
      return added.error();
  turn.message = messages.back().text;
  return turn;
}

error in_its_terms(error why) {
  constexpr std::pair<std::string_view, std::string_view> names[]{{"agent", "model"},
                                                                  {"message", "messages"},
                                                                  {"context", "messages"},
                                                                  {"history", "messages"},
                                                                  {"customer_id", "user"}};
  // The router says which agent it does not know.
  if (why.code == errc::not_found && why.detail("field").empty() && !why.detail("agent").empty())
    why.with("field", "model");
  for (auto& [name, value] : why.details)
    for (const auto& [of_turn, of_request] : names)
      if (name == "field" && value == of_turn) {
        value = of_request;
        break;
      }
  return why;
}

} // namespace flipsync::completions
