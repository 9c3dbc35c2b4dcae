#include "config/agent_file/agent_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "config/agent_file/toml_table.hpp"

namespace flipsync::config {

namespace {

constexpr std::size_t max_name = 64;
constexpr std::size_t max_title = 200;
constexpr std::size_t max_prompt = 32 * 1024;

constexpr std::array<std::pair<std::string_view, entity_kind>, 5> entity_names{{
  {"category", entity_kind::category},
  {"brand", entity_kind::brand},
  {"attribute", entity_kind::attribute},
  {"product", entity_kind::product},
  {"sku", entity_kind::sku},
}};

/// Names travel in URLs and in events.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
           || c == '-' || c == '.';
  });
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void read_audience(toml_table& in, audience& out) {
  std::string name{to_string(out)};
  in.text("audience", name, max_name);
  const auto parsed = parse_audience(name);
  if (!parsed)
    in.refuse("audience", "must be shopper, seller or any");
  out = *parsed;
}

void read_entities(toml_table& in, std::vector<entity_kind>& out) {
  std::vector<std::string> names;
  in.texts("entities", names);
  for (const auto& name : names) {
    const auto* const at = std::find_if(entity_names.begin(), entity_names.end(),
                                        [&](const auto& known) { return known.first == name; });
    if (at == entity_names.end())
      in.refuse("entities", "may hold category, brand, attribute, product and sku");
    out.push_back(at->second);
  }
}

void read_tuning(toml_table& in, model_tuning& out) {
  in.number("temperature", out.temperature, 0, 2);
  in.whole("max_tokens", out.max_tokens, 1, 1'000'000);
  in.number("top_p", out.top_p, 0, 1);
  in.whole("top_k", out.top_k, 1, 1'000'000);
  in.whole("num_ctx", out.num_ctx, 1, 10'000'000);
  in.texts("stop", out.stop);
  in.text("keep_alive", out.keep_alive, max_name);
}

/// `response` is what a turn is for, so it is a required part by a model unless said otherwise.
part_contract read_part(const toml::table& table, const std::string& agent) {
  toml_table in{table, agent + "part."};
  part_contract part;
  in.text("name", part.name, max_name);
  if (!is_name(part.name))
    in.refuse("name", "is wanted: letters, digits, '_', '-' and '.'");
  part.required = part.name == "response";
  std::string source = part.required ? "model" : "rules";
  in.flag("required", part.required);
  in.text("source", source, max_name);
  if (source != "model" && source != "rules")
    in.refuse("source", "must be model or rules");
  part.source = source == "model" ? part_source::model : part_source::rules;
  in.texts("skills", part.skills);
  in.text("after", part.after, max_name);
  if (part.after == part.name)
    in.refuse("after", "names the part itself");
  in.number("deadline_share", part.deadline_share, 0.01, 1);
  in.text("provider", part.provider, max_name);
  in.text("model", part.model, max_title);
  in.text("instruction", part.instruction, max_prompt);
  in.whole("max_tokens", part.max_tokens, 1, 1'000'000);
  in.finish();
  return part;
}

/// "a after b after a" where the part waits for itself by way of others of the file; else empty.
std::string circle_of(const part_contract& part, const std::vector<part_contract>& all) {
  auto said = part.name;
  const auto* at = &part;
  for (std::size_t steps = 0; steps < all.size(); ++steps) {
    const auto next = std::find_if(all.begin(), all.end(),
                                   [at](const auto& each) { return each.name == at->after; });
    if (next == all.end())
      break;
    at = &*next;
    said += " after " + at->name;
    if (at->name == part.name)
      return said;
  }
  return {};
}

void read_parts(toml_table& in, const std::string& path, std::vector<part_contract>& out) {
  const auto tables = in.tables("part");
  for (const auto* table : tables) {
    auto part = read_part(*table, path);
    const bool twice = std::any_of(out.begin(), out.end(),
                                   [&](const auto& known) { return known.name == part.name; });
    if (twice)
      in.refuse("part", "names '" + part.name + "' twice");
    out.push_back(std::move(part));
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    if (const auto circle = circle_of(out[i], out); !circle.empty())
      toml_table{*tables[i], path + "part."}.refuse("after",
                                                    "has parts wait in a circle: " + circle);
}

/// Adds the agent's name and aliases to those taken.
void take_names(const toml_table& in, const agent_spec& agent, std::set<std::string>& taken) {
  if (!taken.insert(lower(agent.name)).second)
    in.refuse("name", "'" + agent.name + "' is taken by another agent");
  for (const auto& alias : agent.aliases) {
    if (!is_name(alias) || alias.size() > max_name)
      in.refuse("aliases", "may hold letters, digits, '_', '-' and '.'");
    if (!taken.insert(lower(alias)).second)
      in.refuse("aliases", "'" + alias + "' is taken by another agent, or is said twice");
  }
}

agent_spec read_agent(const toml::table& table, std::set<std::string>& taken) {
  toml_table in{table, "agent."};
  agent_spec agent;
  in.text("name", agent.name, max_name);
  if (!is_name(agent.name))
    in.refuse("name", "is wanted: letters, digits, '_', '-' and '.'");
  const auto path = "agent '" + agent.name + "'.";
  in.set_path(path);
  in.texts("aliases", agent.aliases);
  take_names(in, agent, taken);
  in.text("title", agent.title, max_title);
  read_audience(in, agent.who);
  in.text("prompt", agent.prompt, max_prompt);
  if (agent.prompt.empty())
    in.refuse("prompt", "is wanted");
  in.texts("skills", agent.skills);
  in.texts("phrases", agent.phrases);
  in.texts("keywords", agent.keywords);
  read_entities(in, agent.entities);
  in.text("tier", agent.tier, max_name);
  if (agent.tier != "fast" && agent.tier != "default" && agent.tier != "strong")
    in.refuse("tier", "must be fast, default or strong");
  in.text("provider", agent.provider, max_name);
  in.text("model", agent.model, max_title);
  read_tuning(in, agent.tuning);
  in.whole("max_in_flight", agent.max_in_flight, 1, 100'000);
  in.whole("history_messages", agent.history_messages, 0, 200);
  read_parts(in, path, agent.parts);
  in.finish();
  return agent;
}

error refused(const std::string& origin, const refusal& why) {
  return error{errc::invalid_request,
               origin + ":" + std::to_string(why.line) + ": " + why.key + " " + why.why}
    .with("file", origin)
    .with("line", std::to_string(why.line))
    .with("key", why.key);
}

std::vector<agent_spec> read_roster(const toml::table& root) {
  toml_table in{root, ""};
  std::set<std::string> taken;
  std::vector<agent_spec> agents;
  for (const auto* table : in.tables("agent"))
    agents.push_back(read_agent(*table, taken));
  in.finish();
  if (agents.empty())
    in.refuse("agent", "is wanted: a roster has at least one [[agent]]");
  return agents;
}

} // namespace

result<std::vector<agent_spec>> load_agents(std::string_view toml, const std::string& origin) {
  try {
    const toml::table root = toml::parse(toml, origin);
    return read_roster(root);
  } catch (const toml::parse_error& e) {
    return refused(origin, {static_cast<std::int64_t>(e.source().begin.line),
                            "TOML:", std::string{e.description()}});
  } catch (const refusal& why) {
    return refused(origin, why);
  }
}

std::vector<routed_agent> routed_agents(const std::vector<agent_spec>& agents) {
  std::vector<routed_agent> out;
  out.reserve(agents.size());
  for (const auto& agent : agents)
    out.push_back(
      {agent.name, agent.aliases, agent.who, agent.phrases, agent.keywords, agent.entities});
  return out;
}

} // namespace flipsync::config
