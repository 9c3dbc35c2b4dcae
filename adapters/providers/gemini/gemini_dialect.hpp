#pragma once
/// What Gemini's answers mean, whole and streamed.

#include <memory>

#include "adapters/providers/common/dialect.hpp"

namespace flipsync {

std::unique_ptr<providers::reply_dialect> make_gemini_dialect();

} // namespace flipsync
