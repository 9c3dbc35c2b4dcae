#include <toml++/toml.h>

#include <filesystem>

#include "config/candidates.hpp"
#include "config/text_file.hpp"

namespace flipsync::config {
namespace {

std::string place_of(const std::string& name, const toml::source_region& where) {
  return name + ":" + std::to_string(where.begin.line);
}

std::string kind_of(const toml::node& node) {
  if (node.is_string())
    return "a text";
  if (node.is_integer())
    return "a whole number";
  if (node.is_floating_point())
    return "a number with a fraction";
  if (node.is_boolean())
    return "true or false";
  if (node.is_array())
    return "a list";
  return node.is_table() ? "a section" : "a date";
}

/// A relative path in a file means beside that file, wherever the program was started.
std::string beside(const std::string& file, const std::string& path) {
  const std::filesystem::path p{path};
  if (path.empty() || p.is_absolute())
    return path;
  return (std::filesystem::path{file}.parent_path() / p).lexically_normal().string();
}

std::optional<option_value> read_list(const toml::array& items) {
  std::vector<std::string> out;
  for (const auto& item : items) {
    const auto text = item.value_exact<std::string>();
    if (!text)
      return std::nullopt;
    out.push_back(*text);
  }
  return option_value{std::move(out)};
}

template <class T>
std::optional<option_value> exact(const toml::node& node) {
  if (const auto value = node.value_exact<T>())
    return option_value{*value};
  return std::nullopt;
}

/// The node as the option's type; nullopt where it is of another.
std::optional<option_value> read_node(const option& o, const toml::node& node) {
  switch (o.type) {
  case option_type::text:
    return exact<std::string>(node);
  case option_type::boolean:
    return exact<bool>(node);
  case option_type::integer:
    return exact<std::int64_t>(node);
  case option_type::real:
    if (const auto whole = node.value_exact<std::int64_t>())
      return option_value{static_cast<double>(*whole)};
    return exact<double>(node);
  case option_type::list:
    return node.is_array() ? read_list(*node.as_array()) : std::nullopt;
  case option_type::bytes:
    if (auto whole = exact<std::int64_t>(node))
      return whole;
    [[fallthrough]];
  case option_type::choice:
  case option_type::duration:
    return exact<std::string>(node);
  }
  return std::nullopt;
}

/// A duration or size that is written as text still has to be measured. An empty text unsets an
/// option that has no need of a value.
result<option_value> read_option(const option& o, const toml::node& node) {
  if (o.nullable && node.value_exact<std::string>() == "")
    return option_value{};
  auto value = read_node(o, node);
  if (!value)
    return error{errc::invalid_request,
                 o.path + ": this is " + kind_of(node) + "; allowed: " + allowed(o)};
  const bool measured = o.type == option_type::bytes || o.type == option_type::duration
                        || o.type == option_type::choice;
  if (const auto* text = std::get_if<std::string>(&*value); text && measured)
    return parse_value(o, *text);
  if (auto fits = check_value(o, *value); !fits)
    return fits.error();
  return *std::move(value);
}

void resolve_paths(const option& o, const std::string& file, option_value& value) {
  if (!o.names_file)
    return;
  if (auto* path = std::get_if<std::string>(&value))
    *path = beside(file, *path);
  if (auto* paths = std::get_if<std::vector<std::string>>(&value))
    for (auto& path : *paths)
      path = beside(file, path);
}

bool is_section(std::string_view name) {
  for (const auto& o : options())
    if (o.path.size() > name.size() && o.path.starts_with(name) && o.path[name.size()] == '.')
      return true;
  return false;
}

void refuse_unknown(const std::string& path, const std::string& place, bool section,
                    gathering& into) {
  auto text = place + ": " + path + (section ? ": no such section" : ": no such option");
  if (const auto near = nearest_option(path); !near.empty())
    text += "; did you mean " + near + "?";
  into.errors.push_back(std::move(text));
}

/// Where a secret may stand; a file only where there is an option that names one.
std::string place_for_secret(const std::string& path) {
  const auto out = "set " + variable_name(path);
  if (path == "access.keys")
    return out + ", or make keys with `flipsync keys add` (they go into access.keys_file)";
  const auto file = path + "_file";
  return find_option(file) ? out + ", or name a file by " + file : out;
}

void take(const std::string& path, const toml::node& node, const std::string& name,
          gathering& into) {
  const auto place = place_of(name, node.source());
  const auto* o = find_option(path);
  if (!o)
    return refuse_unknown(path, place, false, into);
  if (o->secret) {
    into.errors.push_back(place + ": " + path
                          + ": a secret does not stand in a configuration file; "
                          + place_for_secret(path));
    return;
  }
  auto value = read_option(*o, node);
  if (!value) {
    into.errors.push_back(place + ": " + value.error().message);
    return;
  }
  resolve_paths(*o, name, *value);
  into.put(*o, *std::move(value), {source::file, place});
}

} // namespace

void gather_toml(std::string_view text, const std::string& name, gathering& into) {
  toml::table root;
  try {
    root = toml::parse(text, name);
  } catch (const toml::parse_error& why) {
    into.errors.push_back(place_of(name, why.source()) + ": " + std::string{why.description()});
    return;
  }
  for (const auto& [key, node] : root) {
    const std::string section{key.str()};
    const auto* inner = node.as_table();
    if (!inner)
      take(section, node, name, into);
    else if (!is_section(section))
      refuse_unknown(section, place_of(name, node.source()), true, into);
    else
      for (const auto& [inner_key, inner_node] : *inner)
        take(section + "." + std::string{inner_key.str()}, inner_node, name, into);
  }
}

void gather_file(const std::string& path, gathering& into) {
  if (auto text = read_text_file(path))
    gather_toml(*text, path, into);
  else
    into.errors.push_back(text.error().message);
}

} // namespace flipsync::config
