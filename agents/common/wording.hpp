#pragma once
/// How numbers, ages and lists read in a sentence. Pure, thread-safe.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/product.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync::wording {

/// A share as a percentage with at most one decimal: 0.397 is "39.7 %".
std::string percent(double share);
/// At most `digits` decimals, trailing zeros dropped: 2.50 is "2.5". Not finite: "unlimited".
std::string decimal(double value, int digits = 1);
/// "1 day", "3 days"; `many` only where the plural is irregular.
std::string count(std::int64_t n, std::string_view one, std::string_view many = {});
/// A span in its largest fitting unit: "5 minutes", "2 hours", "3 days". Negative counts as zero.
std::string age(std::chrono::milliseconds span);
/// How sellers see a product: "Title (SKU X)".
std::string label(const product& item);
/// "a", "a and b", "a, b and c".
std::string list(const std::vector<std::string>& items);
/// With a capital letter, to begin a sentence; ASCII.
std::string capitalized(std::string text);
/// "850 g" below one kilogram, else "1.2 kg".
std::string weight(std::int64_t grams);
/// Length in code points of valid UTF-8.
std::size_t length(std::string_view text) noexcept;
/// At most `limit` code points, cut between words where there is a space, never inside a code
/// point.
std::string_view clip(std::string_view text, std::size_t limit);
/// The first sentence of a text, without its final mark; the whole text if it is one sentence.
std::string_view first_sentence(std::string_view text) noexcept;

} // namespace flipsync::wording
