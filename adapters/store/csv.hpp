#pragma once
/// CSV as of RFC 4180: quoted fields with commas, doubled quotes and line breaks; CRLF or LF; UTF-8
/// with or without a byte order mark. A row that breaks the rules is reported and reading goes on
/// behind it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/byte_reader.hpp"

namespace flipsync {

/// One row of cells; the views live until the next row is read.
struct csv_row {
  std::uint64_t line = 0;
  std::vector<std::string_view> cells;
  std::string error;
};

/// Cells, without a meaning of the first row.
class csv_reader {
public:
  explicit csv_reader(byte_source& source) : bytes_{source} { bytes_.skip_mark(); }
  /// False at the end. Lines without any character are passed over.
  bool next(csv_row& out);
  [[nodiscard]] const byte_reader& bytes() const noexcept { return bytes_; }

private:
  enum class state : std::uint8_t { cell_start, plain, quoted, quote_seen };
  /// Takes what one byte means; true when the row is whole.
  bool take(int c, csv_row& out);
  bool end_row_at(int c, csv_row& out);
  void copy_run();
  bool pass_over(bool whole, csv_row& out);
  void end_cell();
  void fail(csv_row& out, std::string_view why);
  void hand_out(csv_row& out);

  byte_reader bytes_;
  state state_ = state::cell_start;
  std::uint64_t line_ = 1;
  std::string text_;
  std::vector<std::size_t> ends_;
  bool done_ = false;
};

/// Rows named by the file's first row.
class csv_records final : public record_source {
public:
  explicit csv_records(byte_source& source) : reader_{source} {}
  result<std::vector<std::string>> header() override;
  result<bool> next(record& out) override;
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override {
    return reader_.bytes().taken();
  }

private:
  csv_reader reader_;
  csv_row row_;
  std::vector<std::string> names_;
};

} // namespace flipsync
