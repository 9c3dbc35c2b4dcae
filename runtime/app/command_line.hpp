#pragma once
/// What the user typed, as values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync::app {

struct serve_arguments {};

struct chat_arguments {
  std::vector<std::string> words; ///< the message; none: one message per line of the input
  std::string agent;
  std::string conversation;
  audience who = audience::any;
  std::optional<std::chrono::milliseconds> timeout;
  bool age_confirmed = false;
};

struct import_arguments {
  std::string file;
  std::string kind;
  std::string map;
  bool dry_run = false;
  bool partial = false;
};

struct keys_arguments {
  std::string verb; ///< "add", "list" or "revoke"
  std::string tenant = "default";
  std::string role;
  std::string name;
  std::optional<std::uint32_t> messages_per_minute;
};

struct models_arguments {
  std::string provider; ///< empty: all that are configured
};

struct pull_arguments {
  std::vector<std::string> models;
  bool configured = false; ///< all that the configuration and the agents name
};

/// Where a running service is, and who asks it.
struct service_address {
  std::string url;      ///< empty: where server.listen is
  std::string key_file; ///< with the API key; empty: none is needed
  std::string ca_file;  ///< whom to trust; empty: its own certificate, at `url` the system's
};

struct budget_arguments {
  service_address service;
};

struct cache_arguments {
  std::string verb; ///< "stats" or "clear"
  service_address service;
  std::string provider; ///< empty: any
  std::string what;     ///< the class; empty: any
};

struct command_line {
  /// "serve", "chat", "import", "agents", "keys", "models", "pull", "budget", "cache", "doctor",
  /// "completions"; empty: none
  std::string command;
  std::vector<std::string> config_files;
  std::vector<config::command_line_value> values; ///< options given as flags or by --set
  bool print_config = false;
  bool check_config = false;
  bool json = false;
  serve_arguments serve;
  chat_arguments chat;
  import_arguments import;
  keys_arguments keys;
  models_arguments models;
  pull_arguments pull;
  budget_arguments budget;
  cache_arguments cache;
};

/// What to do, or the exit code where all is done (--help, --version) or wrong; what there is to
/// say has then been printed.
struct parsed {
  std::optional<int> exit;
  command_line line;
};
parsed parse_command_line(int argc, const char* const* argv);

/// A script for bash (which zsh reads through bashcompinit) that completes commands and options.
std::string completion_script();

} // namespace flipsync::app
