#pragma once
/// What the process and its machine spend, read from /proc.

#include <chrono>
#include <cstdint>

namespace flipsync {

/// All 0 where the kernel does not tell.
struct process_numbers {
  std::uint64_t resident_bytes = 0;
  std::uint64_t threads = 0;
  std::chrono::microseconds cpu{0};  ///< user and system time since the start
  std::uint64_t disk_read_bytes = 0; ///< from and to the disk, caches not counted
  std::uint64_t disk_written_bytes = 0;
  std::uint64_t network_received_bytes =
    0; ///< of the machine (its network namespace), all interfaces
  std::uint64_t network_sent_bytes = 0;
};

/// Takes some tens of microseconds; reads no disk.
process_numbers read_process_numbers();

} // namespace flipsync
