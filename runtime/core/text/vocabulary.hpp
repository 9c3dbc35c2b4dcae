#pragma once
/// The catalogue's words: categories, brands, attribute values and product names, and how to find
/// them in a message. Built by the store from the catalogue; immutable; shared by router and
/// skills.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace flipsync {

enum class entity_kind : std::uint8_t { category, brand, attribute, product, sku };

struct entity {
  entity_kind kind = entity_kind::category;
  std::string name;           ///< as the catalogue spells it (for a product: its folded title)
  std::size_t first_word = 0; ///< position in the message's words
  std::size_t words = 0;
  friend bool operator==(const entity&, const entity&) = default;
};

/// Splits text into folded words: lower case, accents removed (Latin), hyphens and apostrophes
/// split or dropped ("kitchen-aid" → "kitchen","aid"; "don't" → "dont"); digits kept; everything
/// else separates.
std::vector<std::string> words_of(std::string_view text);
/// How many words `words_of` finds.
std::size_t word_count(std::string_view text);
/// The words of `text` joined by single spaces: the form in which names are compared.
std::string fold(std::string_view text);
/// Whether both fold to the same, without making either where a letter tells them apart.
bool folds_alike(std::string_view a, std::string_view b);
/// Immutable after building. Lookups match whole words only ("know" is not "no"), longest first.
class vocabulary {
public:
  /// Adds a name. Attribute values that are numbers or a single letter are passed over: they would
  /// be found in almost any message. Of two kinds with the same name the first of the enum wins.
  void add(entity_kind kind, std::string_view name);
  /// Product names are many, so only a 64-bit hash of the folded title is kept.
  void add_product(std::string_view title);
  /// As it folds (`fold`).
  void add_folded_product(std::string_view title);
  void add_sku(std::string_view sku);
  /// An attribute whose values are numbers. Each word of its name stands for it; of several that
  /// have a word in common, the shortest name, and the first of those.
  void add_measure(std::string_view name);

  /// All entities in the message, longest match first at each place, no overlaps; plural and
  /// singular of category words match each other ("vapes" finds "Vape").
  [[nodiscard]] std::vector<entity> find(const std::vector<std::string>& words) const;
  /// The folded name of the attribute that a folded word stands for; empty where there is none.
  [[nodiscard]] std::string_view measure_of(std::string_view word) const;
  [[nodiscard]] bool empty() const noexcept { return starts_.empty(); }
  /// Whether a folded word without digits stands in a product's or category's name, in singular or
  /// plural. In a catalogue of very many words not all are known.
  [[nodiscard]] bool has_word(std::string_view word) const;
  [[nodiscard]] const std::vector<std::string>& categories() const noexcept { return categories_; }
  std::uint64_t version = 0; ///< the catalogue version it was built from
  bool for_adults = false;   ///< some products of the catalogue are age-restricted

private:
  struct named {
    entity_kind kind;
    std::string name;
    bool inflected = false; ///< found by its plural or singular; a name written so wins over it
  };
  /// Lets string_views be looked up without a copy.
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class T>
  using text_map = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

  void put(std::string key, named value);
  void note_start(std::string_view folded);
  void note_words(std::string_view folded);
  bool match(std::string_view text, entity& found) const;

  text_map<named> names_; ///< by folded name
  std::unordered_set<std::uint64_t> products_;
  std::unordered_set<std::uint64_t> words_; ///< hashes of names' words, and of their singulars
  text_map<std::string> skus_;              ///< folded sku → sku
  text_map<std::uint32_t> starts_; ///< first word of a name → most words of a name that begins so
  text_map<std::string> measures_; ///< by each word of their names
  std::vector<std::string> categories_;
};

} // namespace flipsync
