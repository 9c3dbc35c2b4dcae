#pragma once
/// The text of HTML, as descriptions of products have it.

#include <string>
#include <string_view>

namespace flipsync {

/// Tags, comments, styles and scripts away, entities decoded, blanks folded into one; what begins
/// or ends a block is a blank. Takes time in proportion to the text, whatever it holds.
std::string text_of_html(std::string_view html);

} // namespace flipsync
