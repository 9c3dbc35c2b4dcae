#pragma once
/// Runs the program under test as a user would: its own process, environment, input and output.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flipsync::test {

struct finished {
  int code = -1; ///< exit code; 128 + n where signal n ended it
  std::string out;
  std::string err;
};

/// A started program; killed with the object if it still runs.
class process {
public:
  using variables = std::vector<std::pair<std::string, std::string>>;

  /// `env` is its whole environment besides PATH. Its standard input is `input`, then ends.
  process(const std::vector<std::string>& arguments, const variables& env,
          const std::string& input = {});
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// The next line of its standard output; nullopt where that ends (or says nothing for 30 s).
  std::optional<std::string> read_line();
  /// Closes our end of its standard output, as `head` does.
  void close_output();
  void signal(int number) const;
  /// Waits for its end and gives what it wrote that was not read yet.
  finished wait();
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string err_path_;
  std::string buffer_;
};

/// Runs it to its end.
finished run(const std::vector<std::string>& arguments, const process::variables& env,
             const std::string& input = {});

} // namespace flipsync::test
