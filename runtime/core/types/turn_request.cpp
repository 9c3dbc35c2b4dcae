#include "runtime/core/types/turn_request.hpp"

#include <algorithm>
#include <array>

#include "runtime/core/text/utf8.hpp"

namespace flipsync {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_name = 128;
constexpr std::size_t max_locale = 35; // the longest tag that BCP 47 asks software to take

/// The tasks that the provider routing knows (PROVIDERS: routing by task and priority).
constexpr std::array<std::string_view, 7> tasks{"genre", "audio",   "creative",     "factual",
                                                "tools", "summary", "transcription"};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

error wrong(std::string field, std::string message) {
  return error{errc::invalid_request, std::move(message)}.with("field", std::move(field));
}

result<void> check_message(const std::string& message) {
  const auto length = utf8_length(message);
  if (!length)
    return wrong("message", "message is not valid UTF-8");
  if (message.find_first_not_of(" \t\r\n\f\v") == std::string::npos)
    return wrong("message", "message is empty");
  if (*length > max_message_length)
    return wrong("message", "message has " + std::to_string(*length) + " characters, at most "
                              + std::to_string(max_message_length) + " are taken");
  return {};
}

/// Ids and names that may travel in URLs, headers and file names unquoted.
result<void> check_id(const char* field, const std::string& value) {
  if (value.size() > max_name)
    return wrong(field, std::string{field} + " is longer than 128 characters");
  const auto allowed = [](char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == ':' || c == '-';
  };
  if (!std::all_of(value.begin(), value.end(), allowed))
    return wrong(field, std::string{field} + " may hold only letters, digits and . _ : -");
  return {};
}

/// Free text of a caller that ends up in logs and prompts.
result<void> check_text(const char* field, const std::string& value, std::size_t most) {
  if (value.size() > most)
    return wrong(field, std::string{field} + " is longer than " + std::to_string(most) + " bytes");
  if (!utf8_length(value))
    return wrong(field, std::string{field} + " is not valid UTF-8");
  return {};
}

result<void> check_locale(const std::string& locale) {
  bool separator = true;
  for (const char c : locale) {
    if (c == '-' ? separator : !is_alnum(c))
      return wrong("locale", "locale is not a BCP 47 tag like en-US");
    separator = c == '-';
  }
  if (locale.size() > max_locale || (separator && !locale.empty()))
    return wrong("locale", "locale is not a BCP 47 tag like en-US");
  return {};
}

result<void> check_limits(const turn_request& request) {
  if (request.timeout && (*request.timeout < 1ms || *request.timeout > 10min))
    return wrong("timeout_ms", "timeout_ms must lie between 1 and 600000");
  if (request.max_cost && request.max_cost->nanos < 0)
    return wrong("max_cost_usd", "max_cost_usd must not be negative");
  const bool known = std::find(tasks.begin(), tasks.end(), request.task) != tasks.end();
  if (!request.task.empty() && !known)
    return wrong("task", "task must be one of genre, audio, creative, factual, tools, summary, "
                         "transcription");
  return {};
}

result<void> check_history(const turn_request& request) {
  if (request.kept)
    return request.history.empty() ? result<void>{}
                                   : wrong("history", "history is only for conversations that the "
                                                      "caller keeps");
  if (!request.conversation_id.empty())
    return wrong("conversation_id", "a conversation that the caller keeps has no conversation_id");
  if (request.history.size() > max_history_messages)
    return wrong("history",
                 "history has more than " + std::to_string(max_history_messages) + " messages");
  std::size_t bytes = 0;
  for (const auto& message : request.history) {
    bytes += message.text.size();
    if (bytes > max_history_bytes)
      return wrong("history",
                   "history is longer than " + std::to_string(max_history_bytes) + " bytes");
    if (!utf8_length(message.text))
      return wrong("history", "history is not valid UTF-8");
  }
  return {};
}

} // namespace

std::string_view to_string(audience a) noexcept {
  switch (a) {
  case audience::any:
    return "any";
  case audience::shopper:
    return "shopper";
  case audience::seller:
    return "seller";
  }
  return "unknown";
}

std::string_view to_string(priority p) noexcept {
  switch (p) {
  case priority::unset:
    return "unset";
  case priority::speed:
    return "speed";
  case priority::quality:
    return "quality";
  case priority::cost:
    return "cost";
  }
  return "unknown";
}

result<audience> parse_audience(std::string_view name) {
  for (const auto a : {audience::any, audience::shopper, audience::seller})
    if (to_string(a) == name)
      return a;
  return wrong("audience", "audience must be shopper or seller");
}

result<priority> parse_priority(std::string_view name) {
  for (const auto p : {priority::speed, priority::quality, priority::cost})
    if (to_string(p) == name)
      return p;
  if (name.empty())
    return priority::unset;
  return wrong("priority", "priority must be speed, quality or cost");
}

result<void> validate(const turn_request& request) {
  const auto checks = {
    check_message(request.message),
    check_id("conversation_id", request.conversation_id),
    check_text("agent", request.agent, max_name),
    check_text("customer_id", request.customer_id, max_name),
    check_locale(request.locale),
    check_text("context", request.context, max_context_bytes),
    check_limits(request),
    check_history(request),
    check_id("tenant", request.tenant),
    check_text("request_id", request.request_id, max_name),
  };
  for (const auto& check : checks)
    if (!check)
      return check.error();
  return {};
}

} // namespace flipsync
