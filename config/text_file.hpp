#pragma once
/// Reads a configuration file as a whole.

#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync::config {

/// Largest configuration file, in bytes.
inline constexpr std::size_t max_file_bytes = 1024 * 1024;

/// Errors: invalid_request naming the file (it cannot be read, is a folder, is over
/// max_file_bytes).
result<std::string> read_text_file(const std::string& path);

} // namespace flipsync::config
