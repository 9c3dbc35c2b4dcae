#pragma once
/// How many files and sockets this process may have open.

#include <cstddef>

namespace flipsync {

/// Raises the process's soft limit to `wanted` as far as its hard limit allows, and never lowers
/// it. Returns the limit that holds now. (The usual soft limit of 1,024 is kept low only for old
/// programs that use select.)
std::size_t allow_descriptors(std::size_t wanted) noexcept;

} // namespace flipsync
