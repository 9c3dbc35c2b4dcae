#pragma once
/// What turn_bench measures in blocks.

#include <string>
#include <vector>

#include "tests/bench/budget_table.hpp"

namespace flipsync::bench {

/// What is measured in blocks, by turns with the blocks of the other rows, since the machine's
/// speed changes by the minute. Of latencies at one connection the blocks' median counts, of loads
/// all turns of all blocks, for their rate and for their percentiles.
class measurement {
public:
  measurement() = default;
  virtual ~measurement() = default;
  measurement(const measurement&) = delete;
  measurement& operator=(const measurement&) = delete;
  virtual void run_block() = 0;
  /// After the last block.
  virtual void report(budget_table& table) = 0;
};

/// Of one figure or more.
double median(std::vector<double> of);

/// "182 to 208 us in 5 blocks; "
std::string range(const std::vector<double>& of, const char* unit);

} // namespace flipsync::bench
