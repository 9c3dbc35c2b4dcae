#pragma once
/// Rows on turns over many connections at once.

#include <memory>

#include "tests/bench/measurement.hpp"
#include "tests/bench/turn_shop.hpp"

namespace flipsync::bench {

/// 64 connections and an instant provider, against its budgets.
std::unique_ptr<measurement> full_load(const turn_options& opts);

/// 100 users and a provider that takes 400 ms a call, against its budgets.
std::unique_ptr<measurement> hundred_users(const turn_options& opts);

} // namespace flipsync::bench
