// Words for what latex has signs for.
#include <algorithm>
#include <array>

#include "rewards/math_number_words.h"
#include "rewards/math_prose.h"
#include "rewards/math_rewriter.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// "5 squared", "5 plus 1", "1 out of 6".
void arithmetic_in_words(Rewriter& r) {
  static const RE2 squared("(\\b\\d+|\\b[a-z]) squared\\b"), cubed("(\\b\\d+|\\b[a-z]) cubed\\b");
  static const RE2 plus("(\\d|\\b[a-z]) plus (\\d|[a-z]\\b)"), minus("(\\d|\\b[a-z]) minus (\\d|[a-z]\\b)");
  static const RE2 times("(\\d|\\b[a-z]) times (\\d|[a-z]\\b)");
  static const RE2 divided("(\\d|\\b[a-z]) (?:divided by|over) (\\d|[a-z]\\b)");
  static const RE2 factorial("^(\\d+) factorial$");
  static const RE2 share("^(\\d+)(?: out of | in |\\\\text\\{ ?(?:in|out of) ?\\})(\\d+)$");
  if (r.has("squared")) r.replace(squared, "\\1^2");
  if (r.has("cubed")) r.replace(cubed, "\\1^3");
  if (r.has("plus")) r.replace(plus, "\\1 + \\2");
  if (r.has("minus")) r.replace(minus, "\\1 - \\2");
  if (r.has(" times ")) r.replace(times, "\\1 \\\\times \\2");
  if (r.has(" divided ") || r.has(" over ")) r.replace(divided, "\\1 / \\2");
  if (r.has("factorial")) r.replace(factorial, "\\1!");
  if (r.has("in") || r.has("of")) r.replace(share, "\\\\frac{\\1}{\\2}");
}

struct Scaling {
  std::string_view word;
  const char* by;
};
/// Not "quarters", which are coins as well.
constexpr std::array kScalings = {Scaling{"halves", "\\frac{1}{2}"},
                                  Scaling{"thirds", "\\frac{1}{3}"},
                                  Scaling{"fourths", "\\frac{1}{4}"},
                                  Scaling{"fifths", "\\frac{1}{5}"},
                                  Scaling{"sixths", "\\frac{1}{6}"},
                                  Scaling{"sevenths", "\\frac{1}{7}"},
                                  Scaling{"eighths", "\\frac{1}{8}"},
                                  Scaling{"ninths", "\\frac{1}{9}"},
                                  Scaling{"tenths", "\\frac{1}{10}"},
                                  Scaling{"elevenths", "\\frac{1}{11}"},
                                  Scaling{"twelfths", "\\frac{1}{12}"},
                                  Scaling{"hundredths", "\\frac{1}{100}"},
                                  Scaling{"thousandths", "\\frac{1}{1000}"},
                                  Scaling{"half", "\\frac{1}{2}"},
                                  Scaling{"third", "\\frac{1}{3}"},
                                  Scaling{"fourth", "\\frac{1}{4}"},
                                  Scaling{"dozens", "12"},
                                  Scaling{"hundreds", "100"},
                                  Scaling{"thousands", "1000"},
                                  Scaling{"millions", "10^6"},
                                  Scaling{"billions", "10^9"}};

/// "5 tenths", "3 dozens", "5\text{ hundreds}": the word is no unit.
void scaled(Rewriter& r) {
  static const RE2 count("^(-?\\d+(?:\\.\\d+)?) ?(?:\\\\text\\{ ?([a-z]+) ?\\}|([a-z]+))$");
  if (r.text().empty() || !(r.text()[0] == '-' || (r.text()[0] >= '0' && r.text()[0] <= '9'))) return;
  std::string number, in_text, plain;
  if (!RE2::FullMatch(r.text(), count, &number, &in_text, &plain)) return;
  const std::string& word = plain.empty() ? in_text : plain;
  if (word == "squared") return r.set(number + "^2");
  if (word == "cubed") return r.set(number + "^3");
  if (word == "doubled" || word == "halved" || word == "tripled")
    return r.set("\\text{" + number + " " + word + "}");
  for (const Scaling& scaling : kScalings) {
    if (word == scaling.word) return r.set(number + " \\cdot " + scaling.by);
  }
}

/// A third, a quarter, a hundred: what another fraction may be of.
bool is_number_word(const std::string& word) {
  std::string out;
  return rewrite_number_words("one " + word, out) || rewrite_number_words("a " + word, out);
}

/// Words that stand for signs, roots and functions.
void words(Rewriter& r) {
  static const RE2 sign("^(?:minus|negative) (\\d|\\.\\d|\\\\[dt]?frac|\\\\sqrt|\\\\pi|[a-z]$)");
  static const RE2 both_signs("\\bplus[ -](?:or|and)[ -]minus\\b");
  static const RE2 square_root("^(.*= ?)?(?:square )root of (\\d+|[a-z]|\\{.*\\}|\\(.*\\))$");
  static const RE2 cube_root("^(.*= ?)?cube root of (\\d+|[a-z]|\\{.*\\}|\\(.*\\))$");
  static const RE2 times_root("^(-?\\d*) ?root ?\\(?(\\d+)\\)?$");
  static const RE2 log("\\blog(2|10)\\(");
  static const RE2 choose("^(\\d+) choose (\\d+)$");
  static const RE2 count("\\bn([CP])r ?\\(");
  static const RE2 scripts("(\\bC)\\^(\\{\\d+\\}|\\d)_(\\{\\d+\\}|\\d+)");
  static const RE2 joined("([)\\]]) ?(?:union|Union) ?([(\\[])");
  static const RE2 minutes("(\\d+) degrees?,? (?:and )?(\\d+) minutes?\\b");
  static const RE2 part("^(-?[\\d./]+|-?\\\\[dt]?frac\\{?\\d+\\}?\\{?\\d+\\}?) of (?:an?|the) ([a-z]+)$");
  if (r.text().starts_with("minus ") || r.text().starts_with("negative ")) r.replace(sign, "-\\1");
  if (r.has("minus")) r.replace(both_signs, "\\\\pm ");
  if (r.has("root")) {
    r.replace(square_root, "\\1\\\\sqrt{\\2}");
    r.replace(cube_root, "\\1\\\\sqrt[3]{\\2}");
    r.replace(times_root, "\\1\\\\sqrt{\\2}");
  }
  if (r.has("log")) r.replace(log, "\\\\log_{\\1}(");
  if (r.has("choose")) r.replace(choose, "\\\\binom{\\1}{\\2}");
  if (r.has("Cr") || r.has("Pr")) r.replace(count, "\\1(");
  if (r.has("C^")) r.replace(scripts, "C_\\3^\\2");
  if (r.has("nion")) r.replace(joined, "\\1 \\\\cup \\2");
  std::string share, whole;
  if (r.has(" of ") && RE2::FullMatch(r.text(), part, &share, &whole) && !is_number_word(whole)) r.set(share);
  if (r.has("degree")) r.replace(minutes, "\\1^\\\\circ \\2'");
}

/// "the remainder is 5", "the function is even".
void subject(Rewriter& r) {
  static const RE2 value(
      "^[a-zA-Z][a-z' ]* is (?:equal to |approximately |about |exactly )?([-+$\\\\(\\d.].*)$");
  static const RE2 property(
      "^(?:[Tt]he )?(?:function|series|sequence|statement|graph|relation|system|triangle) is ([a-z ]+)$");
  r.replace(value, "\\1");
  r.replace(property, "\\1");
}

/// "x equals 5", "x is at least 2", "x: 5".
void relations(Rewriter& r) {
  static const RE2 relation(
      "^(?:value of )?([a-zA-Z](?:_\\d|\\(\\w\\))?) (?:is )?(equal to|equals|at least|at most|greater than "
      "or equal to|"
      "less than or equal to|no less than|no more than|greater than|more than|less than|is) "
      "([-+.\\d\\\\($].*)$");
  std::string name, words, value;
  const bool subject = r.text().size() > 4 && (r.text()[1] == ' ' || r.text()[1] == '_' ||
                                               r.text()[1] == '(' || r.text().starts_with("value"));
  if (subject && RE2::FullMatch(r.text(), relation, &name, &words, &value)) {
    const char* sign =
        words == "at least" || words == "no less than" || words == "greater than or equal to" ? " \\ge "
        : words == "at most" || words == "no more than" || words == "less than or equal to"   ? " \\le "
        : words == "greater than" || words == "more than"                                     ? " > "
        : words == "less than"                                                                ? " < "
                                                                                              : " = ";
    r.set(name + sign + value);
  }
  static const RE2 colon("(^|, ?|; ?| and )([a-z]): ?(-?[\\d\\\\])");
  if (r.has(":")) r.replace(colon, "\\1\\2=\\3");
}

/// "5 below zero" is -5, "5 and a half" 5.5; "5 more than x", "5 negative" and "5 point five" are not 5, whatever else they are.
void not_the_number_alone(Rewriter& r) {
  static const RE2 below_zero("^(\\d+(?:\\.\\d+)?)( ?(?:degrees?|\\^\\\\circ))? (?:below|under) zero$");
  static const RE2 and_half("^(\\d+) and (?:a|one) half( [a-z]+)?$");
  static const RE2 other("^-?\\d[\\d.,]* (?:.*\\bthan (?:\\d.*|[a-z]|\\\\.*)|negative|point [a-z]+)$");
  constexpr auto kSigns = std::to_array<std::string_view>({"than", "negative", "point", "zero", "half"});
  if (std::none_of(kSigns.begin(), kSigns.end(), [&](std::string_view word) { return r.has(word); })) return;
  std::string plain = collapse_space(without_text(r.text()));
  if (RE2::FullMatch(plain, other)) return r.set("\\text{that is, " + plain + "}");
  if (RE2::Replace(&plain, below_zero, "-\\1\\2") || RE2::Replace(&plain, and_half, "\\1\\\\frac{1}{2}\\2"))
    r.set(plain);
}

}  // namespace

void rewrite_words(Rewriter& r) {
  if (!r.text().empty() && (r.text()[0] == '-' || (r.text()[0] >= '0' && r.text()[0] <= '9')))
    not_the_number_alone(r);
  words(r);
  relations(r);
  if (r.has(" is ")) subject(r);
  scaled(r);
  arithmetic_in_words(r);
}

}  // namespace hone
