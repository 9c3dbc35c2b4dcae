#pragma once
/// The standard output, written at once and checked: a reader that has gone ends the work.

#include <string>
#include <string_view>
#include <vector>

namespace flipsync::app {

/// Not thread-safe: only the main thread prints.
class output {
public:
  /// Made before any file is opened. Ignores SIGPIPE, so that a closed pipe is an error of `write`.
  output();
  /// False once a write has failed; nothing is written from then on.
  bool write(std::string_view text);
  [[nodiscard]] bool ok() const noexcept { return error_ == 0; }
  /// Why it failed, for people.
  [[nodiscard]] std::string why() const;

private:
  int error_ = 0;
};

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
[[nodiscard]] bool stdin_is_terminal();

/// The text without control characters other than line ends and tabs, so that no answer moves the
/// cursor or colours the terminal.
std::string printable(std::string_view text);
/// The items with the separator between them.
std::string joined(const std::vector<std::string>& items, std::string_view separator);

} // namespace flipsync::app
