#pragma once
/// What a message asks for and an answer did not look at, said plainly: so that a figure does not
/// pass for the one that was asked for, in the eyes of a reader or of a model that is told to use
/// no other. Pure.

#include <string>

#include "runtime/core/agent/skill.hpp"

namespace flipsync {

/// What a skill takes account of, beside the product, the category and the brand.
struct heard {
  bool period = false;     ///< "last week"
  bool bound = false;      ///< "below 5 units", of a list
  bool percentage = false; ///< "by 10 %"
  bool condition = false;  ///< "if stock is 60"
  bool marketplace = true; ///< false where its figures are of all, whichever is named
  bool questions = false;  ///< more than one in a message

  /// For what reads the message in its own way, or has no figures.
  static constexpr heard everything() { return {true, true, true, true, true, true}; }
};

/// Adds a sentence for what the message says of these and the skill did not hear, and one where it
/// asks more than one question.
void say_unheard(const skill_input& input, const heard& by_skill, skill_output& out);
/// "Only AUD-1001 was looked at; ask for KIT-1001 by itself.", where the message names others.
void say_other_products(const message_reading& message, const product& shown, skill_output& out);

} // namespace flipsync
