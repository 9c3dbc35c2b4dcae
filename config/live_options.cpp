#include "config/live_options.hpp"

#include <algorithm>
#include <array>

namespace flipsync::config {
namespace {

/// Sections of which every option is live, but for those below.
constexpr std::array<std::string_view, 10> sections{
  "models.",    "routing.", "costs.",  "ollama.", "openai.",
  "anthropic.", "gemini.",  "agents.", "shop.",   "supervision.",
};
constexpr std::array<std::string_view, 9> single{
  "profile",
  "log.level",
  "access.keys",
  "access.keys_file",
  "turn.deadline",
  "turn.max_conversations",
  "turn.max_queue_per_conversation",
  "turn.max_reply",
  "turn.passivate_after",
};
/// A local model is warmed at the start alone.
constexpr std::array<std::string_view, 2> not_live{"ollama.prewarm", "ollama.prewarm_timeout"};

template <class List>
bool holds(const List& list, std::string_view path) noexcept {
  return std::find(list.begin(), list.end(), path) != list.end();
}

} // namespace

bool is_live(std::string_view path) noexcept {
  if (holds(not_live, path))
    return false;
  return holds(single, path)
         || std::any_of(sections.begin(), sections.end(),
                        [path](std::string_view section) { return path.starts_with(section); });
}

} // namespace flipsync::config
