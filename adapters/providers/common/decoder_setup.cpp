#include <chrono>

#include "adapters/providers/common/dialect.hpp"

namespace flipsync::providers {

result<void> expect_success(const exchange_head& head, std::string_view body,
                            const failure_frame& frame) {
  if (is_success(head.status))
    return {};
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return failure_of_status(head, read_failure(body), frame, now);
}

failure_frame frame_for(const provider_settings& settings) {
  failure_frame frame;
  frame.provider = settings.name;
  if (!settings.key.empty())
    frame.secrets.push_back(settings.key);
  frame.secrets.insert(frame.secrets.end(), settings.further_keys.begin(),
                       settings.further_keys.end());
  for (const auto& [name, value] : settings.extra_headers)
    frame.secrets.push_back(value);
  return frame;
}

decoder_setup setup_for(const provider_settings& settings, const model_request& request) {
  // Long enough to be no accident, short enough to catch a quote of the beginning.
  constexpr std::size_t shortest = 12;
  constexpr std::size_t longest = 32;
  decoder_setup setup{frame_for(settings),
                      request.model.empty() ? settings.default_model : request.model,
                      request.stream,
                      call_namer{request},
                      {request.choice, request.format.what},
                      settings.max_reply_bytes};
  const auto quote = [&](const std::string& text) {
    if (text.size() >= shortest)
      setup.frame.quotes.push_back(text.substr(0, longest));
  };
  for (const auto& message : request.messages) {
    quote(message.text);
    for (const auto& call : message.tool_calls)
      quote(call.arguments);
  }
  return setup;
}

} // namespace flipsync::providers
