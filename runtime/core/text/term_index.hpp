#pragma once
/// Finds many configured phrases and keywords in a message in one pass: words become numbers, and
/// runs of numbers walk a trie. Pure; immutable and thread-safe once filled.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flipsync {

class term_index {
public:
  /// A phrase or keyword that speaks for somebody.
  struct term {
    std::uint32_t owner = 0; ///< whom it speaks for
    double weight = 0;
    std::string text;      ///< as configured
    std::size_t words = 0; ///< those of it that are no `*`
  };
  /// A term found in a message.
  struct hit {
    std::uint32_t term = 0; ///< index into terms()
    std::size_t first = 0;  ///< position of its first word
    std::size_t words = 0;
    bool misspelt = false; ///< one letter off in at least one word
  };

  /// Adds a term; text without a word is passed over. Words are compared by their stems. A `*`
  /// between two words stands for up to three others ("how many * left").
  void add(std::uint32_t owner, double weight, std::string_view text);

  /// All occurrences, by position; at one position longer ones first. `fixed[i]` true: word i is
  /// known to be something else (a catalogue name) and is never taken for a misspelling. `fixed`
  /// may be empty.
  [[nodiscard]] std::vector<hit> find(const std::vector<std::string>& words,
                                      const std::vector<bool>& fixed) const;
  [[nodiscard]] const std::vector<term>& terms() const noexcept { return terms_; }

private:
  using word_id = std::uint32_t;
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  struct spelled {
    std::string word;
    word_id id;
  };
  struct node {
    std::vector<std::uint32_t> terms; ///< those that end here
    std::uint32_t gap = 0;            ///< the node behind a `*`; 0: none
  };
  struct read_word {
    word_id id = 0; ///< 0: a word of no term
    bool misspelt = false;
  };

  word_id intern(const std::string& word);
  void learn_spelling(const std::string& word, word_id id);
  [[nodiscard]] read_word read(const std::string& word, bool fixed) const;
  [[nodiscard]] word_id guess(std::string_view word) const;
  /// A way through the trie: where in the message and in the trie, and whether by a misspelling.
  struct step {
    std::size_t word = 0;
    std::uint32_t node = 0;
    bool misspelt = false;
  };
  [[nodiscard]] std::uint32_t child(std::uint32_t node, word_id word) const;
  std::uint32_t grow(std::uint32_t node, word_id word);
  void walk(const std::vector<read_word>& ids, std::size_t from, step at,
            std::vector<hit>& out) const;

  std::vector<term> terms_;
  std::vector<node> nodes_{node{}};
  std::unordered_map<std::uint64_t, std::uint32_t> edges_; ///< (node, word) → node
  std::unordered_map<std::string, word_id, text_hash, std::equal_to<>> ids_; ///< by stem
  /// Every spelling of a long word with one letter left out → the words it may stand for.
  std::unordered_map<std::string, std::vector<spelled>, text_hash, std::equal_to<>> near_;
};

/// True if the words are equal or one letter apart: one more, one fewer, another, or two neighbours
/// swapped.
bool within_one_edit(std::string_view a, std::string_view b) noexcept;

} // namespace flipsync
