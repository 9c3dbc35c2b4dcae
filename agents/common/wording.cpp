#include "agents/common/wording.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/core/text/ascii.hpp"
#include "runtime/core/text/number_text.hpp"

namespace flipsync::wording {

std::string decimal(double value, int digits) {
  if (!std::isfinite(value))
    return "unlimited";
  auto text = fixed_text(value, digits);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
      text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string percent(double share) { return decimal(share * 100, 1) + " %"; }

std::string count(std::int64_t n, std::string_view one, std::string_view many) {
  std::string text = std::to_string(n) + ' ';
  if (n == 1)
    return text.append(one);
  return many.empty() ? text.append(one).append("s") : text.append(many);
}

std::string age(std::chrono::milliseconds span) {
  using namespace std::chrono;
  const auto minutes_gone = duration_cast<minutes>(std::max(span, milliseconds{0})).count();
  if (minutes_gone < 1)
    return "less than a minute";
  if (minutes_gone < 120)
    return count(minutes_gone, "minute");
  if (minutes_gone < 48 * 60)
    return count(minutes_gone / 60, "hour");
  return count(minutes_gone / (24 * 60), "day");
}

std::string label(const product& item) { return item.title + " (SKU " + item.sku + ")"; }

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0)
      text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string capitalized(std::string text) {
  if (!text.empty())
    text.front() = ascii_upper(text.front());
  return text;
}

std::string weight(std::int64_t grams) {
  if (grams < 1000)
    return std::to_string(grams) + " g";
  return decimal(static_cast<double>(grams) / 1000, 2) + " kg";
}

namespace {
bool starts_code_point(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }
} // namespace

std::size_t length(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string_view clip(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) // never fewer bytes than code points
    return text;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!starts_code_point(text[i]) || seen++ < limit)
      continue;
    auto kept = text.substr(0, i);
    if (text[i] != ' ')
      if (const auto space = kept.rfind(' '); space != std::string_view::npos && space > 0)
        kept = kept.substr(0, space);
    while (!kept.empty() && (kept.back() == ' ' || kept.back() == ','))
      kept.remove_suffix(1);
    return kept;
  }
  return text;
}

std::string_view first_sentence(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n')
      return text.substr(0, at);
    // "1.5 l" and "e.g." go on; a sentence ends where a space or the text's end follows.
    if ((c == '.' || c == '!' || c == '?')
        && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n'))
      return text.substr(0, at);
  }
  return text;
}

} // namespace flipsync::wording
