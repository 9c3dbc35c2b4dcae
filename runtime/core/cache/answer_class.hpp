#pragma once
/// Kinds of answers that caches keep for different times (PROVIDERS: "Cache").

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace flipsync {

enum class answer_class : std::uint8_t {
  chat,          ///< the first answer of a conversation
  conversation,  ///< an answer that earlier messages led to
  decision,      ///< whether products are shown
  quick_replies, ///< what a customer might say next
  products,      ///< a part that shows products
  grammar,       ///< of an agent or a part of this name
  scenario,      ///< likewise
  model,         ///< a caller asked the model itself
};
inline constexpr std::size_t answer_classes = 8;

std::string_view to_string(answer_class c) noexcept;
std::optional<answer_class> parse_answer_class(std::string_view name) noexcept;

/// How long an answer is good for, by class.
struct answer_lifetimes {
  std::array<std::chrono::milliseconds, answer_classes> by_class{
    std::chrono::milliseconds{900'000},   std::chrono::milliseconds{3'600'000},
    std::chrono::milliseconds{900'000},   std::chrono::milliseconds{900'000},
    std::chrono::milliseconds{600'000},   std::chrono::milliseconds{86'400'000},
    std::chrono::milliseconds{7'200'000}, std::chrono::milliseconds{604'800'000},
  };
  [[nodiscard]] std::chrono::milliseconds of(answer_class c) const noexcept {
    return by_class[static_cast<std::size_t>(c)];
  }
  std::chrono::milliseconds& of(answer_class c) noexcept {
    return by_class[static_cast<std::size_t>(c)];
  }
};

/// The class of a part's answer: that of the part's name or else of the agent's, if there is one.
/// `led_to`: earlier messages of the conversation are part of the prompt.
answer_class class_of_part(std::string_view part, std::string_view agent, bool led_to) noexcept;

} // namespace flipsync
