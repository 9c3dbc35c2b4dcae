#include "runtime/core/cache/kept_answer.hpp"

#include "runtime/core/cache/digest.hpp"
#include "runtime/core/text/utf8.hpp"

namespace flipsync {

namespace {

constexpr std::string_view form = "flipsync kept answer 2";
constexpr std::size_t check_bytes = 16;

std::string_view check_of(const digest256& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), check_bytes};
}

/// Reads what canonical_text wrote; every step may find that nothing is left.
class byte_cursor {
public:
  explicit byte_cursor(std::string_view bytes) : left_{bytes} {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    if (left_.size() < sizeof value) {
      good_ = false;
      return 0;
    }
    for (int i = 0; i < 8; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(left_[static_cast<std::size_t>(i)])}
               << (8 * i);
    left_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view text() {
    const auto size = number();
    if (size > left_.size()) {
      good_ = false;
      return {};
    }
    const auto out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }
  /// A number that the type holds.
  template <class Integer>
  Integer fitting() {
    const auto value = number();
    const auto out = static_cast<Integer>(value);
    good_ = good_ && static_cast<std::uint64_t>(out) == value && out >= 0;
    return out;
  }
  [[nodiscard]] bool whole() const noexcept { return good_ && left_.empty(); }

private:
  std::string_view left_;
  bool good_ = true;
};

} // namespace

std::size_t weight_of(const kept_answer& answer) noexcept {
  return sizeof answer + answer.text.size() + answer.model.size() + answer.finish_reason.size();
}

std::string encode(const kept_answer& answer) {
  canonical_text out;
  out.text(form).text(answer.text).text(answer.model).text(answer.finish_reason);
  out.number(answer.tokens.in).number(answer.tokens.out);
  out.number(static_cast<std::uint64_t>(answer.cost.nanos));
  out.number(static_cast<std::uint64_t>(answer.took.count()));
  out.number(static_cast<std::uint64_t>(answer.made.time_since_epoch().count()));
  return sealed(out.bytes());
}

std::string sealed(std::string_view body) {
  std::string bytes{body};
  bytes += check_of(blake3_of(body));
  return bytes;
}

std::optional<kept_answer> decode_answer(std::string_view bytes) {
  if (bytes.size() < check_bytes)
    return std::nullopt;
  const auto body = bytes.substr(0, bytes.size() - check_bytes);
  if (bytes.substr(body.size()) != check_of(blake3_of(body)))
    return std::nullopt;
  byte_cursor in{body};
  if (in.text() != form)
    return std::nullopt;
  kept_answer out;
  out.text = in.text();
  out.model = in.text();
  out.finish_reason = in.text();
  out.tokens.in = in.fitting<std::uint32_t>();
  out.tokens.out = in.fitting<std::uint32_t>();
  out.cost.nanos = in.fitting<std::int64_t>();
  out.took = std::chrono::microseconds{in.fitting<std::int64_t>()};
  out.made = wall_time{std::chrono::milliseconds{in.fitting<std::int64_t>()}};
  if (!in.whole() || !utf8_length(out.text) || !utf8_length(out.model))
    return std::nullopt;
  return out;
}

} // namespace flipsync
