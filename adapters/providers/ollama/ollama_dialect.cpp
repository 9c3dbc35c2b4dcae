#include "adapters/providers/ollama/ollama_dialect.hpp"

#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

using providers::meaning;
using providers::reply_draft;
using simdjson::dom::element;

/// POST /api/chat: one object, or one a line with `done` in the last.
class ollama_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::ndjson; }

  meaning whole(std::string_view body, reply_draft& draft) override {
    auto found = event({}, body, draft);
    // A body that stops short of its end is no whole answer.
    if (found.what == meaning::kind::more)
      found.what = meaning::kind::malformed;
    return found;
  }

  meaning event(std::string_view, std::string_view data, reply_draft& draft) override {
    meaning found{meaning::kind::malformed};
    providers::with_json(data, [&](element root) {
      if (root.is_object())
        found = read(root, data, draft);
    });
    return found;
  }

private:
  static meaning read(element root, std::string_view data, reply_draft& draft) {
    if (providers::member(root, "error"))
      return {meaning::kind::refused, providers::read_failure(data)};
    bool done = false;
    const auto said = providers::member(root, "done");
    if (said && said->get(done) != simdjson::SUCCESS)
      return {meaning::kind::malformed};
    const auto message = providers::member(root, "message");
    if (!message && !done)
      return {meaning::kind::malformed};
    if (message)
      take_message(*message, draft);
    if (draft.model.empty())
      draft.model = providers::text_of(root, "model");
    if (!done)
      return {};
    draft.finish_reason = providers::text_of(root, "done_reason");
    if (draft.finish_reason.empty())
      draft.finish_reason = "stop";
    draft.tokens = {providers::count_of(root, "prompt_eval_count"),
                    providers::count_of(root, "eval_count")};
    return {meaning::kind::done};
  }

  /// What a model thinks before it answers (`thinking`) is no part of the answer.
  static void take_message(element message, reply_draft& draft) {
    draft.text += providers::text_of(message, "content");
    simdjson::dom::array calls;
    const auto list = providers::member(message, "tool_calls");
    if (!list || list->get(calls) != simdjson::SUCCESS)
      return;
    for (const auto from : calls) {
      if (draft.too_many_calls())
        return;
      auto& call = draft.tool_calls.emplace_back();
      call.id = providers::text_of(from, "id"); // newer servers give one
      const auto function = providers::member(from, "function");
      if (!function)
        continue;
      call.name = providers::text_of(*function, "name");
      call.arguments = providers::json_or_text(*function, "arguments");
    }
  }
};

} // namespace

std::unique_ptr<providers::reply_dialect> make_ollama_dialect() {
  return std::make_unique<ollama_dialect>();
}

} // namespace flipsync
