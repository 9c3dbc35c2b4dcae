#pragma once
/// Logging: structured lines (logfmt) on stderr through spdlog. Message texts and secrets never go
/// in.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace flipsync::log {

using field = std::pair<std::string_view, std::string>;

/// Sets the level once at start: trace, debug, info, warn, error, off. Unknown names mean info.
void set_level(std::string_view level);
/// Whether `info` writes anything: for who makes many fields, often. Thread-safe.
[[nodiscard]] bool informs() noexcept;
/// Writes `event key=value …`; values with spaces or quotes are quoted. Thread-safe, does not
/// throw.
void info(std::string_view event, std::initializer_list<field> fields = {});
void warn(std::string_view event, std::initializer_list<field> fields = {});
void error(std::string_view event, std::initializer_list<field> fields = {});
void debug(std::string_view event, std::initializer_list<field> fields = {});

} // namespace flipsync::log
