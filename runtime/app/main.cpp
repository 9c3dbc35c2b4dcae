/// The `flipsync` program: reads the command line, loads the configuration, runs one command.

#include <algorithm>
#include <iostream>

#include "config/render.hpp"
#include "runtime/app/check_config.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/doctor/doctor.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/core/log.hpp"

namespace {

using namespace flipsync;
using namespace flipsync::app;

/// A program that a person waits for says less than a service, unless told otherwise.
std::string log_level(const context& ctx, const std::string& command) {
  const auto index = config::find_option("log.level") - config::options().data();
  const bool chosen =
    ctx.config.origins[static_cast<std::size_t>(index)].from != config::source::defaults;
  return chosen || command == "serve" ? ctx.config.values.log.level : "warn";
}

void warn_of(const config::loaded_settings& loaded) {
  for (const auto& warning : loaded.warnings)
    std::cerr << "flipsync: warning: " << warning << '\n';
}

/// Settings that do not fit each other are printed all the same: that shows where each is from.
int print_config(const config::load_input& input, output& out) {
  const auto loaded = config::load_values(input);
  if (!loaded)
    return report(loaded.error());
  warn_of(*loaded);
  if (!out.write(config::print_config(*loaded))) {
    std::cerr << "flipsync: " << out.why() << '\n';
    return exit_failed;
  }
  const auto fit = config::check_fit(*loaded);
  return fit ? exit_done : report(fit.error());
}

int say_whether_right(const context& ctx, output& out) {
  const auto checked = check_config(ctx);
  if (!checked)
    return report(checked.error());
  const auto text = "The configuration is right: " + checked->summary + ".\n";
  return out.write(text) ? exit_done : exit_failed;
}

int run(const command_line& line, const context& ctx, signal_watch& signals, output& out) {
  if (line.check_config)
    return say_whether_right(ctx, out);
  const surroundings here{ctx, signals, out};
  if (line.command == "serve")
    return serve(here);
  if (line.command == "chat")
    return chat(here, line.chat, line.json);
  if (line.command == "import")
    return import(here, line.import, line.json);
  if (line.command == "keys")
    return keys(here, line.keys, line.json);
  if (line.command == "models")
    return models(here, line.models, line.json);
  if (line.command == "budget")
    return budget(here, line.budget, line.json);
  if (line.command == "cache")
    return cache(here, line.cache);
  if (line.command == "pull")
    return pull(here, line.pull);
  return agents(here, line.json);
}

} // namespace

int main(int argc, char** argv) try {
  output out;
  const auto parsed = parse_command_line(argc, argv);
  if (parsed.exit)
    return *parsed.exit;
  const bool only_checks = parsed.line.check_config || parsed.line.print_config;
  if (parsed.line.command == "completions" && !only_checks)
    return out.write(completion_script()) ? exit_done : exit_failed;
  const auto env = config::process_environment();
  const config::load_input input{parsed.line.values, env, parsed.line.config_files};
  if (parsed.line.print_config)
    return print_config(input, out);
  auto loaded = config::load_settings(input);
  if (parsed.line.command == "doctor" && !only_checks) {
    log::set_level("off"); // what there is to say, it says itself
    return doctor(loaded, env, out, parsed.line.json);
  }
  if (!loaded)
    return report(loaded.error());
  warn_of(*loaded);
  const context ctx{*std::move(loaded), env, input};
  log::set_level(log_level(ctx, parsed.line.command));
  signal_watch signals; // before any thread
  const int code = run(parsed.line, ctx, signals, out);
  if (!out.ok())
    std::cerr << "flipsync: " << out.why() << '\n';
  return code;
} catch (const std::exception& why) {
  std::cerr << "flipsync: " << why.what() << '\n';
  return flipsync::app::exit_failed;
}
