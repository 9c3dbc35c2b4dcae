#pragma once
/// HTML's names of characters.

#include <cstdint>
#include <string_view>

namespace flipsync {

/// The code point that "eacute" or "euro" names; 0 for a name that is not known. Latin-1, and the
/// punctuation and symbols of HTML 4 that shops write.
std::uint32_t html_entity(std::string_view name) noexcept;

} // namespace flipsync
