#include "tests/bench/measurement.hpp"

#include <algorithm>
#include <cmath>

namespace flipsync::bench {

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

std::string range(const std::vector<double>& of, const char* unit) {
  const auto [least, most] = std::minmax_element(of.begin(), of.end());
  return std::to_string(std::lround(*least)) + " to " + std::to_string(std::lround(*most)) + ' '
         + unit + " in " + std::to_string(of.size()) + " blocks; ";
}

} // namespace flipsync::bench
