#pragma once
/// The parts of the table of options that have files of their own. Internal to config/.

#include <vector>

#include "config/option.hpp"

namespace flipsync::config {

/// What is kept of answers.
void add_caches(std::vector<option>& table);
/// The sections of the providers.
void add_providers(std::vector<option>& table);
/// What is done about providers that fail.
void add_fault_conduct(std::vector<option>& table);
/// What may be spent on model calls.
void add_costs(std::vector<option>& table);
/// Which provider a task and a priority go to.
void add_routing(std::vector<option>& table);

} // namespace flipsync::config
