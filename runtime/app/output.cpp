#include "runtime/app/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace flipsync::app {

namespace {

/// A program may be started with these closed. The next file opened would then take their number,
/// and what is printed would land in it. Output gets a descriptor on which a write fails, as it
/// should.
void occupy_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(fd, F_GETFD) < 0)
      static_cast<void>(open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY));
}

} // namespace

output::output() {
  occupy_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
}

bool output::write(std::string_view text) {
  while (ok() && !text.empty()) {
    const auto n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n >= 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      error_ = errno;
  }
  return ok();
}

std::string output::why() const {
  return std::string{"cannot write to the standard output: "} + std::strerror(error_);
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }
bool stdin_is_terminal() { return isatty(STDIN_FILENO) == 1; }

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty())
      out += separator;
    out += item;
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C1 controls (U+0080 to U+009F) are 0xC2 and one byte below 0xA0 in UTF-8.
    const bool c1 =
      c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1)
      ++i;
    else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F))
      out += text[i];
  }
  return out;
}

} // namespace flipsync::app
