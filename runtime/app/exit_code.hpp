#pragma once
/// What the program's exit says to scripts (API: command line).

#include "runtime/core/types/error.hpp"

namespace flipsync::app {

enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_wrong_use = 2,   ///< arguments, configuration or input that cannot be right
  exit_unreachable = 3, ///< a provider, the data folder or the address to listen on
};

/// The exit code for an error.
int exit_code_of(errc code) noexcept;

/// Prints "flipsync: …" on stderr, one line per line of the message, with the suggestion of when to
/// try again where there is one, and gives the exit code.
int report(const error& why);

} // namespace flipsync::app
