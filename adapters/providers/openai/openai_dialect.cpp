#include "adapters/providers/openai/openai_dialect.hpp"

#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

using providers::meaning;
using providers::reply_draft;
using simdjson::dom::element;

constexpr std::string_view filter_reason = "content_filter";

class openai_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::sse; }

  meaning whole(std::string_view body, reply_draft& draft) override {
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
  static meaning object(std::string_view data, reply_draft& draft, std::string_view carrier) {
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

  static meaning read(element root, reply_draft& draft, std::string_view carrier) {
    if (draft.model.empty())
      draft.model = providers::text_of(root, "model");
    if (const auto usage = providers::member(root, "usage"); usage && usage->is_object())
      draft.tokens = {providers::count_of(*usage, "prompt_tokens"),
                      providers::count_of(*usage, "completion_tokens")};
    simdjson::dom::array choices;
    const auto list = providers::member(root, "choices");
    if (!list || list->get(choices) != simdjson::SUCCESS)
      return {meaning::kind::malformed};
    element first;
    if (choices.at(0).get(first) != simdjson::SUCCESS)
      return {}; // the event that carries only the usage, or a filter's note on the prompt
    return choice(first, draft, carrier);
  }

  static meaning choice(element from, reply_draft& draft, std::string_view carrier) {
    const auto carried = providers::member(from, carrier);
    if (carried) {
      draft.text += providers::text_of(*carried, "content");
      if (const auto refusal = providers::text_of(*carried, "refusal"); !refusal.empty())
        return {meaning::kind::filtered, {std::string{refusal}, {}, {}}};
    }
    if (const auto reason = providers::text_of(from, "finish_reason"); !reason.empty())
      draft.finish_reason = reason;
    if (draft.finish_reason == filter_reason)
      return {meaning::kind::filtered, {}};
    return {};
  }
};

} // namespace

std::unique_ptr<providers::reply_dialect> make_openai_dialect() {
  return std::make_unique<openai_dialect>();
}

} // namespace flipsync
