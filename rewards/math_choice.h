// Choices of a multiple-choice question: "(B)", "B) 12", "\textbf{(B)}\ 12", "Option B: blue", and sets of them: "A, C", "ACD".
#pragma once

#include <optional>
#include <string_view>

namespace hone {

struct Choice {
  char letter = 'A';      // A to J
  std::string_view text;  // of the option, if it is there
  bool marked = false;    // "(B)", "B)", "B." or "option B", rather than a letter that may be a variable
  bool small_letter = false;
};

std::optional<Choice> parse_choice(std::string_view answer);

struct ChoiceSet {
  unsigned letters = 0;  // bit 0: A
  bool separated = false;
};

/// Two letters or more: separated by commas, "and" or spaces in any order, or side by side in theirs.
std::optional<ChoiceSet> read_choice_set(std::string_view answer);

/// Whether the answer names the choice that the gold is: nothing if the gold is no choice, or the answer has to be compared as a
/// formula. `*_text` is what is then left to compare.
enum class ChoiceVerdict { kNoChoice, kSame, kDifferent, kCompareTexts };
ChoiceVerdict compare_choices(std::string_view gold, std::string_view answer, std::string_view& gold_text,
                              std::string_view& answer_text);

}  // namespace hone
