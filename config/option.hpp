#pragma once
/// One option: its name, type, range, what it does, and how it reaches its place in `settings`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::config {

enum class option_type : std::uint8_t {
  text,
  choice,  ///< a text out of `choices`
  list,    ///< texts; separated by commas in the environment
  boolean, ///< true or false
  integer,
  real,
  duration, ///< "250ms", "15s", "10m", "24h", "90d"; held in milliseconds
  bytes,    ///< "64KiB", "16MiB" or a bare number; held in bytes
};

/// A value on its way between text, TOML and `settings`; monostate is "not set". Durations
/// (milliseconds) and bytes are integers.
using option_value =
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

struct option {
  std::string path; ///< "server.listen": section and key of the configuration file
  option_type type = option_type::text;
  std::string doc; ///< one sentence
  /// Lowest and highest value, where the type is a number, a duration or bytes.
  double low = 0;
  double high = 0;
  std::vector<std::string> choices;
  /// Names in the environment beside FLIPSYNC_<PATH>, which goes before them.
  std::vector<std::string> variables;
  bool secret = false;     ///< only from the environment; never printed
  bool nullable = false;   ///< may be unset
  bool live = false;       ///< takes effect when the configuration is read anew (live_options.hpp)
  bool names_file = false; ///< a path; in a configuration file it is relative to that file
  option_value (*get)(const settings&) = nullptr;
  void (*set)(settings&, const option_value&) = nullptr;

  option&& between(double lowest, double highest) && {
    low = lowest;
    high = highest;
    return std::move(*this);
  }
  option&& one_of(std::vector<std::string> names) && {
    type = option_type::choice;
    choices = std::move(names);
    return std::move(*this);
  }
  option&& as(option_type t) && {
    type = t;
    return std::move(*this);
  }
  option&& env(std::vector<std::string> names) && {
    variables = std::move(names);
    return std::move(*this);
  }
  option&& file_name() && {
    names_file = true;
    return std::move(*this);
  }
  option&& hidden() && {
    secret = true;
    return std::move(*this);
  }
};

/// "FLIPSYNC_SERVER_LISTEN" for "server.listen".
std::string variable_name(std::string_view path);

/// What may be written there, as a phrase: "a duration from 1ms to 10m".
std::string allowed(const option& o);

/// Reads a value as the environment or the command line gives it; an empty text unsets a nullable
/// option. Errors: invalid_request saying what is allowed.
result<option_value> parse_value(const option& o, std::string_view text);

/// Checks type, range and choices. Errors: as parse_value.
result<void> check_value(const option& o, const option_value& value);

/// The value as the configuration file would have it: quoted text, "15s", "16MiB", [a, list].
std::string to_toml(const option& o, const option_value& value);

} // namespace flipsync::config
