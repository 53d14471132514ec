#include "rewards/words.h"

#include <utf8proc.h>

#include "rewards/neutral_spans.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr int64_t kThaiLettersPerWord = 4;

int64_t count_of_run(Script script, int64_t letters) {
  if (script == Script::kHan || script == Script::kKana) return letters;
  if (script == Script::kThai) return (letters + kThaiLettersPerWord - 1) / kThaiLettersPerWord;
  if ((script == Script::kLatin || script == Script::kGreek) && letters == 1) return 0;
  return 1;
}

bool ends_sentence(char32_t c) {
  switch (c) {
    case '.':
    case '!':
    case '?':
    case ':':
    case ';':
    case '\n':
    case 0x3002:  // ideographic full stop
    case 0xFF01:  // full-width ! ? :
    case 0xFF1F:
    case 0xFF1A:
    case 0x0964:  // danda
    case 0x061F:  // Arabic question mark
    case 0x2026:  // ...
      return true;
    default:
      return false;
  }
}

bool is_capital(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_LU;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text), neutral_(text) {}

  std::vector<TextWord> split() {
    for (size_t pos = 0; pos < text_.size();) {
      if (const size_t end = neutral_.end(pos, letters_ == 0); end > pos) {
        finish(pos);
        pos = end;
        continue;
      }
      const CodePoint c = decode(text_, pos);
      take(c.value, pos);
      pos += static_cast<size_t>(c.length);
    }
    finish(text_.size());
    return std::move(words_);
  }

 private:
  void take(char32_t c, size_t pos) {
    const LetterClass kind = letter_class(c);
    if (kind.letter) {
      if (kind.script != run_) finish(pos);
      if (letters_ == 0) begin_ = pos, capital_ = is_capital(c);
      run_ = kind.script;
      ++letters_;
    } else if (!kind.mark && c != '\'' && c != 0x2019) {
      finish(pos);
      if (ends_sentence(c) && !opens_) ++sentence_, opens_ = true;
    }
  }

  void finish(size_t end) {
    if (letters_ > 0) {
      if (const int64_t count = count_of_run(run_, letters_); count > 0)
        words_.push_back({text_.substr(begin_, end - begin_), run_, count, sentence_, opens_, capital_});
      opens_ = false;
    }
    run_ = Script::kNone;
    letters_ = 0;
  }

  std::string_view text_;
  NeutralSpans neutral_;
  std::vector<TextWord> words_;
  Script run_ = Script::kNone;
  int64_t letters_ = 0;  // of the run
  size_t begin_ = 0;     // of the run
  bool capital_ = false;
  uint32_t sentence_ = 0;
  bool opens_ = true;  // no word of the sentence has come yet
};

}  // namespace

std::vector<TextWord> split_words(std::string_view text) { return Splitter(text).split(); }

WordCounts count_words(const std::vector<TextWord>& words) {
  WordCounts counts{};
  for (const TextWord& word : words) counts[static_cast<size_t>(word.script)] += word.count;
  return counts;
}

}  // namespace hone
