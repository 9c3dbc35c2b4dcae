#include "agents/common/json_writer.hpp"

#include <cmath>

#include "runtime/core/text/number_text.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

void json_object::key(std::string_view name) {
  if (text_.size() > 1)
    text_ += ',';
  wire::append_string(text_, name);
  text_ += ':';
}

json_object& json_object::add(std::string_view name, std::string_view text) {
  key(name);
  wire::append_string(text_, text);
  return *this;
}

json_object& json_object::add(std::string_view name, double value) {
  if (!std::isfinite(value))
    return raw(name, "null");
  return raw(name, short_text(value));
}

json_object& json_object::add(std::string_view name, money value) {
  return raw(name, to_decimal(value));
}

json_object& json_object::add(std::string_view name, const std::vector<std::string>& texts) {
  key(name);
  text_ += '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0)
      text_ += ',';
    wire::append_string(text_, texts[i]);
  }
  text_ += ']';
  return *this;
}

json_object& json_object::raw(std::string_view name, std::string_view json) {
  key(name);
  text_.append(json);
  return *this;
}

std::string json_array(const std::vector<std::string>& values) {
  std::string text{'['};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0)
      text += ',';
    text += values[i];
  }
  return text + ']';
}

} // namespace flipsync
