#include "runtime/app/line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace flipsync::app {

std::optional<line_reader::line> line_reader::next() {
  std::size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    forget_what_is_too_long();
    if (ended_ || !fill())
      break;
  }
  if (end == std::string::npos && (!ended_ || (buffer_.empty() && !too_long_)))
    return std::nullopt;
  line out{buffer_.substr(0, end), std::exchange(too_long_, false)};
  buffer_.erase(0, end == std::string::npos ? end : end + 1);
  if (out.too_long)
    out.text.clear(); // its tail
  else if (out.text.ends_with('\r'))
    out.text.pop_back();
  return out;
}

/// So that a line without an end takes no more room than the longest that is read.
void line_reader::forget_what_is_too_long() {
  if (buffer_.size() <= max_line)
    return;
  buffer_.clear();
  too_long_ = true;
}

/// False where there is nothing more to wait for; `ended_` then says whether the rest is a line.
bool line_reader::fill() {
  pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
  while (poll(waits, 2, -1) < 0)
    if (errno != EINTR)
      return false;
  if (signals_.take() != 0)
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
