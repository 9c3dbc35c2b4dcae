#include "adapters/store/html_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "adapters/store/html_entities.hpp"

namespace flipsync {

namespace {

/// Longest entity between '&' and ';' ("#x10FFFF", "thinsp").
constexpr std::size_t longest_entity = 9;
/// Longest name of an element that means something here ("figcaption", "blockquote").
constexpr std::size_t longest_element = 10;

/// Elements that part words where they begin and end. What is not among them runs on: "<b>c</b>up".
constexpr std::array<std::string_view, 52> blocks{
  "address",    "article", "aside",  "blockquote", "br",     "button", "caption", "center",
  "dd",         "details", "dialog", "dir",        "div",    "dl",     "dt",      "fieldset",
  "figcaption", "figure",  "footer", "form",       "h1",     "h2",     "h3",      "h4",
  "h5",         "h6",      "header", "hr",         "iframe", "img",    "legend",  "li",
  "main",       "menu",    "nav",    "ol",         "option", "p",      "pre",     "section",
  "select",     "summary", "table",  "tbody",      "td",     "tfoot",  "th",      "thead",
  "title",      "tr",      "ul",     "video"};

bool is_letter_of_html(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank_of_html(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

/// "#39" or "#x27" as a code point; 0 for what is none that text may hold.
std::uint32_t numeric_entity(std::string_view name) {
  const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  std::uint32_t point = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const auto digit = std::string_view{"0123456789abcdef"}.find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos || (!hex && digit > 9) || point > 0x10FFFF)
      return 0;
    point = point * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < 0x20 || point > 0x10FFFF || surrogate ? 0 : point;
}

/// Reads from front to back; each byte is looked at a bounded number of times.
class html_reader {
public:
  explicit html_reader(std::string_view html) : html_{html} {}

  std::string read() {
    while (at_ < html_.size())
      if (!take_markup() && !take_entity())
        add(html_[at_++]);
    if (text_.ends_with(' '))
      text_.pop_back();
    return std::move(text_);
  }

private:
  void add(char c) {
    if (!is_blank_of_html(c))
      text_ += c;
    else if (!text_.empty() && text_.back() != ' ')
      text_ += ' ';
  }

  /// A tag begins with a letter, a slash or a mark; any other '<' is less than something.
  bool take_markup() {
    if (html_[at_] != '<' || at_ + 1 == html_.size())
      return false;
    const char first = html_[at_ + 1];
    if (html_.substr(at_).starts_with("<!--")) {
      const auto end = html_.find("-->", at_ + 2); // "<!-->" is a whole comment
      at_ = end == std::string_view::npos ? html_.size() : end + 3;
      return true;
    }
    return (first == '/' || first == '!' || is_letter_of_html(first)) && take_tag();
  }

  bool take_tag() {
    const auto end = tag_end();
    if (end == std::string_view::npos)
      return false;
    const bool closing = html_[at_ + 1] == '/';
    const auto name = element_at(at_ + (closing ? 2 : 1));
    at_ = end + 1;
    if (!closing && (name == "style" || name == "script"))
      pass_over(name);
    else if (std::find(blocks.begin(), blocks.end(), name) != blocks.end())
      add(' ');
    return true;
  }

  /// Where the tag's '>' is. One within quotes is none; where quotes do not close, they are taken
  /// for ordinary characters, and so are all that follow, lest each tag look to the end.
  std::size_t tag_end() {
    if (quotes_count_) {
      const auto end = tag_end_past_quotes();
      if (end != std::string_view::npos)
        return end;
      quotes_count_ = false;
    }
    if (!tags_end_)
      return std::string_view::npos;
    const auto end = html_.find('>', at_);
    tags_end_ = end != std::string_view::npos;
    return end;
  }

  [[nodiscard]] std::size_t tag_end_past_quotes() const {
    char before = '<';
    for (auto at = at_ + 1; at < html_.size(); ++at) {
      const char c = html_[at];
      if (c == '>')
        return at;
      if (before == '=' && (c == '"' || c == '\'')) {
        at = html_.find(c, at + 1);
        if (at == std::string_view::npos)
          return at;
      }
      if (!is_blank_of_html(c))
        before = c;
    }
    return std::string_view::npos;
  }

  [[nodiscard]] std::string element_at(std::size_t at) const {
    std::string name;
    for (; at < html_.size() && name.size() <= longest_element; ++at) {
      const char c = html_[at];
      if (!is_letter_of_html(c) && !(c >= '0' && c <= '9'))
        break;
      name += static_cast<char>(c | 0x20); // digits have this bit
    }
    return name;
  }

  /// Up to the end tag of what holds no text, or to the end, as browsers do.
  void pass_over(std::string_view element) {
    for (;;) {
      at_ = html_.find("</", at_);
      if (at_ == std::string_view::npos) {
        at_ = html_.size();
        return;
      }
      if (element_at(at_ + 2) == element)
        return; // it is a tag like any other
      at_ += 2;
    }
  }

  bool take_entity() {
    if (html_[at_] != '&')
      return false;
    const auto after = html_.substr(at_ + 1, longest_entity + 1);
    const auto end = after.find(';');
    if (end == std::string_view::npos)
      return false;
    const auto name = after.substr(0, end);
    const auto point = name.starts_with('#') ? numeric_entity(name) : html_entity(name);
    if (point == 0)
      return false;
    constexpr std::array<std::uint32_t, 4> spaces{0xA0, 0x2002, 0x2003, 0x2009};
    constexpr std::uint32_t soft_hyphen = 0xAD;
    if (std::find(spaces.begin(), spaces.end(), point) != spaces.end())
      add(' ');
    else if (point < 0x80)
      add(static_cast<char>(point));
    else if (point != soft_hyphen)
      append_utf8(text_, point);
    at_ += end + 2;
    return true;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string text_;
  bool quotes_count_ = true;
  bool tags_end_ = true;
};

} // namespace

std::string text_of_html(std::string_view html) { return html_reader{html}.read(); }

} // namespace flipsync
