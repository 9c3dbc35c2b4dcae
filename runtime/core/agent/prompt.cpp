#include "runtime/core/agent/prompt.hpp"

#include <algorithm>

namespace flipsync {

namespace {

void append_facts(std::string& prompt, const std::vector<std::string>& facts) {
  if (facts.empty())
    return;
  prompt +=
    "\n\nFacts, computed from the shop's own data just now. Use these figures and no others:\n";
  for (const auto& fact : facts) {
    prompt += "- ";
    prompt += fact;
    prompt += '\n';
  }
}

/// Enough for system_prompt, so that it grows once.
std::size_t size_of_prompt(const part_task& work, const std::vector<std::string>& facts) {
  constexpr std::size_t headings = 256;
  auto size = headings + work.spec->prompt.size() + work.contract->instruction.size()
              + work.task->turn->request.context.size();
  for (const auto& fact : facts)
    size += fact.size() + 3;
  return size;
}

std::string system_prompt(const part_task& work, const std::vector<std::string>& facts) {
  const auto& request = work.task->turn->request;
  std::string prompt;
  prompt.reserve(size_of_prompt(work, facts));
  prompt += work.spec->prompt;
  if (!work.contract->instruction.empty())
    prompt += "\n\n" + work.contract->instruction;
  if (!request.locale.empty())
    prompt += "\n\nAnswer in the language of locale " + request.locale + '.';
  append_facts(prompt, facts);
  if (!request.context.empty())
    prompt += "\n\nContext given by the caller:\n" + request.context;
  return prompt;
}

} // namespace

model_request compose_prompt(const part_task& work, const shared_list<std::string>& facts) {
  const auto& history = work.task->history;
  std::vector<chat_message> messages;
  messages.reserve(history.size() + 2);
  messages.push_back({chat_role::system, system_prompt(work, facts.items())});
  messages.insert(messages.end(), history.begin(), history.end());
  messages.push_back({chat_role::user, work.task->turn->request.message});
  model_request request;
  request.model = work.contract->model.empty() ? work.spec->model : work.contract->model;
  request.messages = std::move(messages);
  request.facts = facts;
  request.tuning = work.spec->tuning;
  if (work.contract->max_tokens)
    request.tuning.max_tokens = work.contract->max_tokens;
  return request;
}

std::vector<chat_message> visible_history(const std::vector<stored_message>& messages,
                                          bool for_shopper,
                                          const std::vector<std::string>& shopper_agents,
                                          std::size_t limit) {
  std::vector<chat_message> seen;
  for (std::size_t i = 0; i + 1 < messages.size(); ++i) {
    const auto& question = messages[i];
    const auto& answer = messages[i + 1];
    if (question.role != "user" || answer.role != "assistant")
      continue;
    const bool open = !for_shopper
                      || std::find(shopper_agents.begin(), shopper_agents.end(), answer.agent)
                           != shopper_agents.end();
    if (open) {
      seen.push_back({chat_role::user, question.text});
      seen.push_back({chat_role::assistant, answer.text});
    }
  }
  // Whole exchanges only: a history that begins with an answer confuses some models.
  const auto keep = limit - limit % 2;
  if (seen.size() > keep)
    seen.erase(seen.begin(), seen.end() - static_cast<std::ptrdiff_t>(keep));
  return seen;
}

std::vector<chat_message> given_history(const std::vector<earlier_message>& messages,
                                        std::size_t limit) {
  std::vector<chat_message> seen;
  for (std::size_t i = messages.size() - std::min(limit, messages.size()); i < messages.size(); ++i)
    seen.push_back(
      {messages[i].from_user ? chat_role::user : chat_role::assistant, messages[i].text});
  return seen;
}

earlier_talk earlier_products(const std::vector<stored_message>& messages) {
  earlier_talk out;
  for (auto left = messages.size(); left > 0 && out.listed.empty(); --left) {
    const auto& skus = messages[left - 1].skus;
    if (out.sku.empty() && !skus.empty())
      out.sku = skus.front();
    if (skus.size() > 1)
      out.listed = skus;
  }
  return out;
}

} // namespace flipsync
