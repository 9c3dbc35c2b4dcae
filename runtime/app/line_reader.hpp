#pragma once
/// Lines of the standard input, which a signal interrupts.

#include <optional>
#include <string>

#include "runtime/app/signals.hpp"

namespace flipsync::app {

class line_reader {
public:
  explicit line_reader(signal_watch& signals) : signals_{signals} {}
  /// The next line without its end; nullopt at the input's end, after a signal, or where a line is
  /// longer than max_line bytes.
  std::optional<std::string> next();

  /// Far above the longest message, so that the turn's own check says what is wrong.
  static constexpr std::size_t max_line = 1024 * 1024;

private:
  bool fill();
  signal_watch& signals_;
  std::string buffer_;
  bool ended_ = false;
};

} // namespace flipsync::app
