#pragma once
/// The real program as a child process, as the benchmark measures it.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace flipsync::bench {

class service {
public:
  /// Starts `program serve --listen 127.0.0.1:0 --data DIR` with more arguments and environment,
  /// and waits for its ready line. Throws std::runtime_error if it ends before.
  service(const std::string& program, const std::string& data, std::vector<std::string> arguments,
          std::vector<std::string> environment);
  /// SIGTERM, then waits for its end.
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// From the fork to the ready line.
  [[nodiscard]] std::chrono::microseconds start_time() const noexcept { return start_time_; }
  [[nodiscard]] double resident_mib() const;
  [[nodiscard]] double cpu_seconds() const;

private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::chrono::microseconds start_time_{0};
};

/// Runs the program to its end with no output; its exit status.
int run_program(const std::vector<std::string>& command);

} // namespace flipsync::bench
