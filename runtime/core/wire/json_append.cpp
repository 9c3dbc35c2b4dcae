#include "runtime/core/wire/json_append.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "runtime/core/wire/json.hpp"

namespace flipsync::wire {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101;
constexpr std::uint64_t highs = 0x8080808080808080;

/// The high bit of each byte that is zero; bytes above the lowest such one may be marked wrongly,
/// which only costs a look at them.
constexpr std::uint64_t zero_bytes(std::uint64_t w) { return (w - ones) & ~w & highs; }

/// Non-zero if one of eight bytes is a control, a quote, a backslash or not ASCII.
constexpr std::uint64_t special_bytes(std::uint64_t w) {
  const auto controls = (w - ones * 0x20) & ~w & highs;
  return controls | zero_bytes(w ^ (ones * '"')) | zero_bytes(w ^ (ones * '\\')) | (w & highs);
}

bool is_special(unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c >= 0x80; }

/// Of the eight bytes in `w`, as they lie in memory, the first that is special; 8 if none is.
std::size_t first_special(std::uint64_t w) {
  const auto marks = special_bytes(w);
  return marks == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

/// The first byte from `at` on that cannot be copied as it is.
std::size_t skip_plain(std::string_view text, std::size_t at) {
  static_assert(std::endian::native == std::endian::little);
#ifdef __SSE2__
  const auto quote = _mm_set1_epi8('"');
  const auto backslash = _mm_set1_epi8('\\');
  const auto space = _mm_set1_epi8(' ');
  for (; at + 16 <= text.size(); at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    // Compared as signed: what is not ASCII is less than a space, as controls are.
    const auto special =
      _mm_or_si128(_mm_cmplt_epi8(bytes, space),
                   _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    if (const auto marks = static_cast<unsigned>(_mm_movemask_epi8(special)); marks != 0)
      return at + static_cast<std::size_t>(std::countr_zero(marks));
  }
#endif
  std::uint64_t word = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    if (const auto plain = first_special(word); plain < 8)
      return at + plain;
  }
  const auto rest = text.size() - at;
  if (rest > 0 && text.size() >= 8) {
    // The last eight bytes, without those that have been seen.
    std::memcpy(&word, text.data() + text.size() - 8, 8);
    return at + std::min(first_special(word >> (8 * (8 - rest))), rest);
  }
  while (at < text.size() && !is_special(static_cast<unsigned char>(text[at])))
    ++at;
  return at;
}

struct sequence {
  std::size_t bytes; ///< consumed
  bool valid;
};

/// The UTF-8 sequence that begins with the non-ASCII byte at `at`; of an invalid one the longest
/// prefix of a valid sequence, so that each such prefix becomes one U+FFFD (Unicode, table 3-7).
sequence read_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const unsigned lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4)
    return {1, false};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead == 0xE0)
    low = 0xA0;
  else if (lead == 0xED)
    high = 0x9F;
  else if (lead == 0xF0)
    low = 0x90;
  else if (lead == 0xF4)
    high = 0x8F;
  for (std::size_t i = 1; i < length; ++i, low = 0x80, high = 0xBF)
    if (byte(i) < low || byte(i) > high)
      return {i, false};
  return {length, true};
}

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    out += "\\u00";
    out += hex[c >> 4];
    out += hex[c & 0xF];
  }
}

} // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  std::size_t at = 0;
  while ((at = skip_plain(text, at)) < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      const auto found = read_sequence(text, at);
      if (!found.valid) {
        out.append(text, copied, at - copied);
        out += "\xEF\xBF\xBD";
        copied = at + found.bytes;
      }
      at += found.bytes;
      continue;
    }
    out.append(text, copied, at - copied);
    append_escape(out, c);
    copied = ++at;
  }
  out.append(text, copied);
  out += '"';
}

void append_unsigned(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_integer(std::string& out, std::int64_t value) {
  if (value < 0)
    out += '-';
  // Negated as unsigned, since the lowest value has no positive counterpart.
  append_unsigned(out, value < 0 ? 0 - static_cast<std::uint64_t>(value)
                                 : static_cast<std::uint64_t>(value));
}

void append_decimal(std::string& out, std::int64_t value, int decimals) {
  std::uint64_t rest =
    value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::uint64_t unit = 1;
  for (int i = 0; i < decimals; ++i)
    unit *= 10;
  if (value < 0)
    out += '-';
  append_unsigned(out, rest / unit);
  rest %= unit;
  if (rest == 0)
    return;
  out += '.';
  while (rest != 0) {
    unit /= 10;
    out += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
}

void append_ms(std::string& out, std::chrono::microseconds value) {
  append_decimal(out, value.count(), 3);
}

void append_time(std::string& out, wall_time value) {
  // Only the milliseconds differ between most events of a stream.
  thread_local std::chrono::sys_seconds second{std::chrono::seconds::min()};
  thread_local std::string text;
  const auto whole = std::chrono::floor<std::chrono::seconds>(value);
  if (whole != second || text.empty()) {
    text = to_rfc3339(whole);
    second = whole;
  }
  constexpr std::string_view fraction = "000Z"; // what the text ends with
  const auto ms = static_cast<unsigned>((value - whole).count());
  const auto at = out.size() + 1 + text.size() - fraction.size();
  out.append("\"").append(text).append("\"");
  out[at] = static_cast<char>('0' + ms / 100);
  out[at + 1] = static_cast<char>('0' + ms / 10 % 10);
  out[at + 2] = static_cast<char>('0' + ms % 10);
}

void append_usd(std::string& out, usd value) { append_decimal(out, value.nanos, 9); }

void append_money(std::string& out, money value) { append_decimal(out, value.cents, 2); }

void append_strings(std::string& out, const std::vector<std::string>& items) {
  append_array(out, items, [](std::string& o, const std::string& s) { append_string(o, s); });
}

void append_score(std::string& out, double value) {
  constexpr double most = 1e14; // beyond it, ten-thousandths do not fit 64 bits
  if (!std::isfinite(value) || std::abs(value) > most)
    value = 0;
  append_decimal(out, std::llround(value * 10'000), 4);
}

char* json_object::put_key(char* at, std::string_view name) {
  if (!std::exchange(first_, false))
    *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  return at;
}

std::string& json_object::key(std::string_view name) {
  // Put together aside and appended once: a reply has more than a hundred keys.
  std::array<char, 64> text;
  constexpr std::size_t around = 4;
  if (name.size() + around > text.size()) {
    out_.append(first_ ? "\"" : ",\"").append(name).append("\":");
    first_ = false;
    return out_;
  }
  const char* end = put_key(text.data(), name);
  return out_.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void json_object::text(std::string_view name, std::string_view value) {
  // Most members are short and hold nothing to escape: put together aside, as in key().
  std::array<char, 192> text;
  constexpr std::size_t around = 6;
  if (name.size() + value.size() + around > text.size() || skip_plain(value, 0) < value.size()) {
    append_string(key(name), value);
    return;
  }
  char* end = put_key(text.data(), name);
  *end++ = '"';
  end = std::copy(value.begin(), value.end(), end);
  *end++ = '"';
  out_.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

} // namespace flipsync::wire
