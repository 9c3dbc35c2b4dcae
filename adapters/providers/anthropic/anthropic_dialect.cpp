#include "adapters/providers/anthropic/anthropic_dialect.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

using providers::meaning;
using providers::reply_draft;
using providers::text_of;
using simdjson::dom::element;

std::string neutral_reason(std::string_view reason) {
  if (reason == "end_turn" || reason == "stop_sequence")
    return "stop";
  if (reason == "max_tokens" || reason == "model_context_window_exceeded")
    return "length";
  if (reason == "tool_use")
    return "tool_calls";
  return std::string{reason};
}

class anthropic_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::sse; }

  meaning whole(std::string_view body, reply_draft& draft) override {
    return parsed(body, [&](element root) {
      if (text_of(root, "type") != "message")
        return meaning{meaning::kind::malformed};
      draft.model = text_of(root, "model");
      take_usage(root, draft);
      simdjson::dom::array blocks;
      const auto content = providers::member(root, "content");
      if (!content || content->get(blocks) != simdjson::SUCCESS)
        return meaning{meaning::kind::malformed};
      for (const auto block : blocks)
        if (!draft.too_many_calls())
          take_block(block, 0, draft);
      auto found = take_end(root, draft);
      if (found.what == meaning::kind::more)
        found.what = draft.finish_reason.empty() ? meaning::kind::malformed : meaning::kind::done;
      return found;
    });
  }

  /// Each event's data repeats its name as `type`. Kinds that are not known are to be passed over.
  meaning event(std::string_view, std::string_view data, reply_draft& draft) override {
    streamed_ = true;
    return parsed(data,
                  [&](element root) { return take_event(text_of(root, "type"), root, draft); });
  }

private:
  template <class F>
  static meaning parsed(std::string_view json, F&& read) {
    meaning found{meaning::kind::malformed};
    providers::with_json(json, [&](element root) {
      if (!root.is_object())
        return;
      if (text_of(root, "type") == "error" || providers::member(root, "error"))
        found = {meaning::kind::refused, providers::read_failure(json)};
      else
        found = read(root);
    });
    return found;
  }

  meaning take_event(std::string_view type, element root, reply_draft& draft) {
    if (type.empty())
      return {meaning::kind::malformed};
    if (type == "message_stop")
      return {meaning::kind::done};
    const auto inner = [&](const char* name) { return providers::member(root, name); };
    if (const auto message = inner("message"); message && type == "message_start") {
      draft.model = text_of(*message, "model");
      take_usage(*message, draft);
    }
    if (const auto block = inner("content_block"); block && type == "content_block_start")
      take_block(*block, index_of(root), draft);
    if (type == "content_block_stop")
      end_block(index_of(root), draft);
    const auto delta = inner("delta");
    if (delta && type == "content_block_delta")
      take_delta(*delta, index_of(root), draft);
    if (type != "message_delta")
      return {};
    const bool counted = take_usage(root, draft);
    const auto found = delta ? take_end(*delta, draft) : meaning{};
    // All but the end mark has come, and it is not waited for.
    const bool ended = counted && !draft.finish_reason.empty();
    return ended && found.what == meaning::kind::more ? meaning{meaning::kind::done} : found;
  }

  static std::uint64_t index_of(element root) { return providers::count_of(root, "index"); }

  /// The counts only grow; what was read from or written to the vendor's cache was input too. True
  /// where the answer's tokens are counted.
  static bool take_usage(element from, reply_draft& draft) {
    const auto usage = providers::member(from, "usage");
    if (!usage)
      return false;
    const auto cached = providers::count_of(*usage, "cache_read_input_tokens");
    const auto in = providers::count_of(*usage, "input_tokens")
                    + providers::count_of(*usage, "cache_creation_input_tokens") + cached;
    draft.tokens.in = std::max(draft.tokens.in, in);
    draft.tokens.cached = std::max(draft.tokens.cached, cached);
    const auto out = providers::count_of(*usage, "output_tokens");
    draft.tokens.out = std::max(draft.tokens.out, out);
    return out > 0;
  }

  /// What the model thinks (`thinking`) is no part of the answer.
  void take_block(element block, std::uint64_t index, reply_draft& draft) {
    const auto type = text_of(block, "type");
    if (type == "text")
      draft.text += text_of(block, "text");
    if (type != "tool_use" || draft.too_many_calls())
      return;
    auto& call = draft.tool_calls.emplace_back();
    call.id = text_of(block, "id");
    call.name = text_of(block, "name");
    auto input = providers::json_or_text(block, "input");
    // A streamed block begins with an empty input, and its pieces follow.
    if (!streamed_)
      call.arguments = input;
    begun_.push_back({index, std::move(input)});
  }

  void take_delta(element delta, std::uint64_t index, reply_draft& draft) {
    draft.text += text_of(delta, "text");
    if (auto* call = call_of(index, draft))
      call->arguments += text_of(delta, "partial_json");
  }

  /// A call of a tool without parameters has no pieces.
  void end_block(std::uint64_t index, reply_draft& draft) {
    for (std::size_t i = 0; i < begun_.size(); ++i)
      if (begun_[i].index == index && draft.tool_calls[i].arguments.empty())
        draft.tool_calls[i].arguments = begun_[i].input;
  }

  tool_call* call_of(std::uint64_t index, reply_draft& draft) {
    for (std::size_t i = 0; i < begun_.size(); ++i)
      if (begun_[i].index == index)
        return &draft.tool_calls[i];
    return nullptr;
  }

  static meaning take_end(element from, reply_draft& draft) {
    const auto reason = text_of(from, "stop_reason");
    if (reason == "refusal") {
      std::string words{reason};
      if (const auto details = providers::member(from, "stop_details"))
        if (const auto said = text_of(*details, "explanation"); !said.empty())
          words = said;
      return {meaning::kind::filtered, {std::move(words), {}, {}}};
    }
    if (!reason.empty())
      draft.finish_reason = neutral_reason(reason);
    return {};
  }

  struct block {
    std::uint64_t index; ///< as the server counts blocks of all kinds
    std::string input;   ///< as it began
  };

  bool streamed_ = false;
  std::vector<block> begun_; ///< of each call
};

} // namespace

std::unique_ptr<providers::reply_dialect> make_anthropic_dialect() {
  return std::make_unique<anthropic_dialect>();
}

} // namespace flipsync
