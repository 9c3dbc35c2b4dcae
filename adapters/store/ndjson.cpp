#include "adapters/store/ndjson.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "adapters/store/import.hpp"

namespace flipsync {

struct ndjson_records::parser {
  simdjson::dom::parser json;
};

namespace {

/// The shortest text that reads back as the same number: 19.99 stays "19.99".
std::string number_text(double value) {
  char out[64];
  const auto end = std::to_chars(out, out + sizeof out, value).ptr;
  std::string text{out, end};
  if (text.find('e') == std::string::npos)
    return text;
  const auto plain = std::to_chars(out, out + sizeof out, value, std::chars_format::fixed, 6);
  return plain.ec == std::errc{} ? std::string{out, plain.ptr} : text;
}

/// Turns members into fields; the first that has no place in a row is the row's error.
class member_reader {
public:
  member_reader(record& out, std::deque<std::string>& made) : out_{out}, made_{made} {}

  void read(simdjson::dom::object members, bool attributes) {
    for (const auto& member : members) {
      if (!attributes && member.key == "attributes" && member.value.is_object()) {
        read(member.value.get_object().value_unsafe(), true);
        continue;
      }
      add(member.key, member.value, attributes);
    }
  }

private:
  void add(std::string_view name, simdjson::dom::element value, bool attribute) {
    const bool twice = std::any_of(out_.fields.begin(), out_.fields.end(), [&](const field& f) {
      return f.name == name && f.attribute == attribute;
    });
    if (twice)
      return fail("it names '" + std::string{name} + "' twice");
    std::string_view text;
    if (!text_of(value, text))
      return fail("'" + std::string{name} + "' is no text, number or list of texts");
    out_.fields.push_back({name, text, attribute});
  }

  bool text_of(simdjson::dom::element value, std::string_view& text) {
    using simdjson::dom::element_type;
    switch (value.type()) {
    case element_type::STRING:
      return !value.get_string().get(text);
    case element_type::NULL_VALUE:
      return true;
    case element_type::BOOL:
      text = value.get_bool().value_unsafe() ? "true" : "false";
      return true;
    case element_type::INT64:
      text = made_.emplace_back(std::to_string(value.get_int64().value_unsafe()));
      return true;
    case element_type::UINT64:
      text = made_.emplace_back(std::to_string(value.get_uint64().value_unsafe()));
      return true;
    case element_type::DOUBLE:
      text = made_.emplace_back(number_text(value.get_double().value_unsafe()));
      return true;
    case element_type::ARRAY:
      return list_text(value.get_array().value_unsafe(), text);
    default:
      return false;
    }
  }

  bool list_text(simdjson::dom::array list, std::string_view& text) {
    std::string joined;
    for (const auto item : list) {
      std::string_view piece;
      if (item.get_string().get(piece))
        return false;
      if (!joined.empty())
        joined += ';';
      joined += piece;
    }
    text = made_.emplace_back(std::move(joined));
    return true;
  }

  void fail(std::string why) {
    if (out_.error.empty())
      out_.error = std::move(why);
  }

  record& out_;
  std::deque<std::string>& made_;
};

} // namespace

ndjson_records::ndjson_records(byte_source& source)
  : bytes_{source},
    parser_{std::make_unique<parser>()} {
  bytes_.skip_mark();
}

ndjson_records::~ndjson_records() = default;

void ndjson_records::skip_line() {
  for (int c = bytes_.take(); c != '\n' && c != byte_reader::end;)
    c = bytes_.take();
}

bool ndjson_records::read_line(record& out) {
  while (bytes_.peek() != byte_reader::end) {
    text_.clear();
    ++line_;
    for (bool whole = false; !whole && bytes_.peek() != byte_reader::end;) {
      const auto at_hand = bytes_.available();
      const auto length = std::min(at_hand.find('\n'), at_hand.size());
      whole = length < at_hand.size();
      text_.append(at_hand.substr(0, length));
      bytes_.skip(length + (whole ? 1 : 0));
      if (text_.size() > max_row_bytes) {
        out.error = "the row is longer than 1 MiB";
        if (!whole)
          skip_line();
        break;
      }
    }
    if (!trim(text_).empty())
      return true;
  }
  return false;
}

result<bool> ndjson_records::next(record& out) {
  out.fields.clear();
  out.error.clear();
  made_.clear();
  const bool found = read_line(out);
  if (bytes_.failure().code != errc::none)
    return bytes_.failure();
  if (!found)
    return false;
  out.line = line_;
  if (!out.error.empty())
    return true;
  simdjson::dom::element root;
  simdjson::dom::object members;
  if (const auto why = parser_->json.parse(text_.data(), text_.size()).get(root))
    out.error = std::string{"it is no JSON: "} + simdjson::error_message(why);
  else if (root.get_object().get(members))
    out.error = "it is no JSON object";
  else
    member_reader{out, made_}.read(members, false);
  for (const auto& f : out.fields)
    if (f.value.find('\0') != std::string_view::npos)
      out.error = "the text holds a zero byte";
  return true;
}

} // namespace flipsync
