#include <unistd.h>

#include <algorithm>
#include <array>

#include "config/candidates.hpp"
#include "runtime/core/text/ascii.hpp"

extern char** environ; // NOLINT: POSIX gives the environment so

namespace flipsync::config {
namespace {

/// Variables of that prefix which are the build's and not the program's.
constexpr std::array<std::string_view, 3> build_variables{"FLIPSYNC_DEPS", "FLIPSYNC_SKIP_DEPS",
                                                          "FLIPSYNC_CAF_ROOT"};

bool is_number(std::string_view text) {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Names that other loggers use, and that the users' LOG_LEVEL may therefore hold; a lifetime of
/// theirs is in seconds.
std::string translated(const option& o, const std::string& name, std::string text) {
  if (name.starts_with("CACHE_TTL") && is_number(text))
    return text + 's';
  if (o.path != "log.level")
    return text;
  text = ascii_lower(text);
  if (text == "warning")
    return "warn";
  if (text == "critical" || text == "fatal")
    return "error";
  return text;
}

void take_variable(const option& o, const std::string& name, const std::string& text,
                   gathering& into) {
  auto value = parse_value(o, translated(o, name, text));
  if (value)
    into.put(o, *std::move(value), {source::environment, name});
  else
    into.errors.push_back(name + ": " + value.error().message);
}

bool is_known(std::string_view name) {
  if (std::find(build_variables.begin(), build_variables.end(), name) != build_variables.end())
    return true;
  return std::any_of(options().begin(), options().end(), [&](const option& o) {
    return variable_name(o.path) == name
           || std::find(o.variables.begin(), o.variables.end(), name) != o.variables.end();
  });
}

void warn_of_unknown(const environment& env, gathering& into) {
  for (const auto& [name, text] : env) {
    if (!name.starts_with("FLIPSYNC_") || is_known(name))
      continue;
    auto path = ascii_lower(name.substr(std::string_view{"FLIPSYNC_"}.size()));
    if (const auto underscore = path.find('_'); underscore != std::string::npos)
      path[underscore] = '.'; // no section's name has an underscore
    auto warning = name + " is no option and changes nothing";
    if (const auto near = nearest_option(path); !near.empty())
      warning += "; did you mean " + variable_name(near) + "?";
    into.warnings.push_back(std::move(warning));
  }
}

} // namespace

environment process_environment() {
  environment out;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text{*entry};
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

std::string variable(const environment& env, std::string_view name) {
  const auto at =
    std::find_if(env.begin(), env.end(), [&](const auto& entry) { return entry.first == name; });
  return at == env.end() ? std::string{} : at->second;
}

void gather_environment(const environment& env, gathering& into) {
  for (const auto& o : options()) {
    auto names = o.variables;
    names.insert(names.begin(), variable_name(o.path));
    for (const auto& name : names) {
      const auto text = variable(env, name);
      if (text.empty())
        continue;
      take_variable(o, name, text, into);
      break;
    }
  }
  warn_of_unknown(env, into);
}

void gather_command_line(const std::vector<command_line_value>& values, gathering& into) {
  for (const auto& given : values) {
    const auto* o = find_option(given.path);
    if (!o) {
      const auto near = nearest_option(given.path);
      into.errors.push_back(given.flag + ": no such option: " + given.path
                            + (near.empty() ? "" : "; did you mean " + near + "?"));
    } else if (o->secret) {
      into.errors.push_back(
        given.flag + ": " + given.path
        + ": a secret does not stand on the command line, where every user of the "
          "machine can read it; set "
        + variable_name(given.path));
    } else if (auto value = parse_value(*o, given.text); value) {
      into.put(*o, *std::move(value), {source::command_line, given.flag});
    } else {
      into.errors.push_back(given.flag + ": " + value.error().message);
    }
  }
}

} // namespace flipsync::config
