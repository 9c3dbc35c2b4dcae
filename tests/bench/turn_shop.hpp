#pragma once
/// The real program with a shop and a mock provider of its own, and what turn_bench asks it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/service.hpp"

namespace flipsync::bench {

/// turn_bench's command line.
struct turn_options {
  std::string program;
  std::string sample;
  bool quick = false;
  std::string only; ///< the one group of rows to measure; empty: all
};

class turn_shop {
public:
  /// Imports the sample shop into a folder called after `name`. Throws std::runtime_error.
  turn_shop(const turn_options& opts, const std::string& name);

  /// Writes a file of the shop's folder; its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;
  /// The service with the mock as its provider.
  [[nodiscard]] std::unique_ptr<service> serve(const std::string& model,
                                               std::vector<std::string> arguments = {}) const;
  [[nodiscard]] std::unique_ptr<service> serve_embedded() const;
  /// How long to measure what takes `full` milliseconds in a run that is not quick.
  [[nodiscard]] std::chrono::milliseconds time(int full) const;

  mock_provider mock;

private:
  turn_options opts_;
  data_folder folder_;
};

std::vector<std::string> shopper_requests();

/// Questions that nobody has asked before; `from` on.
std::vector<std::string> new_requests(std::size_t from, std::size_t count);

/// What is asked of the provider alone.
std::string direct_call(const std::string& model);

/// Load after a warm-up of half a second.
load_result load(std::uint16_t port, std::vector<std::string> requests, std::size_t connections,
                 std::chrono::milliseconds duration);

} // namespace flipsync::bench
