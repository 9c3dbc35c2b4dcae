#pragma once
/// Reads what models cost (config/prices.toml).

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync::config {

/// `name` stands in messages. Errors: invalid_request with place, key and what is allowed.
result<std::vector<model_price>> parse_prices(std::string_view text, const std::string& name);

/// What is built in, and over it the file that the settings name. Errors: as parse_prices, and
/// where the file cannot be read.
result<price_list> read_prices(const cost_values& costs);

/// How models of that provider are charged that have no price (costs.unknown_model). "auto" is the
/// dearest at the vendor's own address and free elsewhere: whoever runs a server of their own knows
/// models that no list has, and pays no vendor for them. What runs on one's own machine is free.
unknown_price unknown_price_of(const settings& values, std::string_view provider);

} // namespace flipsync::config
