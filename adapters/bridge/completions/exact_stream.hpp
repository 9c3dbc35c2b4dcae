#pragma once
/// What of an answer may be told to a client that cannot be asked to forget.

#include <optional>
#include <string>
#include <string_view>

namespace flipsync::completions {

/// Follows a streamed answer through restarts. What was sent stays sent: an answer that is begun
/// anew goes on only if it begins with exactly that (PROVIDERS: stream cut after tokens were sent).
class exact_stream {
public:
  /// The next piece of the answer; returns what of it is new to the client, nullopt where the
  /// answer differs from what was sent.
  std::optional<std::string_view> add(std::string_view piece);
  /// A piece of a tool call was sent; a new answer could never be proved to be the same.
  void sent_call() noexcept { sent_call_ = true; }
  /// The answer is begun anew. False where it cannot be the same again.
  bool restart() noexcept;
  /// The answer is whole: what of it the client has not got; nullopt where it differs.
  std::optional<std::string_view> finish(std::string_view whole);
  /// True once anything was sent.
  [[nodiscard]] bool begun() const noexcept { return sent_call_ || !sent_.empty(); }
  [[nodiscard]] bool sent_calls() const noexcept { return sent_call_; }

private:
  std::string sent_;
  std::size_t repeated_ = 0; ///< how much of sent_ this answer has said
  bool sent_call_ = false;
};

} // namespace flipsync::completions
