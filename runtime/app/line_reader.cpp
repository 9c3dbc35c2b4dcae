#include "runtime/app/line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace flipsync::app {

std::optional<std::string> line_reader::next() {
  std::size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    if (ended_ || !fill())
      break;
  }
  if (end == std::string::npos && (!ended_ || buffer_.empty()))
    return std::nullopt;
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end == std::string::npos ? end : end + 1);
  if (line.ends_with('\r'))
    line.pop_back();
  return line;
}

/// False where there is nothing more to wait for; `ended_` then says whether the rest is a line.
bool line_reader::fill() {
  pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
  while (poll(waits, 2, -1) < 0)
    if (errno != EINTR)
      return false;
  if (signals_.take() != 0 || buffer_.size() > max_line)
    return false;
  char chunk[4096];
  const auto n = read(STDIN_FILENO, chunk, sizeof chunk);
  if (n <= 0) {
    ended_ = true;
    return true;
  }
  buffer_.append(chunk, static_cast<std::size_t>(n));
  return true;
}

} // namespace flipsync::app
