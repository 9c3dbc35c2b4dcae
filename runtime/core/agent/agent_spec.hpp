#pragma once
/// An agent as data: what `config/agents.toml` declares and the actor is built from.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"
#include "runtime/core/model/model_request.hpp"
#include "runtime/core/text/intent_router.hpp"

namespace flipsync {

/// How a part gets its result.
enum class part_source : std::uint8_t {
  model, ///< a model is asked, with the skills' facts in the prompt
  rules, ///< the skills' output alone
};

/// The contract of one part of a turn.
struct part_contract {
  std::string name; ///< "response", "product_decision", "products", "quick_replies"
  bool required = false;
  part_source source = part_source::rules;
  /// Skills whose outputs make this part (rules) or inform it (model).
  std::vector<std::string> skills;
  /// Name of the part that must say yes first; empty: starts at once.
  std::string after;
  /// Share of the turn's time, counted from its start, by which this part must be there; 0 to 1.
  double deadline_share = 0.9;
  std::string provider; ///< empty: the configured routing
  std::string model;
  std::string instruction; ///< what a model is asked for, beyond the role prompt
  std::optional<std::uint32_t> max_tokens;
};

/// Everything that is configured of an agent. Plain data.
struct agent_spec {
  std::string name;
  std::vector<std::string> aliases;
  std::string title;
  audience who = audience::seller;
  std::string prompt; ///< the role prompt
  std::vector<std::string> skills;
  std::vector<std::string> phrases;
  std::vector<std::string> keywords;
  std::vector<entity_kind> entities;
  std::string tier = "default"; ///< model tier: "fast", "default", "strong"
  std::string provider;         ///< empty: the configured routing
  std::string model;
  model_tuning tuning;
  std::uint32_t max_in_flight = 1000;  ///< turns at once; more are refused with overloaded
  std::uint32_t history_messages = 10; ///< how many earlier messages the prompt carries
  /// Overrides of the default parts by name, from TOML; a part that is not named here is the plan's
  /// own.
  std::vector<part_contract> parts;
};

/// What a plan decides on for one turn. `skills` of each contract are checked against the registry.
using part_plan = std::vector<part_contract>;

/// The plan with an agent's configured parts laid over it, by name: `required`, `source` and
/// `deadline_share` are the override's, everything it leaves empty stays the plan's; a part that
/// the plan does not have is added at the end.
part_plan with_overrides(part_plan plan, const std::vector<part_contract>& overrides);

/// An agent's plan: pure; from what the message says to the parts of the turn.
class agent_plan {
public:
  virtual ~agent_plan() = default;
  [[nodiscard]] virtual part_plan plan(const agent_spec& spec, const skill_input& input) const = 0;
};

/// Skills and plans by name; immutable once the runtime is assembled. `flipsync_agents` fills it
/// with the shipped ones; an embedding host may add its own.
class agent_library {
public:
  /// A later one of the same name replaces the earlier.
  void add(std::shared_ptr<const skill> s);
  void add(std::string agent_name, std::shared_ptr<const agent_plan> p);
  [[nodiscard]] const skill* find_skill(std::string_view name) const noexcept;
  /// The plan of that agent, or the default plan (one required `response` with the agent's skills).
  [[nodiscard]] const agent_plan& plan_of(std::string_view agent_name) const noexcept;
  [[nodiscard]] std::vector<std::string> skill_names() const;

private:
  /// With its name beside it: looking one up compares names only.
  std::vector<std::pair<std::string, std::shared_ptr<const skill>>> skills_;
  std::vector<std::pair<std::string, std::shared_ptr<const agent_plan>>> plans_;
};

} // namespace flipsync
