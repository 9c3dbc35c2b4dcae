#pragma once
/// NDJSON: one JSON object a line, with the names of the CSV columns. Numbers and booleans become
/// the text that a CSV cell would hold; a list of texts is joined by ';'; the members of an object
/// named "attributes" are attributes.

#include <deque>
#include <memory>
#include <string>

#include "adapters/store/byte_reader.hpp"

namespace flipsync {

class ndjson_records final : public record_source {
public:
  explicit ndjson_records(byte_source& source);
  ~ndjson_records() override;
  result<std::vector<std::string>> header() override { return std::vector<std::string>{}; }
  result<bool> next(record& out) override;
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return bytes_.taken(); }

private:
  struct parser;
  /// The next line that is not blank, into `text_`; false at the end.
  bool read_line(record& out);
  void skip_line();

  byte_reader bytes_;
  std::unique_ptr<parser> parser_;
  std::uint64_t line_ = 0;
  std::string text_;
  std::deque<std::string> made_; ///< texts that are not in the line as such (numbers, joined lists)
};

} // namespace flipsync
