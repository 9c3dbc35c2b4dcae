#include "runtime/app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <set>

#include "config/option.hpp"
#include "config/options.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/core/version.hpp"

namespace flipsync::app {
namespace {

constexpr auto exit_code_help =
  "Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 cannot reach what it needs.";

/// A flag that stands for one option of the configuration.
CLI::Option* option_flag(CLI::App& app, const std::string& flag, const std::string& path,
                         command_line& line) {
  const auto& o = *config::find_option(path);
  return app
    .add_option_function<std::string>(
      flag,
      [&line, flag, path](const std::string& text) {
        line.values.push_back({path, text, flag});
      },
      o.doc)
    ->type_name(o.type == config::option_type::choice ? "LEVEL" : "TEXT");
}

void take_assignment(command_line& line, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    throw CLI::ValidationError("--set", "'" + text + "' is not OPTION=VALUE");
  line.values.push_back({text.substr(0, equals), text.substr(equals + 1), "--set"});
}

void add_globals(CLI::App& app, command_line& line) {
  app.set_version_flag("--version", std::string{"flipsync "} + version, "Print the version.");
  app
    .add_option("--config", line.config_files,
                "Configuration file; may be given several times, a later one wins.")
    ->type_name("FILE")
    ->take_all()
    ->allow_extra_args(false);
  option_flag(app, "--data", "store.data_dir", line)->type_name("DIR");
  option_flag(app, "--log-level", "log.level", line);
  app
    .add_option_function<std::vector<std::string>>(
      "--set",
      [&line](const std::vector<std::string>& all) {
        for (const auto& text : all)
          take_assignment(line, text);
      },
      "Any other option of docs/configuration.md; may be given several times.")
    ->type_name("OPTION=VALUE")
    ->take_all()
    ->allow_extra_args(false);
  app.add_flag("--print-config", line.print_config,
               "Print every option, its value and where it came from.");
  app.add_flag("--check-config", line.check_config, "Check the configuration and start nothing.");
}

void add_serve(CLI::App& app, command_line& line) {
  auto& serve = *app.add_subcommand("serve", "Run the service until it is told to end.");
  option_flag(serve, "--listen", "server.listen", line)->type_name("HOST:PORT");
  serve.add_flag_callback(
    "--insecure",
    [&line] {
      line.values.push_back({"server.insecure", "true", "--insecure"});
    },
    config::find_option("server.insecure")->doc);
}

std::chrono::milliseconds parse_timeout(const std::string& text) {
  const auto value = config::parse_value(*config::find_option("turn.deadline"), text);
  if (!value)
    throw CLI::ValidationError("--timeout",
                               "wants a duration from 1ms to 10m with its unit, like 20s");
  return std::chrono::milliseconds{std::get<std::int64_t>(*value)};
}

void add_chat(CLI::App& app, command_line& line) {
  auto& chat = *app.add_subcommand(
    "chat", "Ask one MESSAGE, or talk: without MESSAGE each line of the input is one.");
  auto& a = line.chat;
  chat.add_option("MESSAGE", a.words, "What to ask.");
  chat.add_option("--agent", a.agent, "Agent to ask, by name or alias; else the message decides.")
    ->type_name("NAME");
  chat.add_option("--conversation", a.conversation, "Conversation to go on with.")->type_name("ID");
  chat
    .add_option_function<std::string>(
      "--audience",
      [&a](const std::string& text) {
        if (const auto who = parse_audience(text))
          a.who = *who;
        else
          throw CLI::ValidationError("--audience", "wants shopper, seller or any");
      },
      "Who asks: shopper, seller or any.")
    ->type_name("WHO");
  chat
    .add_option_function<std::string>(
      "--timeout", [&a](const std::string& text) { a.timeout = parse_timeout(text); },
      "Time the answer may take, like 20s.")
    ->type_name("TIME");
  chat.add_flag("--age-confirmed", a.age_confirmed, "The customer's age has been confirmed.");
  chat.add_flag("--json", line.json, "Print each reply as one line of JSON.");
}

void add_import(CLI::App& app, command_line& line) {
  auto& import = *app.add_subcommand("import", "Import a CSV or NDJSON file into the shop's data.");
  auto& a = line.import;
  import.add_option("FILE", a.file, "The file.")->required();
  import.add_option("--kind", a.kind, "What the file holds: products, prices, orders or rates.")
    ->type_name("KIND")
    ->required();
  import.add_option("--map", a.map, "How its columns are named: shopify, or a TOML file.")
    ->type_name("MAP");
  import.add_flag("--dry-run", a.dry_run, "Check and count, change nothing.");
  import.add_flag("--partial", a.partial, "Take the good rows although some are rejected.");
  import.add_flag("--json", line.json, "Print the report as JSON.");
}

void add_keys(CLI::App& app, command_line& line) {
  auto& keys = *app.add_subcommand("keys", "Make, list and revoke API keys of the service.");
  auto& a = line.keys;
  keys.require_subcommand(1);
  auto& add = *keys.add_subcommand("add", "Make a key, print it once and store its hash.");
  add.add_option("--tenant", a.tenant, "Whose key it is.")
    ->type_name("TENANT")
    ->capture_default_str();
  add.add_option("--role", a.role, "What it may: shopper, seller or operator.")
    ->type_name("ROLE")
    ->required();
  add.add_option("--name", a.name, "What it is called; else TENANT-ROLE-NUMBER.")
    ->type_name("NAME");
  add
    .add_option("--messages-per-minute", a.messages_per_minute,
                "Messages that it may send; else access.messages_per_minute.")
    ->type_name("NUMBER")
    ->check(CLI::Range(1, 1'000'000));
  auto& list = *keys.add_subcommand("list", "List the keys of the file, by name.");
  list.add_flag("--json", line.json, "Print one JSON object per key.");
  auto& revoke = *keys.add_subcommand("revoke", "Take a key out of the file.");
  revoke.add_option("NAME", a.name, "The key's name.")->required();
  for (auto* verb : {&add, &list, &revoke})
    verb->callback([&a, verb] { a.verb = verb->get_name(); });
}

void add_models(CLI::App& app, command_line& line) {
  auto& models =
    *app.add_subcommand("models", "List the models that the configured providers offer.");
  models.add_option("--provider", line.models.provider, "Ask only this one.")->type_name("NAME");
  models.add_flag("--json", line.json, "Print one JSON object per provider.");
  auto& pull = *app.add_subcommand("pull", "Bring models onto the local model server.");
  auto* names = pull.add_option("MODEL", line.pull.models, "Models, like gemma3:4b.");
  pull.add_flag("--configured", line.pull.configured,
                "All models that the configuration and the agents name.");
  pull.callback([&line, names] {
    if (names->empty() && !line.pull.configured)
      throw CLI::ValidationError("pull", "wants a MODEL, or --configured");
  });
}

void add_service(CLI::App& verb, service_address& where, const std::string& role) {
  verb.add_option("--url", where.url, "Where the service is; else where server.listen says.")
    ->type_name("URL");
  verb.add_option("--key-file", where.key_file, "File with " + role + "'s API key.")
    ->type_name("FILE");
  verb
    .add_option("--ca-file", where.ca_file,
                "Certificates to trust (PEM); else tls.certificate, or with --url the system's.")
    ->type_name("FILE");
}

void add_budget(CLI::App& app, command_line& line) {
  auto& budget = *app.add_subcommand(
    "budget", "Ask the running service what model calls have cost today, and what is left.");
  add_service(budget, line.budget.service, "a seller's or an operator");
  budget.add_flag("--json", line.json, "Print it as one JSON object.");
}

void add_cache(CLI::App& app, command_line& line) {
  auto& cache = *app.add_subcommand("cache", "Ask the running service about its caches.");
  auto& a = line.cache;
  cache.require_subcommand(1);
  auto& stats = *cache.add_subcommand("stats", "Print what they hold and saved, as JSON.");
  auto& clear = *cache.add_subcommand("clear", "Empty them.");
  clear.add_option("--provider", a.provider, "Only answers of this one.")->type_name("NAME");
  clear.add_option("--class", a.what, "Only answers of this class.")->type_name("CLASS");
  for (auto* verb : {&stats, &clear}) {
    add_service(*verb, a.service, "an operator");
    verb->callback([&a, verb] { a.verb = verb->get_name(); });
  }
}

void add_others(CLI::App& app, command_line& line) {
  auto& agents = *app.add_subcommand("agents", "List the agents and what they can do.");
  agents.add_flag("--json", line.json, "Print one JSON object per agent.");
  auto& doctor = *app.add_subcommand(
    "doctor", "Look at configuration, data, ports, providers and limits, and say what to do.");
  doctor.add_flag("--json", line.json, "Print the findings as one JSON object.");
  app.add_subcommand("completions",
                     "Print a completion script for bash: eval \"$(flipsync completions)\"");
}

/// CLI11 keeps references into `line`, so both are made here and live as long as each other.
void build(CLI::App& app, command_line& line) {
  app.name("flipsync");
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.footer(exit_code_help);
  add_globals(app, line);
  add_serve(app, line);
  add_chat(app, line);
  add_import(app, line);
  add_keys(app, line);
  add_models(app, line);
  add_budget(app, line);
  add_cache(app, line);
  add_others(app, line);
}

std::string names_of(const CLI::App& app) {
  std::string out;
  for (const auto* o : app.get_options())
    for (const auto& name : o->get_lnames())
      out += "--" + name + " ";
  return out;
}

/// What the completion script knows of the commands, as parts of bash's `case`.
struct completion_tables {
  std::set<std::string> valued; ///< options whose value is the next word
  std::string commands;         ///< one pattern: "serve" | "keys" | "keys add" …
  std::string cases;            ///< what may follow each of them
};

/// `name`: the command's words, "keys add"; empty for the program itself.
void describe(const CLI::App& app, const std::string& name, const std::string& globals,
              completion_tables& out) {
  std::string verbs;
  for (const auto* sub : app.get_subcommands({})) {
    const auto full = name.empty() ? sub->get_name() : name + ' ' + sub->get_name();
    verbs += sub->get_name() + ' ';
    out.commands += (out.commands.empty() ? "\"" : " | \"") + full + '"';
    describe(*sub, full, globals, out);
  }
  for (const auto* o : app.get_options())
    for (const auto& option : o->get_lnames())
      if (o->get_expected_min() > 0)
        out.valued.insert("--" + option);
  out.cases += "    \"" + name + "\") verbs=\"" + verbs + "\" flags=\""
               + (name.empty() ? "" : names_of(app)) + globals + "\" ;;\n";
}

} // namespace

parsed parse_command_line(int argc, const char* const* argv) {
  parsed out;
  CLI::App app{"FlipSync: ten business agents over your shop's data."};
  build(app, out.line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& why) {
    // Its own codes are many; here every kind of wrong use is one.
    out.exit = app.exit(why) == 0 ? exit_done : exit_wrong_use;
    return out;
  }
  if (!app.get_subcommands().empty())
    out.line.command = app.get_subcommands().front()->get_name();
  else if (!out.line.print_config && !out.line.check_config) {
    std::cerr << app.help();
    out.exit = exit_wrong_use;
  }
  return out;
}

std::string completion_script() {
  command_line line;
  CLI::App app;
  build(app, line);
  completion_tables known;
  describe(app, {}, names_of(app), known);
  std::string valued;
  for (const auto& option : known.valued)
    valued += option + " | ";
  return "# flipsync completion for bash\n"
         "_flipsync() {\n"
         "  local at verbs flags command= next\n"
         "  COMPREPLY=()\n"
         "  for ((at = 1; at < COMP_CWORD; ++at)); do\n"
         "    next=\"${command:+$command }${COMP_WORDS[at]}\"\n"
         "    case \"${COMP_WORDS[at]}\" in\n"
         "      "
         + valued
         + "=) ((++at)) ;;\n" // bash splits --set a=b at the sign
           "      *) case \"$next\" in "
         + known.commands
         + ") command=$next ;; esac ;;\n"
           "    esac\n"
           "  done\n"
           "  ((at > COMP_CWORD)) && return\n" // an option's value: a file
           "  case \"$command\" in\n"
         + known.cases
         + "  esac\n"
           "  [[ \"$2\" == -* ]] && verbs=$flags\n"
           "  COMPREPLY=($(compgen -W \"$verbs\" -- \"$2\"))\n"
           "}\n"
           "complete -o bashdefault -o default -F _flipsync flipsync\n";
}

} // namespace flipsync::app
