#pragma once
/// The plan of the seller agents: a required `response` by a model, informed by those skills that
/// the message asks for, and optional `quick_replies` by rules.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync {

/// When a message asks for a skill.
enum class asked_by_default : std::uint8_t { never, for_product, for_shop, always };
struct skill_cue {
  std::string_view skill;
  /// Whether it is taken where no cue of any skill is in the message.
  asked_by_default otherwise = asked_by_default::always;
  /// Folded words, or phrases of several words, that ask for it.
  std::vector<std::string_view> words;
  /// Skills that say nothing new beside this one, and are left out where it is asked for.
  std::vector<std::string_view> covers{};
};

/// Share of a turn's time by which a required, and an optional, part must be there.
inline constexpr double required_share = 0.97;
inline constexpr double optional_share = 0.9;

/// True if the words hold the phrase, as whole words in that order.
bool holds_phrase(const std::vector<std::string>& words, std::string_view phrase);
/// True if they hold one of the phrases.
bool holds_any_phrase(const std::vector<std::string>& words,
                      std::span<const std::string_view> phrases);
/// The agent's skills (`configured`, in that order) that the message asks for by a cue, else those
/// taken by default, else all. A skill without a cue entry (a user's own) is always taken.
std::vector<std::string> asked_skills(const std::vector<skill_cue>& cues,
                                      const std::vector<std::string>& configured,
                                      const skill_input& input);
/// A required part `response` that a model makes of those skills' facts.
part_contract response_part(std::vector<std::string> skills);
/// An optional part by rules.
part_contract rules_part(std::string name, std::vector<std::string> skills);

std::shared_ptr<const agent_plan> make_focus_plan(std::vector<skill_cue> cues);
/// The skill behind the sellers' quick replies: questions that lead on from this one.
std::shared_ptr<const skill> make_seller_quick_replies();

} // namespace flipsync
