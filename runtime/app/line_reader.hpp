#pragma once
/// Lines of the standard input, which a signal interrupts.

#include <optional>
#include <string>

#include "runtime/app/signals.hpp"

namespace flipsync::app {

class line_reader {
public:
  explicit line_reader(signal_watch& signals) : signals_{signals} {}
  struct line {
    std::string text;      ///< without its end
    bool too_long = false; ///< it had more than max_line bytes, which are gone
  };
  /// The next line; nullopt at the input's end or after a signal.
  std::optional<line> next();

  /// Far above the longest message, so that the turn's own check says what is wrong.
  static constexpr std::size_t max_line = 1024 * 1024;

private:
  bool fill();
  void forget_what_is_too_long();
  signal_watch& signals_;
  std::string buffer_;
  bool ended_ = false;
  bool too_long_ = false; ///< the line whose rest is being read
};

} // namespace flipsync::app
