#pragma once
/// Asking the configured questions once at the start, so that their answers are kept.

#include <memory>
#include <string>
#include <vector>

#include "runtime/core/facade.hpp"

namespace flipsync::app {

/// Begins one real turn per question, of no conversation; one that fails is a warning in the log.
/// Its end cancels those that still run.
class question_warming {
public:
  question_warming(facade& runtime, const std::vector<std::string>& questions);
  ~question_warming();
  question_warming(const question_warming&) = delete;
  question_warming& operator=(const question_warming&) = delete;

private:
  std::vector<turn> running_;
};

} // namespace flipsync::app
