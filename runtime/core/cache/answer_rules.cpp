#include "runtime/core/cache/answer_rules.hpp"

#include <algorithm>

#include "runtime/core/text/ascii.hpp"

namespace flipsync {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool has_phrase(std::string_view text, std::string_view phrase) {
  for (auto at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
    const auto end = at + phrase.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return true;
  }
  return false;
}

} // namespace

wording::wording(const std::vector<std::string>& phrases) {
  for (const auto& phrase : phrases)
    if (!phrase.empty())
      phrases_.push_back(ascii_lower(phrase));
}

bool wording::found_in(std::string_view text) const {
  if (phrases_.empty())
    return false;
  const auto small = ascii_lower(text);
  return std::any_of(phrases_.begin(), phrases_.end(),
                     [&](const std::string& phrase) { return has_phrase(small, phrase); });
}

std::string_view why_alone(const model_request& request, const model_tuning& tuning, cache_use use,
                           double max_temperature, const wording& personal) {
  if (use == cache_use::refused)
    return "the caller wants an answer of its own";
  if (use != cache_use::asked && tuning.temperature.value_or(1.0) > max_temperature)
    return "answers at this temperature are meant to differ";
  const bool must_call = request.choice.what == tool_choice::kind::required
                         || request.choice.what == tool_choice::kind::named;
  if (!request.tools.empty() && must_call)
    return "the answer is an action";
  for (const auto& message : request.messages) {
    if (message.role == chat_role::tool || !message.tool_calls.empty())
      return "the answer belongs to an action";
    if (message.role == chat_role::user && personal.found_in(message.text))
      return "the message is personal";
  }
  return {};
}

bool may_be_kept(const model_reply& reply) noexcept {
  return reply.finish_reason == "stop" && reply.tool_calls.empty() && !reply.text.empty();
}

} // namespace flipsync
