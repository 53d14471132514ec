// Writes a demonstration of mixed quality: which language each word has, whether the writer gives up early,
// and whether the tags are broken. Every item (word, number, operator) follows one space, so each is one
// token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"
#include "core/philox.h"
#include "datasets/words.h"

namespace hone {

/// Shares and chances, all from 0 to 1. The defaults are countdown's.
struct StyleOptions {
  double hasty = 0.85;          // share of the traces that give up early
  double hasty_give_up = 0.75;  // the chance of giving up after each block of reasoning, for those
  double give_up = 0.03;        // the same, for the others
  double slip = 0;              // chance that a computed number is off by one; the mistake is carried on
  double malformed = 0.3;       // share with broken tags
  double same_language = 0.3;   // share in the prompt's language throughout
  double other_language = 0.2;  // share in another language throughout; the rest mixes word by word
};

/// Reads the keys named as the fields, with `defaults`.
StyleOptions read_style(Fields& options, const StyleOptions& defaults);

/// Well-formed, patient, without a slip, in the prompt's language.
StyleOptions perfect_style();

class TraceWriter {
 public:
  /// All that is random follows from `key`.
  TraceWriter(const StyleOptions& style, std::vector<Language> languages, Language prompt, uint64_t key);

  void say(Word word);
  void put(std::string_view item);
  void put(int number);
  bool gives_up();       // draws whether to stop here
  int slip(int number);  // the number, or by chance one beside it
  bool chance(double probability);
  uint32_t below(uint32_t n);

  /// The completion: the reasoning so far and the answer (items separated by single spaces) in tags, or in
  /// broken ones.
  std::string finish(std::string_view answer);

  /// The text of a word in the language that its turn has.
  const char* speak(Word word);

 private:
  PhiloxStream stream_;
  std::vector<Language> languages_;  // what each word is drawn from
  double slip_, hazard_ = 0;
  int defect_ = 0;  // 0: well-formed
  std::string reasoning_;
};

}  // namespace hone
