#pragma once
/// Numbers as text, the same whatever locale the program has chosen that embeds the runtime. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flipsync {

/// The number that all of `text` is ("2.5", "-3", "1e3"); finite.
std::optional<double> number_of(std::string_view text);
/// The number that `text` begins with ("18%" is 18); finite.
std::optional<double> leading_number(std::string_view text);
/// The number that a folded word counts with: "two" to "twelve", and "dozen".
std::optional<std::int64_t> counted_by(std::string_view word);
/// With that many decimals ("2.50").
std::string fixed_text(double value, int decimals);
/// With at most six digits that count, as short as it can be ("0.6", "1e+09").
std::string short_text(double value);
/// With all digits that tell it from its neighbours and no exponent ("999999.5").
std::string exact_text(double value);

} // namespace flipsync
