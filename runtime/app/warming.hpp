#pragma once
/// Loading models while the service already answers.

#include <memory>
#include <vector>

#include "config/providers.hpp"

namespace flipsync::app {

/// Starts the calls at once and waits for none; what becomes of each is logged, a failure as a
/// warning. Its end cancels those that still run.
class warming {
public:
  explicit warming(const std::vector<config::warm_up>& calls);
  ~warming();
  warming(const warming&) = delete;
  warming& operator=(const warming&) = delete;

private:
  std::vector<std::shared_ptr<flight_handle>> running_;
};

} // namespace flipsync::app
