#pragma once
/// Which product a seller's message is about, if any.

#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync {

struct product_target {
  std::string sku;
  std::string text;   ///< to search by where there is no SKU
  bool named = false; ///< the message surely names a product; else `text` is only a guess
};

/// Reads it from the SKU, then the product names of the catalogue, then a word that looks like a
/// SKU (the catalogue may not have it: then the answer says so), then the words that are left when
/// the common ones are taken away.
product_target target_of(const message_reading& message);
/// All products that the message names, by SKU or catalogue name, in order of mention, at most
/// `limit`.
std::vector<product_target> named_products(const message_reading& message, std::size_t limit);
/// The query for it; nullopt where there is nothing to look for.
std::optional<product_dossier> dossier_query(const product_target& target);
/// True where the message names that product well enough to be meant: by SKU, by at least two words
/// and half of the words of its title (the whole of a title of one word), or by nothing but words
/// of its title ("jump ropes"), a single word being the title's last before a comma and words of
/// the named category or brand not counting.
bool means(const message_reading& message, const product& item);
/// The first word of the message that is built like a SKU ("AU-0012"), upper case; empty if none.
/// The message's order id, and ids that begin with "ORD", are no SKU.
std::string sku_like_word(const message_reading& message);

} // namespace flipsync
