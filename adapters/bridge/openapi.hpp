#pragma once
/// The OpenAPI 3.1 document of the door, made from the table of routes.

#include <span>
#include <string>
#include <string_view>

#include "adapters/bridge/route.hpp"

namespace flipsync {

/// The document of these routes. A schema that a route names and nobody defines is a bug of ours,
/// which a test finds.
std::string openapi_document(std::span<const route> routes, std::string_view version);

/// One component: its name and its JSON Schema as text.
struct api_schema {
  std::string_view name;
  std::string_view json;
};
std::span<const api_schema> api_schemas() noexcept;

} // namespace flipsync
