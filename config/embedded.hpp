#pragma once
/// The shipped configuration files as they were when the program was built.

#include <string_view>

namespace flipsync::config {

std::string_view agents_toml();
std::string_view prices_toml();
std::string_view shop_toml();

} // namespace flipsync::config
