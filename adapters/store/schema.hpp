#pragma once
/// The schema of the two databases, as numbered steps that only go forward.

#include <span>
#include <string_view>

#include "adapters/store/sqlite.hpp"

namespace flipsync::sql {

/// What brings a database from one version to the next; its number is its place, from 1.
using migration = std::string_view;

std::span<const migration> catalogue_migrations() noexcept;
std::span<const migration> conversation_migrations() noexcept;

/// Applies the steps that the database has not seen, all in one transaction. Errors: conflict where
/// the database has seen more steps than there are (a newer program made it). Throws failure.
result<void> migrate(connection& db, std::span<const migration> steps, std::string_view name);

} // namespace flipsync::sql
