#include "runtime/core/model/direct_request.hpp"

#include <algorithm>

#include "runtime/core/text/utf8.hpp"

namespace flipsync {

namespace {

using namespace std::chrono_literals;

error wrong(std::string field, std::string message) {
  return error{errc::invalid_request, std::move(message)}.with("field", std::move(field));
}

} // namespace

result<void> validate(const direct_request& request) {
  if (request.model.empty() || request.model.size() > max_model_name || !utf8_length(request.model))
    return wrong("model",
                 "model must be a name of 1 to " + std::to_string(max_model_name) + " bytes");
  if (request.ask.messages.empty())
    return wrong("messages", "messages is empty");
  if (std::any_of(request.ask.messages.begin(), request.ask.messages.end(),
                  [](const chat_message& m) { return !utf8_length(m.text).has_value(); }))
    return wrong("messages", "messages are not valid UTF-8");
  if (request.timeout && (*request.timeout < 1ms || *request.timeout > 10min))
    return wrong("timeout_ms", "timeout_ms must lie between 1 and 600000");
  return {};
}

} // namespace flipsync
