// Pairs of choice letters, words, assignments and equations.
#include <re2/re2.h>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

void choices(PairMaker& m) {
  std::string letter;
  if (!RE2::FullMatch(m.x, "(?:\\\\text\\{)?\\(?([A-J])\\)?\\}?,?", &letter)) return;
  for (const std::string& v :
       {letter, "(" + letter + ")", "\\text{" + letter + "}", "\\textbf{(" + letter + ")}",
        "\\mathrm{(" + letter + ")}", letter + ") because", "**" + letter + "**"})
    m.same("choice", v);
  m.near("choice-wrong", std::string(1, static_cast<char>(letter[0] + 1)));
  m.near("choice-wrong-brackets", "\\text{(" + std::string(1, static_cast<char>(letter[0] + 1)) + ")}");
  m.near("choice-two", letter + ", " + std::string(1, static_cast<char>(letter[0] + 1)));
}

void words(PairMaker& m) {
  std::string word;
  if (!RE2::FullMatch(m.x, "(?:\\\\(?:text|mbox)\\{)?([a-zA-Z]{3,})\\}?", &word)) return;
  m.same("word", word);
  m.same("word-text", "\\text{" + word + "}");
  m.same("word-mathrm", "\\mathrm{" + word + "}");
  m.same("word-case", std::string(1, static_cast<char>(word[0] ^ 32)) + word.substr(1));
  m.same("word-stop", "\\text{" + word + ".}");
  m.near("word-wrong", "banana");
  m.near("word-cut", word.substr(0, word.size() - 1));
  m.near("word-not", "not " + word);
  m.near("word-two", word + ", banana");
}

void assignments(PairMaker& m) {
  std::string name, value;
  if (!RE2::FullMatch(m.x, "([a-zA-Z])\\s*=\\s*(.*)", &name, &value)) return;
  m.same("assignment-value", value);
  m.same("assignment-spaces", name + "  =  " + value);
  m.same("assignment-turned", value + " = " + name);
  m.same("assignment-moved", name + " - (" + value + ") = 0");
  m.near("assignment+1", name + " = " + value + "+1");
  m.near("assignment-value+1", value + "+1");
  m.near("assignment-sign", name + " = -(" + value + ")");
  m.near("assignment-name", (name == "y" ? "z = " : "y = ") + value);
}

void equations(PairMaker& m) {
  const std::vector<std::string> sides = split(m.x, "=");
  if (sides.size() != 2) return;
  const std::string left = trimmed(sides[0]), right = trimmed(sides[1]);
  m.same("equation-swapped", right + "=" + left);
  m.same("equation-moved", left + "-(" + right + ")=0");
  m.same("equation-doubled", "2(" + left + ")=2(" + right + ")");
  m.same("equation-signs", "-(" + left + ")=-(" + right + ")");
  m.near("equation+1", left + "=" + right + "+1");
  m.near("equation-inequality", left + " \\le " + right);
  m.near("equation-half-doubled", "2(" + left + ")+1=" + right);
  if (right != "0") m.near("equation-side-sign", left + "=-(" + right + ")");
}

}  // namespace

void add_statements(PairMaker& m) {
  if (m.shape == "choice") choices(m);
  if (m.shape == "word") words(m);
  if (m.shape == "assignment") assignments(m);
  if (m.shape == "equation") equations(m);
}

}  // namespace hone
