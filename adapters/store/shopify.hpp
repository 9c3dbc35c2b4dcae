#pragma once
/// Shopify's product export, row by row, as rows with our columns (BUSINESS: data files). Pure, but
/// for what a variant inherits from the row that opened its handle.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "adapters/store/record.hpp"

namespace flipsync {

enum class shopify_row : std::uint8_t {
  product,
  image,        ///< it only carries an image
  not_for_sale, ///< of a product that is no shopper's: a draft, archived, unlisted, unpublished
};

class shopify_rows {
public:
  /// The columns that an export must have. Errors: invalid_request (naming the missing one).
  static result<void> check_header(const std::vector<std::string>& names);
  /// Fills `out` with our columns: those that the row has, or its handle's rows above it. Of what
  /// is not for sale that is the sku alone, of an image nothing. The views in `out` live until the
  /// next call.
  shopify_row map(const record& in, record& out);

private:
  /// A handle's texts; nullopt: its rows have no such column.
  struct parent {
    std::string handle;
    std::string title;
    std::optional<std::string> description;
    std::optional<std::string> brand;
    std::optional<std::string> category;
    std::optional<std::string> tags;
    std::string status;
    std::string published;
    std::array<std::string, 3> option_names;
    /// Further columns of the row that opened it, but for those of its variant.
    std::map<std::string, std::string, std::less<>> further;
  };
  void inherit(const record& in, std::string_view handle);
  [[nodiscard]] bool is_for_sale() const;
  [[nodiscard]] bool is_option(std::string_view name) const;
  void add(record& out, std::string_view name, std::string value, bool attribute = false);
  void add_inherited(record& out, std::string_view name, const std::optional<std::string>& value);
  void add_options(const record& in, record& out);
  void add_further(const record& in, record& out);
  [[nodiscard]] std::string made_sku(const record& in) const;

  parent parent_;
  std::deque<std::string> made_;
};

} // namespace flipsync
