#pragma once
/// What `flipsync doctor` has found, and how it is shown.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flipsync::app {

enum class verdict : std::uint8_t {
  ok,
  warning, ///< works, but not as well as it could
  problem, ///< will not work until something is done
};

std::string_view to_string(verdict v) noexcept;

struct finding {
  verdict how = verdict::ok;
  std::string about;  ///< "data folder", "port"
  std::string detail; ///< one sentence, without a secret
  std::string advice; ///< what to do; empty where all is well
};

using findings = std::vector<finding>;

/// One line each, its advice under it, and a last line that sums up.
std::string as_text(const findings& all);
/// {"problems","warnings","findings":[{"check","state","detail","advice"}]}
std::string as_json(const findings& all);
/// True if there is a problem.
bool any_problem(const findings& all) noexcept;

} // namespace flipsync::app
