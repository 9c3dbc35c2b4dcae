#pragma once
/// Reads the shop's rules (config/shop.toml).

#include <string>
#include <string_view>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::config {

/// What the text leaves out keeps the value of default_shop_rules(); a list that is given replaces
/// the whole list. `name` stands in messages. Errors: invalid_request with place, key and what is
/// allowed.
result<shop_rules> parse_shop(std::string_view text, const std::string& name);
/// Errors: as parse_shop, and where the file cannot be read.
result<shop_rules> read_shop_file(const std::string& path);

} // namespace flipsync::config
