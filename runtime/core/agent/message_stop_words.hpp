#pragma once
/// The words of a message that name nothing. Pure; internal to the reading of messages.

#include <string_view>

namespace flipsync::reading {

/// A folded word that names nothing one could look up in a catalogue: a function word, courtesy, a
/// word of price or praise.
bool is_stop_word(std::string_view word);

} // namespace flipsync::reading
