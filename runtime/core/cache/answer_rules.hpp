#pragma once
/// Which calls may share an answer, and which answers are kept (PROVIDERS: "Not cached"). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// Words and phrases, found as whole words whatever their case (of ASCII letters).
class wording {
public:
  wording() = default;
  explicit wording(const std::vector<std::string>& phrases);
  [[nodiscard]] bool found_in(std::string_view text) const;

private:
  std::vector<std::string> phrases_; ///< lower case
};

/// Why a call must have an answer of its own; empty where it may share one. `tuning` is as it is
/// sent; a temperature that nobody sets is the model's own, which is taken for 1.
std::string_view why_alone(const model_request& request, const model_tuning& tuning, cache_use use,
                           double max_temperature, const wording& personal);

/// True for an answer that may be given to others later: whole, in words, and nobody acts upon it.
[[nodiscard]] bool may_be_kept(const model_reply& reply) noexcept;

} // namespace flipsync
