#include "runtime/app/progress_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

namespace flipsync::app {

std::string progress_text(double share, std::string_view rest) {
  constexpr std::size_t width = 30;
  const auto within = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(within * static_cast<double>(width));
  return "[" + std::string(full, '#') + std::string(width - full, '.') + "] "
         + std::to_string(static_cast<int>(within * 100)) + " %, " + std::string{rest};
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  // One decimal where it says something: below ten of a unit.
  const auto tenths = std::llround(value * 10);
  std::string out = std::to_string(tenths / 10);
  if (unit > 0 && tenths < 100)
    out += "." + std::to_string(tenths % 10);
  return out + " " + units[unit];
}

void progress_line::show(std::string_view text) {
  std::cerr << '\r' << text << "\033[K" << std::flush;
  shown_ = true;
}

void progress_line::clear() {
  if (shown_)
    std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

} // namespace flipsync::app
