/// The `flipsync` program: reads the command line, loads the configuration, runs one command.

#include <algorithm>
#include <iostream>

#include "config/assemble.hpp"
#include "config/render.hpp"
#include "runtime/app/access.hpp"
#include "runtime/app/commands.hpp"
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

int print_config(const context& ctx, output& out) {
  return out.write(config::print_config(ctx.config)) ? exit_done : exit_failed;
}

int check_config(const context& ctx, output& out) {
  const auto parts = config::assemble(ctx.config.values);
  if (!parts)
    return report(parts.error());
  const auto keys = load_keys(ctx);
  if (!keys)
    return report(keys.error());
  const auto files = certificate_of(ctx.config.values);
  if (!files.certificate.empty())
    if (const auto loaded = tls_context::load(files); !loaded)
      return report(loaded.error());
  const auto text = "The configuration is right: profile " + ctx.config.values.profile
                    + ", provider " + parts->models.provider + ", "
                    + std::to_string(parts->agents.size()) + " agents, "
                    + std::to_string(keys->size()) + " API keys.\n";
  return out.write(text) ? exit_done : exit_failed;
}

int run(const command_line& line, const context& ctx, signal_watch& signals, output& out) {
  if (line.print_config)
    return print_config(ctx, out);
  if (line.check_config)
    return check_config(ctx, out);
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
  if (parsed.line.command == "completions")
    return out.write(completion_script()) ? exit_done : exit_failed;
  const auto env = config::process_environment();
  auto loaded = config::load_settings({parsed.line.values, env, parsed.line.config_files});
  if (!loaded)
    return report(loaded.error());
  for (const auto& warning : loaded->warnings)
    std::cerr << "flipsync: warning: " << warning << '\n';
  const context ctx{*std::move(loaded), env};
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
