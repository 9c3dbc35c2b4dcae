#pragma once
/// When the tests of this folder begin: not at zero, so that what lies before it can be told.

#include "runtime/core/types/units.hpp"

namespace flipsync::test {

inline const mono_time start{std::chrono::hours{1}};

} // namespace flipsync::test
