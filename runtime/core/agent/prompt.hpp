#pragma once
/// What a model is told, made from the agent's role, the skills' facts and the conversation. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

/// System prompt (role, instruction, facts, the caller's context and locale), history, the user's
/// message.
model_request compose_prompt(const part_task& work, const shared_list<std::string>& facts);

/// The messages of a stored conversation that an agent may see: for a shopper's agent nothing that
/// a seller's agent answered, nor the questions it answered, since costs and margins are in them.
std::vector<chat_message> visible_history(const std::vector<stored_message>& messages,
                                          bool for_shopper,
                                          const std::vector<std::string>& shopper_agents,
                                          std::size_t limit);

/// The last `limit` messages that a caller gave of its own conversation.
std::vector<chat_message> given_history(const std::vector<earlier_message>& messages,
                                        std::size_t limit);

/// The products that the conversation showed or told of before; its orders are left out.
earlier_talk earlier_products(const std::vector<stored_message>& messages);

} // namespace flipsync
