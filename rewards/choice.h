// Which options of a multiple-choice question an answer names: by letter, however that is written, or by the option's text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct Choices {
  std::vector<std::string> labels;  // [n] one letter or digit each, "A", "B", ... by default
  std::vector<std::string> texts;   // [n], or empty: only the labels are known
};

/// A to Z: what is known of a question without its options.
Choices letters_only();

/// Which options are named; empty: none that can be told, and `reason` says why.
struct ChoiceReading {
  std::vector<size_t> chosen;  // ascending, different
  std::string reason;
};

/// "B", "b", "(B)", "B.", "B) text", "**B**", "$\text{B}$", "Option B", or an option's text; "A, C", "A and C", "AC" for several.
/// A label with the text of another option names nothing. Linear in the answer.
ChoiceReading read_choice(std::string_view answer, const Choices& choices);

}  // namespace hone
