#include "adapters/providers/openai/openai_dialect.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

using providers::meaning;
using providers::reply_draft;
using simdjson::dom::element;

/// Reasons with which servers end an answer that broke off. Those of a sound end have more names
/// than are known (eos, end_turn …).
constexpr std::array<std::string_view, 6> broken_off{
  "error", "abort", "aborted", "cancelled", "network_error", "insufficient_system_resource"};

bool is_broken_off(std::string_view reason) {
  return std::find(broken_off.begin(), broken_off.end(), reason) != broken_off.end();
}

bool is_filter_reason(std::string_view reason) {
  return reason == "content_filter" || reason == "sensitive";
}

/// Of a model's refusal, in bytes; an error shows less.
constexpr std::size_t longest_refusal = 4096;

class openai_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::sse; }

  meaning whole(std::string_view body, reply_draft& draft) override {
    whole_ = true;
    auto found = object(body, draft, "message");
    // Without a finish reason the answer has not ended; without a choice there is none.
    if (found.what == meaning::kind::more)
      found.what = draft.finish_reason.empty() ? meaning::kind::malformed : meaning::kind::done;
    return found;
  }

  meaning event(std::string_view, std::string_view data, reply_draft& draft) override {
    if (data == "[DONE]")
      return {meaning::kind::done};
    return object(data, draft, "delta");
  }

private:
  meaning object(std::string_view data, reply_draft& draft, std::string_view carrier) {
    meaning found{meaning::kind::malformed};
    providers::with_json(data, [&](element root) {
      if (!root.is_object())
        return;
      if (const auto failed = providers::member(root, "error"); failed && !failed->is_null())
        found = {meaning::kind::refused, providers::read_failure(data)};
      else
        found = read(root, draft, carrier);
    });
    return found;
  }

  meaning read(element root, reply_draft& draft, std::string_view carrier) {
    if (draft.model.empty())
      draft.model = providers::text_of(root, "model");
    const bool counted = take_usage(root, draft);
    simdjson::dom::array choices;
    const auto list = providers::member(root, "choices");
    if (!list || list->get(choices) != simdjson::SUCCESS)
      return {meaning::kind::malformed};
    element first;
    // Without a choice it is the event that carries only the usage, or a filter's note on the
    // prompt.
    const auto found =
      choices.at(0).get(first) == simdjson::SUCCESS ? choice(first, draft, carrier) : meaning{};
    // The usage comes last: what is whole with it waits for no end mark.
    const bool ended = counted && !draft.finish_reason.empty();
    return ended && found.what == meaning::kind::more ? meaning{meaning::kind::done} : found;
  }

  /// True where the answer's tokens are counted.
  static bool take_usage(element root, reply_draft& draft) {
    const auto usage = providers::member(root, "usage");
    if (!usage || !usage->is_object())
      return false;
    draft.tokens = {providers::count_of(*usage, "prompt_tokens"),
                    providers::count_of(*usage, "completion_tokens")};
    if (const auto more = providers::member(*usage, "prompt_tokens_details"))
      draft.tokens.cached = providers::count_of(*more, "cached_tokens");
    return draft.tokens.out > 0;
  }

  meaning choice(element from, reply_draft& draft, std::string_view carrier) {
    const auto carried = providers::member(from, carrier);
    if (carried && carried->is_object()) {
      take_content(*carried, draft);
      if (refusal_.size() < longest_refusal)
        refusal_ += providers::text_of(*carried, "refusal");
      simdjson::dom::array calls;
      const auto list = providers::member(*carried, "tool_calls");
      if (list && list->get(calls) == simdjson::SUCCESS)
        for (const auto call : calls)
          if (!draft.too_many_calls())
            take_call(call, draft);
    }
    // A gateway says of one choice that it failed, with what had come of it before.
    if (const auto failed = providers::member(from, "error"); failed && !failed->is_null())
      return {meaning::kind::refused, providers::read_failure(simdjson::minify(from))};
    return take_reason(providers::text_of(from, "finish_reason"), draft);
  }

  /// A text, or a list of parts, of which what the model thinks is no text.
  static void take_content(element from, reply_draft& draft) {
    draft.text += providers::text_of(from, "content");
    simdjson::dom::array parts;
    const auto list = providers::member(from, "content");
    if (!list || list->get(parts) != simdjson::SUCCESS)
      return;
    for (const auto part : parts)
      if (providers::text_of(part, "type") == "text")
        draft.text += providers::text_of(part, "text");
  }

  meaning take_reason(std::string_view reason, reply_draft& draft) {
    if (is_broken_off(reason))
      return {meaning::kind::refused, {"finish reason " + std::string{reason}, {}, {}}};
    if (!reason.empty())
      draft.finish_reason = reason == "model_length" ? "length" : reason;
    const bool refused = !refusal_.empty() && !draft.finish_reason.empty();
    if (refused || is_filter_reason(draft.finish_reason))
      return {meaning::kind::filtered, {refusal_, {}, {}}};
    return {};
  }

  void take_call(element from, reply_draft& draft) {
    auto& call = call_of(from, draft);
    if (call.id.empty())
      call.id = providers::text_of(from, "id");
    const auto function = providers::member(from, "function");
    if (!function)
      return;
    if (call.name.empty())
      call.name = providers::text_of(*function, "name");
    // Some compatible servers leave out the quoting.
    call.arguments += providers::json_or_text(*function, "arguments");
  }

  /// True for a piece that has id and name of its own, where some servers count all calls as 0.
  static bool begins_another(element from, const tool_call& than) {
    const auto id = providers::text_of(from, "id");
    const auto function = providers::member(from, "function");
    return !than.id.empty() && !id.empty() && id != than.id && function
           && !providers::text_of(*function, "name").empty();
  }

  /// The call that a piece belongs to: in a whole answer each is one; else the last of its index,
  /// unless the piece begins another; without one the last, unless it has an id of its own, which
  /// begins another.
  tool_call& call_of(element from, reply_draft& draft) {
    std::uint64_t index = 0;
    const auto said = providers::member(from, "index");
    const bool has_index = said && said->get(index) == simdjson::SUCCESS;
    auto& calls = draft.tool_calls;
    if (whole_)
      return calls.emplace_back();
    const auto last = std::find(indices_.rbegin(), indices_.rend(), index);
    if (has_index && last != indices_.rend()) {
      auto& call = calls[static_cast<std::size_t>(indices_.rend() - last) - 1];
      if (!begins_another(from, call))
        return call;
    }
    const auto id = providers::text_of(from, "id");
    if (!has_index && !calls.empty() && (id.empty() || calls.back().id == id))
      return calls.back();
    indices_.push_back(has_index ? index : calls.size());
    return calls.emplace_back();
  }

  bool whole_ = false;
  std::string refusal_;
  std::vector<std::uint64_t> indices_; ///< of each call, as the server counts them
};

} // namespace

std::unique_ptr<providers::reply_dialect> make_openai_dialect() {
  return std::make_unique<openai_dialect>();
}

} // namespace flipsync
