#pragma once
/// Reads settings from everywhere they may stand. Precedence: command line, environment, files (a
/// later one before an earlier one), profile, defaults.

#include <string>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "config/settings.hpp"

namespace flipsync::config {

using environment = std::vector<std::pair<std::string, std::string>>;

/// The environment of this process.
environment process_environment();
/// The variable's value; empty where it is not set.
std::string variable(const environment& env, std::string_view name);

/// An option given on the command line.
struct command_line_value {
  std::string path; ///< of the option
  std::string text;
  std::string flag; ///< as written: "--listen"
};

struct load_input {
  std::vector<command_line_value> command_line;
  environment env;
  std::vector<std::string> files; ///< each a TOML file; a later one wins
};

enum class source : std::uint8_t { defaults, profile, file, environment, command_line };

/// Where a value came from.
struct origin {
  source from = source::defaults;
  std::string
    place; ///< "flipsync.toml:12", "OLLAMA_HOST", "--listen", "development"; empty: default
};

/// A variable that is set and changes nothing.
struct idle_use {
  std::string name;
  std::string reason;
};

struct loaded_settings {
  settings values;
  std::vector<origin> origins; ///< origins[i] belongs to options()[i]
  std::vector<idle_use> idle;
  std::vector<std::string> warnings; ///< sentences for the user
};

/// "file flipsync.toml:12", "environment OLLAMA_HOST", "default".
std::string described(const origin& where);

/// Errors: invalid_request; its message has one line per thing that is wrong, each with its place,
/// key and what is allowed. Reads the providers' key files. An empty variable counts as not set.
result<loaded_settings> load_settings(const load_input& input);
/// The same where it does not matter whether they fit each other.
result<loaded_settings> load_values(const load_input& input);
/// Whether settings fit each other. Errors: invalid_request, with a line per contradiction and
/// where the options that it names came from.
result<void> check_fit(const loaded_settings& loaded);

/// The values that a profile sets, as option path and text; empty for "embedded".
const std::vector<std::pair<std::string, std::string>>& profile_values(std::string_view profile);

/// The folder of the database: store.data_dir, else $XDG_DATA_HOME/flipsync, else
/// $HOME/.local/share/flipsync. Errors: invalid_request where none of them is set.
result<std::string> data_folder(const settings& values, const environment& env);

} // namespace flipsync::config
