// Depth first over lists of terms: two terms are joined, the result goes to the front of the rest.
#include "datasets/countdown_search.h"

#include <algorithm>
#include <optional>
#include <set>

namespace hone {
namespace {

/// A number, or an expression with its value.
struct Term {
  int value = 0;
  std::string text;
  bool compound = false;

  std::string operand() const { return compound ? concat("( ", text, " )") : text; }
};

class Search {
 public:
  Search(const SearchProblem& problem, int unchecked_blocks, TraceWriter& writer)
      : problem_(problem), unchecked_blocks_(unchecked_blocks), writer_(writer) {}

  /// Tries every choice among `terms`; true when the search is over.
  bool explore(const std::vector<Term>& terms) {
    if (terms.size() == 2) return try_leaves(terms[0], terms[1]);
    std::set<std::pair<int, int>> seen;  // equal numbers give equal choices
    for (size_t i = 0; i < terms.size(); ++i)
      for (size_t j = i + 1; j < terms.size(); ++j)
        if (seen.insert(std::minmax<int>({terms[i].value, terms[j].value})).second && try_pair(terms, i, j))
          return true;
    return false;
  }

  /// The expression that was last written, which the search settled for.
  const std::string& answer() const { return last_leaf_; }

 private:
  bool try_pair(const std::vector<Term>& terms, size_t i, size_t j) {
    for (const char op : problem_.operators) {
      std::optional<Term> result = join(op, terms[i], terms[j], Word::kTry);
      if (!result || result->value > kMaxValue) continue;
      std::vector<Term> rest = {std::move(*result)};
      for (size_t k = 0; k < terms.size(); ++k)
        if (k != i && k != j) rest.push_back(terms[k]);
      if (explore(rest)) return true;
    }
    return false;
  }

  /// One block: all leaves of two terms, then the decision whether to go on.
  bool try_leaves(const Term& a, const Term& b) {
    for (const char op : problem_.operators) {
      const std::optional<Term> leaf = join(op, a, b, std::nullopt);
      if (!leaf) continue;
      last_leaf_ = leaf->text;
      if (unchecked_blocks_ > 0) continue;
      const bool hit = leaf->value == problem_.target;
      writer_.say(hit ? Word::kYes : Word::kNo);
      if (hit) return true;
    }
    if (unchecked_blocks_ > 0) {
      if (++blocks_ < unchecked_blocks_) return false;
      writer_.say(Word::kSo);
      return true;
    }
    if (last_leaf_.empty() || !writer_.gives_up()) return false;
    writer_.say(Word::kStop);
    return true;
  }

  /// Writes `a op b = value`, after a word if there is one. Nothing if the operator does not apply.
  std::optional<Term> join(char op, const Term& a, const Term& b, std::optional<Word> word) {
    const int value = combine(op, a.value, b.value);
    if (value < 0) return std::nullopt;
    const bool swapped = (op == '-' || op == '/') && a.value < b.value;
    const Term &left = swapped ? b : a, &right = swapped ? a : b;
    if (word) writer_.say(*word);
    writer_.put(left.value);
    writer_.put(std::string_view(&op, 1));
    writer_.put(right.value);
    writer_.put("=");
    if (value > kMaxValue)
      writer_.say(Word::kBig);
    else
      writer_.put(value);
    return Term{value, concat(left.operand(), ' ', op, ' ', right.operand()), true};
  }

  const SearchProblem& problem_;
  const int unchecked_blocks_;
  TraceWriter& writer_;
  int blocks_ = 0;
  std::string last_leaf_;
};

}  // namespace

std::string write_search(const SearchProblem& problem, int unchecked_blocks, TraceWriter& writer) {
  std::vector<Term> terms;
  for (const int number : problem.numbers) terms.push_back({number, std::to_string(number), false});
  Search search(problem, unchecked_blocks, writer);
  search.explore(terms);
  return writer.finish(search.answer());
}

std::string ideal_trace(const Problem& problem) {
  const Language language = language_of(problem.row.at("language"));
  TraceWriter writer(perfect_style(), {language}, language, 0);
  const SearchProblem search{problem.row.at("numbers"), problem.row.at("target"),
                             problem.row.at("operators")};
  return write_search(search, 0, writer);
}

}  // namespace hone
