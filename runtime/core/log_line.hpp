#pragma once
/// One log line's text: logfmt without time and level. Apart from the sink, so that it can be
/// tested.

#include <initializer_list>
#include <string>
#include <string_view>

#include "runtime/core/log.hpp"

namespace flipsync::log {

/// `event=name key=value …`. A value that is empty or holds a space, `=`, a quote or a control
/// character is quoted; inside quotes `"`, `\` and control characters are escaped, so that one
/// event is one line whatever a caller put into it.
std::string format_line(std::string_view event, std::initializer_list<field> fields);

} // namespace flipsync::log
