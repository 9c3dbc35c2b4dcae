#include "runtime/core/agent/rules_part.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "runtime/core/services.hpp"

namespace flipsync {

namespace {

template <class T>
void append_new(std::vector<T>& to, const std::vector<T>& more) {
  for (const auto& item : more)
    if (std::find(to.begin(), to.end(), item) == to.end())
      to.push_back(item);
}

void merge(skill_output& into, const skill_output& from) {
  append_new(into.facts, from.facts);
  append_new(into.products, from.products);
  append_new(into.skus, from.skus);
  append_new(into.quick_replies, from.quick_replies);
  append_new(into.missing, from.missing);
  if (from.json != "{}")
    into.json = from.json;
}

/// Runs one skill over the rows that were read for it.
result<skill_output> run_skill(const skill& s, const skill_input& input,
                               const fetched_rows& fetched) {
  std::vector<const store_rows*> mine;
  if (const auto* need = fetched.find(s.name()))
    for (const auto place : need->queries) {
      if (!fetched.rows[place])
        return error{errc::store_failed,
                     "the shop's data could not be read for '" + std::string{s.name()} + '\''};
      mine.push_back(fetched.rows[place].get());
    }
  return s.compute(input, mine);
}

/// True where a part's skills read the shop's data.
bool reads_anything(const part_task& work) {
  const auto& skills = work.contract->skills;
  return std::any_of(skills.begin(), skills.end(), [&](const std::string& name) {
    const auto* need = work.rows->find(name);
    return need != nullptr && !need->queries.empty();
  });
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) {
    if (!text.empty())
      text += ' ';
    text += sentence;
  }
  return text;
}

} // namespace

bool is_for_shopper(const turn_request& request, const agent_spec& spec) noexcept {
  return spec.who == audience::shopper || request.who == audience::shopper;
}

skill_input input_for(const agent_task& task, const agent_spec& spec, const environment& env) {
  const auto& request = task.turn->request;
  skill_input input{.message = *task.reading};
  input.who = is_for_shopper(request, spec) ? audience::shopper : request.who;
  input.age_confirmed = request.age_confirmed;
  input.locale = request.locale;
  input.now = task.at;
  input.words = task.words.get();
  input.rules = &env.rules;
  input.wants_json = false;
  return input;
}

namespace {

/// One skill's findings, computed unless they are known.
result<std::shared_ptr<const skill_output>> findings_of(const std::string& name,
                                                        const part_task& work,
                                                        const skill_input& input,
                                                        const environment& env) {
  if (auto known = work.memo->find(name))
    return known;
  const auto* found = env.library->find_skill(name);
  if (found == nullptr)
    return error{errc::internal, "no skill is called '" + name + '\''};
  auto output = run_skill(*found, input, *work.rows);
  if (!output)
    return output.error();
  auto kept = std::make_shared<const skill_output>(std::move(*output));
  work.memo->keep(name, kept);
  return kept;
}

/// What they throw passes through.
result<std::shared_ptr<const skill_output>> run_skills(const part_task& work,
                                                       const environment& env) {
  static const auto nothing = std::make_shared<const skill_output>();
  const auto& skills = work.contract->skills;
  if (skills.empty())
    return nothing;
  const auto input = input_for(*work.task, *work.spec, env);
  if (skills.size() == 1) // nearly every part: as it is, and shared
    return findings_of(skills.front(), work, input, env);
  auto all = std::make_shared<skill_output>();
  for (const auto& name : skills) {
    const auto found = findings_of(name, work, input, env);
    if (!found)
      return found.error();
    merge(*all, **found);
  }
  return std::shared_ptr<const skill_output>{std::move(all)};
}

} // namespace

result<std::shared_ptr<const skill_output>> guarded_skills(const part_task& work,
                                                           const environment& env) {
  try {
    return run_skills(work, env);
  } catch (const std::exception& thrown) {
    return error{errc::internal, "a skill of this part failed"}.with("reason", thrown.what());
  }
}

part_outcome run_rules(const part_task& work, const environment& env) {
  const auto began = env.clock->now();
  part_outcome outcome;
  auto& report = outcome.report;
  report.name = work.contract->name;
  report.required = work.contract->required;
  auto output = guarded_skills(work, env);
  if (output) {
    outcome.output = std::move(*output);
    if (report.name == "response")
      outcome.text = joined(outcome.output->facts);
    // A rule that looked nothing up answers where a model could have been asked.
    report.status = reads_anything(work) ? part_status::ok : part_status::heuristic;
  } else {
    report.status = part_status::failed;
    report.why = output.error();
  }
  report.took = std::chrono::duration_cast<std::chrono::microseconds>(env.clock->now() - began);
  return outcome;
}

} // namespace flipsync
