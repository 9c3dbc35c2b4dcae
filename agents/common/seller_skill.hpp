#pragma once
/// What the skills of seller agents have in common: a shopper gets nothing of them, and a message
/// is either about one product or about the whole shop.

#include <string_view>
#include <vector>

#include "agents/common/rows.hpp"
#include "agents/common/unheard.hpp"
#include "runtime/core/agent/skill.hpp"

namespace flipsync {

struct skill_text {
  std::string_view name;
  std::string_view description;
  std::string_view schema;
};

/// JSON schema of a skill that looks at one product, or at the whole shop without arguments. The
/// names of arguments are those of `message_reading`'s fields, in every skill.
inline constexpr std::string_view product_schema =
  R"({"type":"object","properties":{)"
  R"("sku":{"type":"string","description":"SKU of the product; without one, the whole shop"},)"
  R"("subject":{"type":"string","description":"name of the product, where the SKU is not known"}},)"
  R"("additionalProperties":false})";

/// Says what of the message it did not look at (`say_unheard`). Refuses shoppers (errc::forbidden)
/// and rows that do not answer the queries (errc::internal).
class seller_skill : public skill {
public:
  explicit seller_skill(skill_text text) : text_{text} {}
  [[nodiscard]] std::string_view name() const noexcept final { return text_.name; }
  [[nodiscard]] std::string_view description() const noexcept final { return text_.description; }
  [[nodiscard]] std::string_view schema() const noexcept final { return text_.schema; }
  [[nodiscard]] std::vector<store_query> needs(const skill_input& input) const final;
  [[nodiscard]] result<skill_output>
  compute(const skill_input& input, const std::vector<const store_rows*>& rows) const final;

private:
  [[nodiscard]] virtual std::vector<store_query> reads(const skill_input& input) const = 0;
  [[nodiscard]] virtual skill_output answer(const skill_input& input,
                                            const std::vector<const store_rows*>& rows) const = 0;
  /// What its answer takes account of; of the rest the answer says that it does not.
  [[nodiscard]] virtual heard hears(const skill_input& input) const;
  skill_text text_;
};

/// A skill about one product; where the message names none, about the products of an attention
/// list.
class product_skill : public seller_skill {
public:
  product_skill(skill_text text, attention otherwise, std::uint32_t limit = 5)
    : seller_skill{text},
      otherwise_{otherwise},
      limit_{limit} {}

protected:
  /// "10 products", or "at least 10 products" where the list was as long as it may be.
  [[nodiscard]] std::string counted(std::size_t n, std::size_t lines) const;

private:
  /// The span of time whose sales the lines are to tell, beside the usual ones.
  [[nodiscard]] virtual std::optional<time_span> sales_span(const skill_input& input) const;
  /// Reads beside the product's dossier; their rows are given to `about_product`, and to
  /// `about_shop` with the attention list itself after them.
  [[nodiscard]] virtual std::vector<store_query> extra_reads(const skill_input& input) const;
  /// `row.item` is set.
  [[nodiscard]] virtual skill_output
  about_product(const skill_input& input, const product_dossier_row& row,
                const std::vector<const store_rows*>& extra) const = 0;
  /// Lines without an item are left out already; where the message names a category or a brand,
  /// those of others were never read.
  [[nodiscard]] virtual skill_output
  about_shop(const skill_input& input, const std::vector<const product_dossier_row*>& lines,
             const std::vector<const store_rows*>& extra) const = 0;

  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const final;
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const final;
  attention otherwise_;
  std::uint32_t limit_;
};

/// The category and the brand that the message names, and those that it excludes: what a list over
/// the shop is narrowed to.
product_scope scope_of(const message_reading& message);
/// "This looks at Audio only.", "This leaves out Audio.", if it does.
void say_scope(const message_reading& message, skill_output& out);
/// Says plainly that the product that was asked for is not in the catalogue.
skill_output product_not_found(const message_reading& message);
/// Asks which product "it" or "the first one" means, where nothing before tells.
void ask_which(skill_output& out);
/// The last sentence of an answer over the whole shop.
std::string how_to_narrow();
/// Adds "This is missing: …" for `missing`, if there is anything.
void say_missing(skill_output& out);

} // namespace flipsync
