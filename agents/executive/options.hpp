#pragma once
/// Named options in a message: reading, scoring and voting (BUSINESS: the executive, consensus).
/// Pure.
///
/// What is read: parts that begin with a label and a colon, parted by semicolons, commas, line ends
/// or the next label. "A: revenue 5, risk 2; B: revenue 3, risk 1; weights: revenue 2, risk 1"
/// names two options with two criteria and the criteria's weights; "pricing: A 0.9, inventory: B
/// 0.6" are two votes, since the labels are agents.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flipsync::executive {

struct labelled {
  std::string label;
  std::string body;
};
/// The labelled parts of a text, in order. A colon counts only before a space or the end, so that a
/// time or a URL has no label; a label has at most four words and 40 bytes.
std::vector<labelled> labelled_parts(std::string_view text);

using figures = std::vector<std::pair<std::string, double>>; ///< criterion and value, in order
/// "revenue 5, risk 2" or "5 revenue and 2 risk"; parts without a number, or without a word, are
/// none.
figures read_figures(std::string_view body);

struct option {
  std::string name;
  std::string text;
  figures values;
};
struct option_set {
  std::vector<option> options;
  figures weights; ///< empty: all criteria weigh the same
};
/// Labels that are agents ("pricing: …") are votes and no options.
option_set read_options(std::string_view text);

struct scored_option {
  std::string name;
  double score = 0;                 ///< 0 to 100
  std::vector<std::string> missing; ///< criteria that it has no value for; they count as the worst
};
/// Each criterion is brought to 0..1 between the worst and the best of the options (1 for all where
/// they are equal; the lowest is best for cost, risk, effort, time and their like), weighted and
/// summed; the best option first, ties in the order named. A weight that is not above zero counts
/// as none. Empty where no option has a figure.
std::vector<scored_option> score_options(const option_set& set);
/// True for criteria of which less is better.
bool less_is_better(std::string_view criterion);

struct vote {
  std::string agent;
  std::string option;
  double confidence = 0; ///< 0 to 1
};
std::vector<vote> read_votes(std::string_view text);

struct consensus {
  std::vector<std::pair<std::string, double>>
    shares;              ///< option and share of confidence, highest first
  bool accepted = false; ///< the first share is at least 0.7
};
/// Confidence-weighted: an option's share is its confidences' sum over all confidences' sum. A
/// confidence outside 0..1 is brought into it. Empty where no vote has confidence.
consensus count_votes(const std::vector<vote>& votes);
/// The share from which on a consensus is accepted.
inline constexpr double consensus_from = 0.7;

} // namespace flipsync::executive
