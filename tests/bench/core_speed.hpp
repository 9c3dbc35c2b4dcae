#pragma once
/// How fast each core is just now. A virtual machine's core may be a hardware thread, which is
/// slower while another guest uses the other thread of the same core; nothing else in the guest
/// tells.

#include <vector>

namespace flipsync::bench {

/// What each core does of a fixed calculation that keeps all its units busy, in millions of steps a
/// second: comparable within one program on one machine. Takes 30 ms a core; a core that may not be
/// used has 0. The calling thread may use the same cores afterwards as before.
std::vector<double> core_speeds();

} // namespace flipsync::bench
