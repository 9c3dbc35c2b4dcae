#include "adapters/bridge/process_numbers.hpp"

#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace flipsync {

namespace {

/// The number behind "Name:" in a file of such lines; 0 where there is none.
class named_numbers {
public:
  explicit named_numbers(const char* file) {
    std::ifstream in{file};
    text_.assign(std::istreambuf_iterator<char>{in}, {});
  }
  [[nodiscard]] std::uint64_t get(const std::string& name) const {
    const auto at = ("\n" + text_).find("\n" + name + ":");
    return at == std::string::npos ? 0 : std::strtoull(&text_[at + name.size() + 1], nullptr, 10);
  }

private:
  std::string text_;
};

void read_network(process_numbers& into) {
  std::ifstream in{"/proc/self/net/dev"};
  std::string line;
  while (std::getline(in, line)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos)
      continue;
    // Received: bytes and seven more columns; sent: bytes and seven more.
    char* rest = line.data() + colon + 1;
    into.network_received_bytes += std::strtoull(rest, &rest, 10);
    for (int skipped = 0; skipped < 7; ++skipped)
      std::strtoull(rest, &rest, 10);
    into.network_sent_bytes += std::strtoull(rest, &rest, 10);
  }
}

} // namespace

process_numbers read_process_numbers() {
  process_numbers out;
  const named_numbers status{"/proc/self/status"};
  out.resident_bytes = status.get("VmRSS") * 1024;
  out.threads = status.get("Threads");
  const named_numbers io{"/proc/self/io"};
  out.disk_read_bytes = io.get("read_bytes");
  out.disk_written_bytes = io.get("write_bytes");
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& t) {
    return std::chrono::seconds{t.tv_sec} + std::chrono::microseconds{t.tv_usec};
  };
  out.cpu = micros(usage.ru_utime) + micros(usage.ru_stime);
  read_network(out);
  return out;
}

} // namespace flipsync
