#include "adapters/store/csv.hpp"

#include <simdjson.h>

#include <algorithm>

#include "adapters/store/import.hpp"

namespace flipsync {

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// --- cells --------------------------------------------------------------------------------------

void csv_reader::end_cell() {
  ends_.push_back(text_.size());
  state_ = state::cell_start;
}

void csv_reader::fail(csv_row& out, std::string_view why) {
  if (out.error.empty())
    out.error = why;
}

/// Copies the plain run that is at hand in one go; what ends it is left for `take`.
void csv_reader::copy_run() {
  const auto at_hand = bytes_.available();
  const std::string_view stops = state_ == state::quoted ? "\"\n" : ",\r\n\"";
  const auto length = std::min(at_hand.find_first_of(stops), at_hand.size());
  text_.append(at_hand.substr(0, length));
  bytes_.skip(length);
}

bool csv_reader::end_row_at(int c, csv_row& out) {
  if (c == byte_reader::end) {
    if (state_ == state::quoted)
      fail(out, "a quote is opened and never closed");
    done_ = true;
    // A file may end with or without a line break.
    if (text_.empty() && ends_.empty() && state_ == state::cell_start)
      return false;
    end_cell();
    return true;
  }
  ++line_;
  if (text_.empty() && ends_.empty() && state_ == state::cell_start) {
    out.line = line_;
    return false;
  }
  end_cell();
  return true;
}

bool csv_reader::take(int c, csv_row& out) {
  if (c == byte_reader::end)
    return end_row_at(c, out);
  if (state_ == state::quoted) {
    if (c == '"') {
      state_ = state::quote_seen;
      return false;
    }
    line_ += c == '\n' ? 1 : 0;
    text_ += static_cast<char>(c);
    return false;
  }
  if (c == '\r' && bytes_.peek() == '\n')
    return false; // the line feed behind it ends the row
  if (c == '\n')
    return end_row_at(c, out);
  if (c == ',') {
    end_cell();
    return false;
  }
  if (c == '"' && state_ != state::plain) {
    if (state_ == state::quote_seen)
      text_ += '"';
    state_ = state::quoted;
    return false;
  }
  if (state_ == state::quote_seen)
    fail(out, "text follows a closing quote");
  // A quote inside an unquoted cell (7" tablet) stands for itself: exporters write it so.
  state_ = state::plain;
  text_ += static_cast<char>(c);
  return false;
}

void csv_reader::hand_out(csv_row& out) {
  std::size_t begin = 0;
  for (const auto end : ends_) {
    out.cells.push_back(std::string_view{text_}.substr(begin, end - begin));
    begin = end;
  }
  if (!simdjson::validate_utf8(text_.data(), text_.size()))
    fail(out, "the text is not UTF-8");
  else if (text_.find('\0') != std::string::npos)
    fail(out, "the text holds a zero byte");
}

/// Of a row that is too long, nothing is kept, and reading goes on behind it. False where an open
/// quote hides its end.
bool csv_reader::pass_over(bool whole, csv_row& out) {
  if (!whole && state_ == state::quoted) {
    out.error = "the row is longer than 1 MiB, and a quote in it is open: nothing from here on was"
                " read";
    done_ = true;
    return false;
  }
  fail(out, "the row is longer than 1 MiB");
  text_.resize(1); // not nothing, which would be an empty line
  ends_.clear();
  return true;
}

bool csv_reader::next(csv_row& out) {
  out.cells.clear();
  out.error.clear();
  out.line = line_;
  text_.clear();
  ends_.clear();
  state_ = state::cell_start;
  while (!done_) {
    if (state_ == state::plain || state_ == state::quoted)
      copy_run();
    const bool whole = take(bytes_.take(), out);
    if (text_.size() > max_row_bytes && !pass_over(whole, out))
      return true;
    if (whole) {
      hand_out(out);
      return true;
    }
  }
  return false;
}

// --- records ------------------------------------------------------------------------------------

namespace {

error bad_header(std::string why) {
  return error{errc::invalid_request, "the header is wrong: " + std::move(why)}.with("field",
                                                                                     "header");
}

} // namespace

result<std::vector<std::string>> csv_records::header() {
  const bool found = reader_.next(row_);
  if (reader_.bytes().failure().code != errc::none)
    return reader_.bytes().failure();
  if (!found)
    return bad_header("the file is empty");
  if (!row_.error.empty())
    return bad_header(row_.error);
  names_.clear();
  for (const auto cell : row_.cells) {
    std::string name{trim(cell)};
    if (!name.empty() && std::find(names_.begin(), names_.end(), name) != names_.end())
      return bad_header("it names '" + name + "' twice");
    names_.push_back(std::move(name));
  }
  return names_;
}

result<bool> csv_records::next(record& out) {
  out.fields.clear();
  out.error.clear();
  const bool found = reader_.next(row_);
  if (reader_.bytes().failure().code != errc::none)
    return reader_.bytes().failure();
  if (!found)
    return false;
  out.line = row_.line;
  out.error = row_.error;
  if (out.error.empty() && row_.cells.size() != names_.size())
    out.error = "it has " + std::to_string(row_.cells.size()) + " fields, the header has "
                + std::to_string(names_.size());
  if (!out.error.empty())
    return true;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (!names_[i].empty())
      out.fields.push_back({names_[i], row_.cells[i]});
  return true;
}

} // namespace flipsync
