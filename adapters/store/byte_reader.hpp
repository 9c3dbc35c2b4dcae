#pragma once
/// Buffered reading of a byte source, character by character, for the parsers.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/store/record.hpp"

namespace flipsync {

class byte_reader {
public:
  static constexpr int end = -1;

  explicit byte_reader(byte_source& source)
    : source_{source},
      buffer_{std::make_unique<std::array<char, 64 * 1024>>()} {}

  /// The next byte without taking it, or `end`. After a read error too: see `failure`.
  int peek() {
    if (at_ == filled_ && !fill())
      return end;
    return static_cast<unsigned char>((*buffer_)[at_]);
  }
  int take() {
    const int c = peek();
    at_ += c == end ? 0 : 1;
    return c;
  }
  /// The bytes that are at hand, and how many of them were used up.
  [[nodiscard]] std::string_view available() {
    if (at_ == filled_ && !fill())
      return {};
    return {buffer_->data() + at_, filled_ - at_};
  }
  void skip(std::size_t count) { at_ += count; }
  /// Passes over a UTF-8 byte order mark; call before the first take.
  void skip_mark() {
    // A source may hand out fewer bytes than the mark has.
    while (filled_ < 3 && add_bytes() > 0)
      ;
    if (available().substr(0, 3) == "\xEF\xBB\xBF")
      skip(3);
  }
  [[nodiscard]] const error& failure() const noexcept { return failure_; }
  [[nodiscard]] std::uint64_t taken() const noexcept { return before_ + at_; }

private:
  bool fill() {
    before_ += filled_;
    at_ = 0;
    filled_ = 0;
    return add_bytes() > 0;
  }

  /// Reads behind what is at hand; how much came.
  std::size_t add_bytes() {
    if (failure_.code != errc::none)
      return 0;
    const auto got = source_.read(buffer_->data() + filled_, buffer_->size() - filled_);
    if (!got) {
      failure_ = got.error();
      return 0;
    }
    filled_ += *got;
    return *got;
  }

  byte_source& source_;
  std::unique_ptr<std::array<char, 64 * 1024>> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t before_ = 0;
  error failure_;
};

} // namespace flipsync
