#pragma once
/// What the sources say about each option, before the strongest wins. Internal to config/.

#include <optional>

#include "config/load.hpp"

namespace flipsync::config {

struct candidate {
  option_value value;
  origin where;
};

/// Values gathered from weakest to strongest, and all that was wrong on the way.
struct gathering {
  std::vector<std::optional<candidate>> best{options().size()}; ///< best[i] is of options()[i]
  std::vector<std::string> errors;
  std::vector<std::string> warnings;

  /// Takes the value over whatever was there.
  void put(const option& o, option_value value, origin where);
};

/// Takes what the TOML file says. A path in it is relative to the file's folder.
void gather_file(const std::string& path, gathering& into);
/// The same for a text; `name` stands in messages, and its folder is that of relative paths.
void gather_toml(std::string_view text, const std::string& name, gathering& into);
void gather_environment(const environment& env, gathering& into);
void gather_command_line(const std::vector<command_line_value>& values, gathering& into);

} // namespace flipsync::config
