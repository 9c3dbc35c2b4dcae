#pragma once
/// A reply being put together, and what of it has been handed on.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/providers/common/codec.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync::providers {

/// What a dialect has read so far. Texts and arguments only grow at their end.
struct reply_draft {
  std::string text;
  std::string model;
  std::string finish_reason;         ///< empty: the provider has not said yet that the answer ends
  std::vector<tool_call> tool_calls; ///< one without an id gets one in the reply
  token_usage tokens;

  /// A draft that has outgrown this is refused.
  static constexpr std::size_t max_tool_calls = 128;
  [[nodiscard]] bool too_many_calls() const noexcept { return tool_calls.size() > max_tool_calls; }
  [[nodiscard]] bool empty() const noexcept { return text.empty() && tool_calls.empty(); }
  /// Bytes that the model wrote.
  [[nodiscard]] std::size_t size() const noexcept;
};

/// What of a request its answer must keep to.
struct asked_for {
  tool_choice choice;
  answer_format::kind format = answer_format::kind::text;
};

/// What of it an answer that has ended does not keep to, in words; nullptr if it keeps to all. Not
/// every vendor can be made to, and none is trusted to. An answer that its length ended may stop
/// before its call or within its JSON, since it says so. Pure.
const char* departs_from(const asked_for& asked, const reply_draft& answer);

/// Gives calls without an id one that is theirs within the conversation.
class call_namer {
public:
  /// `request` is the one whose answer is named.
  explicit call_namer(const model_request& request);
  void name(reply_draft& draft) const;

private:
  std::size_t first_ = 0; ///< calls in the conversation so far
};

/// Hands on what has been added since the last time. A call is told once its name is known, and in
/// the order of their beginnings.
class draft_teller {
public:
  void tell(const reply_draft& draft, reply_sink& sink);

private:
  std::size_t told_text_ = 0;
  std::vector<std::size_t> told_arguments_; ///< bytes, of each call that is told
};

} // namespace flipsync::providers
