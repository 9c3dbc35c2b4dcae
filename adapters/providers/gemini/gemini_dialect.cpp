#include "adapters/providers/gemini/gemini_dialect.hpp"

#include <algorithm>
#include <array>

#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

using providers::meaning;
using providers::reply_draft;
using providers::text_of;
using simdjson::dom::element;

/// Reasons for which a filter ends an answer.
constexpr std::array<std::string_view, 7> filters{
  "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY"};

bool is_filter(std::string_view reason) {
  return std::find(filters.begin(), filters.end(), reason) != filters.end();
}

/// A stream has no end mark, and its finish reason may come early: it ends with its connection.
class gemini_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::sse; }

  meaning whole(std::string_view body, reply_draft& draft) override {
    auto found = event({}, body, draft);
    if (found.what == meaning::kind::more)
      found.what = draft.finish_reason.empty() ? meaning::kind::malformed : meaning::kind::done;
    return found;
  }

  meaning event(std::string_view, std::string_view data, reply_draft& draft) override {
    meaning found{meaning::kind::malformed};
    providers::with_json(data, [&](element root) {
      if (!root.is_object())
        return;
      if (providers::member(root, "error"))
        found = {meaning::kind::refused, providers::read_failure(data)};
      else
        found = read(root, draft);
    });
    return found;
  }

private:
  static meaning read(element root, reply_draft& draft) {
    if (const auto model = text_of(root, "modelVersion"); !model.empty())
      draft.model = model;
    const auto usage = providers::member(root, "usageMetadata");
    if (usage)
      take_usage(*usage, draft);
    if (const auto feedback = providers::member(root, "promptFeedback"))
      if (const auto reason = text_of(*feedback, "blockReason"); !reason.empty())
        return {meaning::kind::filtered, {std::string{reason}, {}, {}}};
    simdjson::dom::array candidates;
    const auto list = providers::member(root, "candidates");
    if (!list || list->get(candidates) != simdjson::SUCCESS)
      return {usage ? meaning::kind::more : meaning::kind::malformed};
    element first;
    if (candidates.at(0).get(first) != simdjson::SUCCESS)
      return {};
    return take_candidate(first, draft);
  }

  /// The counts are of all so far; what the model thinks is paid as output.
  static void take_usage(element usage, reply_draft& draft) {
    draft.tokens = {providers::count_of(usage, "promptTokenCount")
                      + providers::count_of(usage, "toolUsePromptTokenCount"),
                    providers::count_of(usage, "candidatesTokenCount")
                      + providers::count_of(usage, "thoughtsTokenCount"),
                    providers::count_of(usage, "cachedContentTokenCount")};
  }

  static meaning take_candidate(element candidate, reply_draft& draft) {
    simdjson::dom::array parts;
    const auto content = providers::member(candidate, "content");
    const auto list = content ? providers::member(*content, "parts") : std::nullopt;
    if (list && list->get(parts) == simdjson::SUCCESS)
      for (const auto part : parts)
        take_part(part, draft);
    const auto reason = text_of(candidate, "finishReason");
    if (reason.empty() || reason == "FINISH_REASON_UNSPECIFIED")
      return {};
    const auto said = text_of(candidate, "finishMessage");
    const std::string words{said.empty() ? reason : said};
    if (is_filter(reason))
      return {meaning::kind::filtered, {words, {}, {}}};
    // Some servers that speak the protocol say that an answer ended in order to call.
    const bool ended = reason == "STOP" || reason == "FUNCTION_CALL";
    if (!ended && reason != "MAX_TOKENS") // MALFORMED_FUNCTION_CALL, OTHER …
      return {meaning::kind::unusable, {words, {}, {}}};
    draft.finish_reason = ended ? "stop" : "length";
    return {};
  }

  /// What the model thinks (`thought`) is no part of the answer.
  static void take_part(element part, reply_draft& draft) {
    bool thought = false;
    const auto said = providers::member(part, "thought");
    if (said && said->get(thought) == simdjson::SUCCESS && thought)
      return;
    draft.text += text_of(part, "text");
    const auto function = providers::member(part, "functionCall");
    if (!function || draft.too_many_calls())
      return;
    auto& call = draft.tool_calls.emplace_back();
    call.id = text_of(*function, "id");
    call.name = text_of(*function, "name");
    call.arguments = providers::json_or_text(*function, "args");
    if (call.arguments.empty())
      call.arguments = "{}";
  }
};

} // namespace

std::unique_ptr<providers::reply_dialect> make_gemini_dialect() {
  return std::make_unique<gemini_dialect>();
}

} // namespace flipsync
