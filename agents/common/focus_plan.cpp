#include "agents/common/focus_plan.hpp"

#include <algorithm>

#include "agents/common/json_writer.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"

namespace flipsync {

namespace {

constexpr std::string_view quick_replies_skill = "seller_quick_replies";
constexpr std::size_t max_quick_replies = 4;

/// Takes out the skills that another one of them covers.
void leave_out_covered(const std::vector<skill_cue>& cues, std::vector<std::string>& skills) {
  std::vector<std::string_view> covered;
  for (const auto& cue : cues)
    if (std::find(skills.begin(), skills.end(), cue.skill) != skills.end())
      covered.insert(covered.end(), cue.covers.begin(), cue.covers.end());
  std::erase_if(skills, [&](const std::string& skill) {
    return std::find(covered.begin(), covered.end(), skill) != covered.end();
  });
}

bool by_default(asked_by_default otherwise, bool product_named) {
  switch (otherwise) {
  case asked_by_default::never:
    return false;
  case asked_by_default::for_product:
    return product_named;
  case asked_by_default::for_shop:
    return !product_named;
  case asked_by_default::always:
    return true;
  }
  return true;
}

class focus_plan final : public agent_plan {
public:
  explicit focus_plan(std::vector<skill_cue> cues) : cues_{std::move(cues)} {}
  [[nodiscard]] part_plan plan(const agent_spec& spec, const skill_input& input) const override {
    part_plan parts;
    parts.reserve(2);
    parts.push_back(response_part(asked_skills(cues_, spec.skills, input)));
    parts.push_back(rules_part("quick_replies", {std::string{quick_replies_skill}}));
    return parts;
  }

private:
  std::vector<skill_cue> cues_;
};

class seller_quick_replies final : public seller_skill {
public:
  seller_quick_replies()
    : seller_skill{{quick_replies_skill, "Questions that lead on from the seller's question.",
                    product_schema}} {}

private:
  [[nodiscard]] heard hears(const skill_input&) const override { return heard::everything(); }
  [[nodiscard]] std::vector<store_query> reads(const skill_input&) const override { return {}; }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>&) const override {
    const auto target = target_of(input.message);
    const auto& sku = target.sku;
    std::vector<std::string> questions{"What should I do today?", "What should I reorder?",
                                       "Where are we undercut?", "Which margins are thinnest?",
                                       "Which stock does not sell?"};
    if (!sku.empty())
      questions = {"What should I charge for " + sku + "?", "How long will " + sku + " last?",
                   "Who undercuts " + sku + "?", "Is the listing of " + sku + " complete?",
                   "What does " + sku + " earn after fees?"};
    skill_output out;
    const auto asked = fold(input.message.text);
    for (auto& question : questions)
      if (out.quick_replies.size() < max_quick_replies && fold(question) != asked)
        out.quick_replies.push_back(std::move(question));
    out.json = json_object{}.add("quick_replies", out.quick_replies).str();
    return out;
  }
};

} // namespace

bool holds_phrase(const std::vector<std::string>& words, std::string_view phrase) {
  // Compared in place: this runs for every cue of every message.
  if (phrase.empty())
    return false;
  for (std::size_t start = 0; start < words.size(); ++start) {
    if (!words[start].empty() && words[start].front() != phrase.front())
      continue;
    auto rest = phrase;
    for (auto i = start; i < words.size() && rest.starts_with(words[i]); ++i) {
      rest.remove_prefix(words[i].size());
      if (rest.empty())
        return true;
      if (rest.front() != ' ')
        break;
      rest.remove_prefix(1);
    }
  }
  return false;
}

bool holds_any_phrase(const std::vector<std::string>& words,
                      std::span<const std::string_view> phrases) {
  // Most phrases begin like no word of the message.
  const auto bit = [](char c) { return std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U); };
  std::uint64_t beginnings = 0;
  for (const auto& word : words)
    if (!word.empty())
      beginnings |= bit(word.front());
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return !phrase.empty() && (beginnings & bit(phrase.front())) != 0
           && holds_phrase(words, phrase);
  });
}

std::vector<std::string> asked_skills(const std::vector<skill_cue>& cues,
                                      const std::vector<std::string>& configured,
                                      const skill_input& input) {
  const bool product_named = target_of(input.message).named;
  const auto cue_of = [&](const std::string& skill) {
    return std::find_if(cues.begin(), cues.end(),
                        [&](const auto& cue) { return cue.skill == skill; });
  };
  std::vector<std::string> own;
  std::vector<std::string> asked;
  std::vector<std::string> usual;
  bool hit = false;
  for (const auto& skill : configured) {
    const auto cue = cue_of(skill);
    if (cue == cues.end()) {
      own.push_back(skill);
      continue;
    }
    const bool wanted = holds_any_phrase(input.message.words, cue->words);
    hit = hit || wanted;
    if (wanted)
      asked.push_back(skill);
    if (by_default(cue->otherwise, product_named))
      usual.push_back(skill);
  }
  auto& taken = hit ? asked : usual;
  if (hit)
    leave_out_covered(cues, taken);
  taken.insert(taken.end(), own.begin(), own.end());
  return taken.empty() ? configured : taken;
}

part_contract response_part(std::vector<std::string> skills) {
  part_contract part;
  part.name = "response";
  part.required = true;
  part.source = part_source::model;
  part.skills = std::move(skills);
  part.deadline_share = required_share;
  return part;
}

part_contract rules_part(std::string name, std::vector<std::string> skills) {
  part_contract part;
  part.name = std::move(name);
  part.source = part_source::rules;
  part.skills = std::move(skills);
  part.deadline_share = optional_share;
  return part;
}

std::shared_ptr<const agent_plan> make_focus_plan(std::vector<skill_cue> cues) {
  return std::make_shared<focus_plan>(std::move(cues));
}

std::shared_ptr<const skill> make_seller_quick_replies() {
  return std::make_shared<seller_quick_replies>();
}

} // namespace flipsync
