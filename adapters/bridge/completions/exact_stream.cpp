#include "adapters/bridge/completions/exact_stream.hpp"

#include <algorithm>

namespace flipsync::completions {

std::optional<std::string_view> exact_stream::add(std::string_view piece) {
  const auto known = std::min(piece.size(), sent_.size() - repeated_);
  if (piece.substr(0, known) != std::string_view{sent_}.substr(repeated_, known))
    return std::nullopt;
  piece.remove_prefix(known);
  sent_ += piece;
  repeated_ += known + piece.size();
  return piece;
}

bool exact_stream::restart() noexcept {
  repeated_ = 0;
  return !sent_call_;
}

std::optional<std::string_view> exact_stream::finish(std::string_view whole) {
  if (whole.substr(0, sent_.size()) != sent_)
    return std::nullopt;
  return whole.substr(sent_.size());
}

} // namespace flipsync::completions
