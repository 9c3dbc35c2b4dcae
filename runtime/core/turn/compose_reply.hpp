#pragma once
/// From what was gathered to what is answered. Pure; nothing is filled in to look like an answer.

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

/// The reply, its status and, if a required part is missing, the error that says why (`why`).
turn_reply compose_reply(const agent_task& task, const gathered& parts);

/// Whether a part of that name is more than the text that a model gives for it.
bool is_read_from_text(std::string_view part) noexcept;

/// Reads a model's text into a part's output where the part is more than text: a yes/no for
/// product_decision, one reply a line for quick_replies.
void read_model_text(const std::string& part, const std::string& text, skill_output& output);

/// What a decision part said: true unless it plainly said no.
bool says_yes(const part_outcome& decision);

} // namespace flipsync
