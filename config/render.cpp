#include "config/render.hpp"

#include <algorithm>

namespace flipsync::config {
namespace {

/// For secrets, which are texts or lists of texts.
bool is_empty(const option_value& value) {
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  return list != nullptr ? list->empty() : std::get<std::string>(value).empty();
}

std::string how_many(const option_value& secret) {
  const auto* list = std::get_if<std::vector<std::string>>(&secret);
  return list != nullptr && list->size() > 1 ? "(" + std::to_string(list->size()) + " secrets)"
                                             : "(secret)";
}

const settings defaults;

std::string section_of(const std::string& path) {
  const auto dot = path.find('.');
  return dot == std::string::npos ? std::string{} : path.substr(0, dot);
}

std::string key_of(const std::string& path) { return path.substr(path.find('.') + 1); }

bool is_unset(const option_value& value) { return std::holds_alternative<std::monostate>(value); }

std::string setting_line(const option& o, const option_value& value, const origin& where) {
  if (o.secret)
    return "# " + o.path + " is " + (is_empty(value) ? "not set" : "set " + how_many(value));
  // What was unset on purpose stays so where this is read again over a profile.
  if (is_unset(value))
    return where.from > source::profile ? o.path + " = \"\"" : "# " + o.path + " is not set";
  return o.path + " = " + to_toml(o, value);
}

std::string joined(const std::vector<std::string>& items, std::string_view between,
                   std::string_view quote = {}) {
  std::string out;
  for (const auto& item : items) {
    out += out.empty() ? std::string_view{} : between;
    out += std::string{quote} + item + std::string{quote};
  }
  return out;
}

std::vector<std::string> all_variables(const option& o) {
  auto names = o.variables;
  names.insert(names.begin(), variable_name(o.path));
  return names;
}

/// Breaks a comment at spaces so that no line is longer than 100 characters.
std::string comment(const std::string& text) {
  std::string out = "#";
  std::size_t column = 1;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (column + 1 + end - at > 100) {
      out += "\n#";
      column = 1;
    }
    out += " " + text.substr(at, end - at);
    column += 1 + end - at;
    at = end + 1;
  }
  return out + "\n";
}

/// A cell of a Markdown table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string default_cell(const option& o) {
  const auto value = o.get(defaults);
  return is_unset(value) || o.secret ? "not set" : "`" + to_toml(o, value) + "`";
}

std::string section_tables() {
  std::string out;
  std::string section = "none yet";
  for (const auto& o : options()) {
    if (section_of(o.path) != section) {
      section = section_of(o.path);
      out += "\n### " + (section.empty() ? std::string{"Top level"} : "`[" + section + "]`")
             + "\n\n"
             + "| option | allowed | default | environment | live | meaning "
               "|\n|---|---|---|---|---|---|\n";
    }
    out += "| `" + o.path + "` | "
           + (o.secret ? "a secret, from the environment alone" : allowed(o)) + " | "
           + default_cell(o) + " | " + joined(all_variables(o), " or ", "`") + " | "
           + (o.live ? "yes" : "") + " | " + cell(o.doc) + " |\n";
  }
  return out;
}

std::string profile_table() {
  std::string out = "\n### What profiles set\n\n| profile | option | value |\n|---|---|---|\n";
  for (const std::string profile : {"development", "production"})
    for (const auto& [path, text] : profile_values(profile)) {
      const auto& o = *find_option(path);
      out += "| " + profile + " | `" + path + "` | `" + to_toml(o, *parse_value(o, text)) + "` |\n";
    }
  return out;
}

std::string idle_table() {
  std::string out =
    "\n### Variables without effect in this version\n\n| variable | why |\n|---|---|\n";
  for (const auto& idle : idle_variables())
    out += "| `" + std::string{idle.name} + "` | " + std::string{idle.reason} + " |\n";
  return out;
}

} // namespace

std::string print_config(const loaded_settings& loaded) {
  std::string out;
  for (std::size_t i = 0; i < options().size(); ++i) {
    auto line = setting_line(options()[i], options()[i].get(loaded.values), loaded.origins[i]);
    line.resize(std::max<std::size_t>(line.size() + 2, 56), ' ');
    out += line + "# " + described(loaded.origins[i]) + "\n";
  }
  for (const auto& idle : loaded.idle)
    out += "# " + idle.name + " has no effect in this version: " + idle.reason + "\n";
  return out;
}

std::string sample_file() {
  std::string out =
    comment("Every option of FlipSync with its default. Copy what you change into a "
            "file of your own and start with --config FILE. Command line and "
            "environment go before files, files before the profile's defaults.");
  std::string section;
  for (const auto& o : options()) {
    if (section_of(o.path) != section) {
      section = section_of(o.path);
      out += "\n[" + section + "]\n";
    }
    const auto value = o.get(defaults);
    out += "\n" + comment(o.doc);
    if (o.secret) {
      out +=
        comment("Never in a file: " + joined(all_variables(o), " or ") + " in the environment.");
      continue;
    }
    out += comment("Allowed: " + allowed(o) + ". Environment: " + joined(all_variables(o), " or ")
                   + ".");
    out += is_unset(value) ? "# " + key_of(o.path) + " =\n"
                           : key_of(o.path) + " = " + to_toml(o, value) + "\n";
  }
  return out;
}

std::string option_tables() { return section_tables() + profile_table() + idle_table(); }

} // namespace flipsync::config
