#pragma once
/// Lines out of pieces of bytes that end anywhere.

#include <cstddef>
#include <string>
#include <string_view>

namespace flipsync::providers {

/// Knows the three line endings of event streams: LF, CR LF and CR, also split between two pieces.
class line_splitter {
public:
  explicit line_splitter(std::size_t max_line_bytes) : max_line_{max_line_bytes} {}

  /// Calls `on_line(std::string_view)` for each line that ends in `bytes`, without its ending,
  /// until it says false. Returns false if it did, or if a line is longer than allowed.
  template <class F>
  bool feed(std::string_view bytes, F&& on_line) {
    while (!bytes.empty()) {
      if (skip_line_feed_ && bytes.front() == '\n')
        bytes.remove_prefix(1);
      skip_line_feed_ = false;
      const auto end = bytes.find_first_of("\r\n");
      const auto piece = bytes.substr(0, end);
      if (partial_.size() + piece.size() > max_line_)
        return false;
      if (end == std::string_view::npos) {
        partial_.append(piece);
        return true;
      }
      skip_line_feed_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
      if (!take(piece, on_line))
        return false;
    }
    return true;
  }

  /// The last line, where the bytes ended without a line's end; nothing where there is none.
  template <class F>
  bool finish(F&& on_line) {
    return partial_.empty() || take({}, on_line);
  }

private:
  template <class F>
  bool take(std::string_view piece, F&& on_line) {
    if (partial_.empty())
      return on_line(piece);
    partial_.append(piece);
    const bool go_on = on_line(std::string_view{partial_});
    partial_.clear();
    return go_on;
  }

  std::size_t max_line_;
  std::string partial_;
  bool skip_line_feed_ = false;
};

} // namespace flipsync::providers
