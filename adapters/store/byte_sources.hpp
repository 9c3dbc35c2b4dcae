#pragma once
/// Where import bytes come from: a file, or text in memory.

#include <filesystem>
#include <memory>
#include <string_view>

#include "adapters/store/record.hpp"

namespace flipsync {

/// Errors: invalid_request (no such file, a folder, not readable).
result<std::unique_ptr<byte_source>> open_file_source(const std::filesystem::path& file);
/// The text must outlive the source.
std::unique_ptr<byte_source> make_text_source(std::string_view text);

/// BLAKE3 of all bytes as 64 hex digits; leaves the source at its first byte. Errors: as `read`.
result<std::string> digest_of(byte_source& source);

} // namespace flipsync
