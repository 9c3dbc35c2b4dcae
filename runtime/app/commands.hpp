#pragma once
/// The commands; each gives the program's exit code.

#include "runtime/app/command_line.hpp"
#include "runtime/app/local_runtime.hpp"
#include "runtime/app/output.hpp"
#include "runtime/app/signals.hpp"

namespace flipsync::app {

/// What a command works with.
struct surroundings {
  const context& ctx;
  signal_watch& signals;
  output& out;
};

int serve(const surroundings& here);
int chat(const surroundings& here, const chat_arguments& arguments, bool json);
int import(const surroundings& here, const import_arguments& arguments, bool json);
int keys(const surroundings& here, const keys_arguments& arguments, bool json);
int agents(const surroundings& here, bool json);
int models(const surroundings& here, const models_arguments& arguments, bool json);
int budget(const surroundings& here, const budget_arguments& arguments, bool json);
int cache(const surroundings& here, const cache_arguments& arguments);
int pull(const surroundings& here, const pull_arguments& arguments);

} // namespace flipsync::app
