#pragma once
/// Rows of an import file before they mean anything: names and texts, however the file wrote them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync {

struct field {
  std::string_view name; ///< as the file spells it
  std::string_view value;
  bool attribute = false; ///< true: never one of our columns, whatever its name
};

/// One row. The views live until the next row is read from the same source.
struct record {
  std::uint64_t line = 0; ///< where it begins, from 1
  std::vector<field> fields;
  std::string error; ///< why it cannot be read; empty if it can
};

/// Bytes from somewhere, in order.
class byte_source {
public:
  virtual ~byte_source() = default;
  /// Fills at most `size` bytes; 0 at the end. Errors: invalid_request (cannot be read).
  virtual result<std::size_t> read(char* into, std::size_t size) = 0;
  /// Back to the first byte.
  virtual result<void> rewind() = 0;
  [[nodiscard]] virtual std::uint64_t total_bytes() const noexcept = 0;
};

/// Rows from bytes.
class record_source {
public:
  virtual ~record_source() = default;
  /// The names that every row has, read before the first row; empty where each row names its own
  /// (NDJSON). Errors: invalid_request (no header, a name twice, not UTF-8).
  virtual result<std::vector<std::string>> header() = 0;
  /// False at the end. Errors: invalid_request (the bytes cannot be read any further).
  virtual result<bool> next(record& out) = 0;
  /// Bytes taken from the byte source so far.
  [[nodiscard]] virtual std::uint64_t bytes_read() const noexcept = 0;
};

/// Without blanks at both ends.
std::string_view trim(std::string_view text) noexcept;

} // namespace flipsync
