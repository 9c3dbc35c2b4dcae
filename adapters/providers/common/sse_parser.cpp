#include "adapters/providers/common/sse_parser.hpp"

namespace flipsync::providers {

bool sse_parser::feed(std::string_view bytes, const sink& on_event) {
  return lines_.feed(bytes, [&](std::string_view text) { return line(text, on_event); });
}

bool sse_parser::finish(const sink& on_event) {
  return lines_.finish([&](std::string_view text) { return line(text, on_event); })
         && dispatch(on_event);
}

bool sse_parser::line(std::string_view text, const sink& on_event) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (at_start_ && text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  at_start_ = false;
  if (text.empty())
    return dispatch(on_event);
  const auto colon = text.find(':');
  const auto field = text.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' '))
    value.remove_prefix(1);
  if (field == "data")
    return append_data(value);
  if (field == "event")
    name_ = value;
  else if (!field.empty() && field != "id" && field != "retry")
    keep_stray(text);
  return true;
}

void sse_parser::keep_stray(std::string_view text) {
  constexpr std::size_t most = 64 * 1024;
  const bool begins = text.starts_with('{') || text.starts_with('[');
  if ((stray_.empty() && !begins) || stray_.size() + text.size() + 1 > most)
    return;
  stray_.append(text).append("\n");
}

bool sse_parser::append_data(std::string_view value) {
  if (data_.size() + value.size() + 1 > max_event_)
    return false;
  if (has_data_)
    data_ += '\n';
  data_ += value;
  has_data_ = true;
  return true;
}

bool sse_parser::dispatch(const sink& on_event) {
  const bool go_on = !has_data_ || on_event({name_, data_});
  name_.clear();
  data_.clear();
  has_data_ = false;
  return go_on;
}

} // namespace flipsync::providers
