#pragma once
/// Word endings: cheap rules for English that make inflected words meet. Pure.

#include <string>
#include <string_view>

namespace flipsync {

/// The singular of a folded English noun by its ending ("batteries" → "battery", "boxes" → "box");
/// words that do not look like a plural come back unchanged.
std::string singular(std::string_view word);
/// Of a plural in "-ies", the singular that keeps its e ("hoodies" → "hoodie"), which its ending
/// does not tell from the other ("batteries"); of other words nothing.
std::string_view singular_in_ie(std::string_view word) noexcept;
/// The other number of a noun that no ending tells ("knife" of "knives", and back); of other words
/// nothing.
std::string_view irregular_form(std::string_view word) noexcept;
/// The plural of a folded English singular ("battery" → "batteries").
std::string plural(std::string_view word);
/// A key under which "price", "prices", "priced" and "pricing" meet. Not a word: only for comparing
/// with other stems.
std::string stem(std::string_view word);

} // namespace flipsync
