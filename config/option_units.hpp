#pragma once
/// What durations (in milliseconds) and sizes (in bytes) of options are multiples of. Internal to
/// config/.

namespace flipsync::config {

inline constexpr double second = 1000;
inline constexpr double minute = 60 * second;
inline constexpr double hour = 60 * minute;
inline constexpr double day = 24 * hour;
inline constexpr double year = 365 * day;
inline constexpr double kib = 1024;
inline constexpr double mib = 1024 * kib;
inline constexpr double gib = 1024 * mib;

} // namespace flipsync::config
