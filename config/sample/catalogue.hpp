#pragma once
/// What the sample shop sells: the building blocks that the generator combines. All brands are
/// invented.

#include <array>
#include <span>
#include <string_view>

namespace flipsync::sample {

/// One kind of product; the generator makes three lines of it.
struct item {
  std::string_view noun;
  std::string_view subcategory;
  int price = 0;  ///< the middle line's, in cents
  int weight = 0; ///< grams
  std::string_view feature;
  std::string_view size; ///< empty where it has none
  std::string_view material;
};

struct category {
  std::string_view code; ///< the SKUs' beginning
  std::string_view name;
  std::array<std::string_view, 4> brands;
  std::array<std::string_view, 3> lines;  ///< from plain to fine
  std::array<std::string_view, 4> colors; ///< empty: this category has none
  std::string_view tags;
  int margin_percent = 0; ///< of the price, about
  int popularity = 0;     ///< share of the orders, relative
  bool age_restricted = false;
  std::array<item, 12> items;
};

/// In the order of the files.
std::span<const category> categories() noexcept;

} // namespace flipsync::sample
