#pragma once
/// What a message does not want: "not black", "without plastic", "-wireless". Pure; internal to the
/// reading of messages.

#include "runtime/core/agent/message_numbers.hpp"

namespace flipsync::reading {

/// Fills `excluded`, forgets the catalogue names in it and marks its words as used. True if there
/// was any. To be called once inquiry phrases and numbers are marked: "no more than $50" excludes
/// nothing.
bool read_exclusions(message_parts& parts, message_reading& out);

} // namespace flipsync::reading
