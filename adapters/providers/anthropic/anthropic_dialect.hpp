#pragma once
/// What Anthropic's answers mean, whole and streamed.

#include <memory>

#include "adapters/providers/common/dialect.hpp"

namespace flipsync {

std::unique_ptr<providers::reply_dialect> make_anthropic_dialect();

} // namespace flipsync
