#pragma once
/// A small file that only its owner may change.

#include <filesystem>
#include <functional>
#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// Largest such file, in bytes.
inline constexpr std::size_t max_owned_file = 4 * 1024 * 1024;

/// Errors: invalid_request naming the file: it cannot be read, is no regular file, is larger than
/// max_owned_file, or may be written by others than its owner.
result<std::string> read_owned_file(const std::filesystem::path& file);

/// Replaces the text (empty where there is no file yet) by what `edit` makes of it, atomically:
/// whoever reads meanwhile sees the old or the new one, as after a crash. The file can be read and
/// written by its owner alone. Edits of several processes follow one another. Errors: those of
/// `edit`, of read_owned_file, and store_failed where it cannot be written.
result<void> edit_owned_file(const std::filesystem::path& file,
                             const std::function<result<std::string>(const std::string&)>& edit);

} // namespace flipsync
