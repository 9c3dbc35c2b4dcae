#pragma once
/// Which options take effect when the configuration is read anew.

#include <string_view>

namespace flipsync::config {

/// True for an option whose change needs no restart. It applies to turns that begin after it.
bool is_live(std::string_view path) noexcept;

} // namespace flipsync::config
