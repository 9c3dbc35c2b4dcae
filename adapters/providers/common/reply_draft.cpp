#include "adapters/providers/common/reply_draft.hpp"

#include <algorithm>
#include <numeric>

#include "adapters/providers/common/json_read.hpp"

namespace flipsync::providers {

std::size_t reply_draft::size() const noexcept {
  return std::accumulate(tool_calls.begin(), tool_calls.end(), text.size(),
                         [](std::size_t sum, const tool_call& call) {
                           return sum + call.id.size() + call.name.size() + call.arguments.size();
                         });
}

const char* departs_from(const asked_for& asked, const reply_draft& answer) {
  const auto& calls = answer.tool_calls;
  const auto any = [&](auto&& test) { return std::any_of(calls.begin(), calls.end(), test); };
  if (any([](const tool_call& call) { return call.name.empty(); }))
    return "the provider's answer calls a tool without a name";
  if (answer.finish_reason == "length")
    return nullptr;
  const auto& choice = asked.choice;
  if (choice.what == tool_choice::kind::required && calls.empty())
    return "the model calls no tool though it must";
  if (choice.what == tool_choice::kind::named
      && !any([&](const tool_call& call) { return call.name == choice.name; }))
    return "the model does not call the tool that it must";
  if (asked.format == answer_format::kind::text || !calls.empty())
    return nullptr;
  bool sound = false;
  const bool any_json = asked.format == answer_format::kind::json_schema;
  with_json(answer.text,
            [&](simdjson::dom::element root) { sound = any_json || root.is_object(); });
  return sound ? nullptr : "the model's answer is not the JSON that was asked for";
}

call_namer::call_namer(const model_request& request) {
  for (const auto& message : request.messages)
    first_ += message.tool_calls.size();
}

void call_namer::name(reply_draft& draft) const {
  for (std::size_t i = 0; i < draft.tool_calls.size(); ++i)
    if (auto& call = draft.tool_calls[i]; call.id.empty() && !call.name.empty())
      call.id = "call_" + std::to_string(first_ + i + 1);
}

void draft_teller::tell(const reply_draft& draft, reply_sink& sink) {
  if (draft.text.size() > told_text_)
    sink.text(std::string_view{draft.text}.substr(told_text_));
  told_text_ = draft.text.size();
  for (std::size_t i = 0; i < draft.tool_calls.size(); ++i) {
    const auto& call = draft.tool_calls[i];
    const bool is_new = i == told_arguments_.size();
    if (is_new && call.name.empty())
      return;
    if (is_new)
      told_arguments_.push_back(0);
    else if (call.arguments.size() == told_arguments_[i])
      continue;
    tool_call_piece piece;
    piece.index = static_cast<std::uint32_t>(i);
    if (is_new) {
      piece.id = call.id;
      piece.name = call.name;
    }
    piece.arguments = std::string_view{call.arguments}.substr(told_arguments_[i]);
    told_arguments_[i] = call.arguments.size();
    sink.tool_call(piece);
  }
}

} // namespace flipsync::providers
