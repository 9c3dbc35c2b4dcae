#pragma once
/// Progress on a terminal: one line of stderr that is drawn over itself.

#include <cstdint>
#include <string>
#include <string_view>

namespace flipsync::app {

/// "[##########....................] 33 %, " before what else there is to say; `share` from 0 to 1.
std::string progress_text(double share, std::string_view rest);

/// "812 kB", "3.3 GB" (powers of 1000, as disks and downloads are sold).
std::string size_text(std::uint64_t bytes);

class progress_line {
public:
  void show(std::string_view text);
  /// Leaves an empty line behind, for other output.
  void clear();

private:
  bool shown_ = false;
};

} // namespace flipsync::app
