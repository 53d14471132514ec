#include "rewards/math_spellings.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "rewards/math_rewriter.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kLongest = 400;

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What a text holds that some rule below may change.
struct Triggers {
  bool words = false;     // two letters side by side that are no command's
  bool commands = false;  // one that begins as those below do
  bool quotes = false, slashes = false;
  bool foreign = false;
  bool marked = false;  // an arrow or a colon before it

  bool any() const { return words || commands || quotes || slashes || foreign || marked; }
};

/// The commands that some rule below looks for.
constexpr auto kTriggers = std::to_array<std::string_view>({"Longrightarrow",
                                                            "Pr",
                                                            "Rightarrow",
                                                            "angle",
                                                            "blacksquare",
                                                            "bmod",
                                                            "checkmark",
                                                            "hphantom",
                                                            "hspace",
                                                            "implies",
                                                            "label",
                                                            "longrightarrow",
                                                            "mathbb",
                                                            "mathrm",
                                                            "mbox",
                                                            "mod",
                                                            "operatorname",
                                                            "phantom",
                                                            "prime",
                                                            "qed",
                                                            "rightarrow",
                                                            "rm",
                                                            "root",
                                                            "square",
                                                            "tag",
                                                            "text",
                                                            "to",
                                                            "vspace"});

/// By first letter: a bit for each length that a trigger has. Tells most other commands, such as \frac and \left.
constexpr auto kLengths = [] {
  std::array<uint32_t, 128> lengths{};
  for (const std::string_view name : kTriggers) lengths[static_cast<size_t>(name[0])] |= 1u << name.size();
  return lengths;
}();

bool is_trigger(std::string_view command) {
  if (command.empty() || command.size() > 31 ||
      !(kLengths[static_cast<size_t>(command[0])] >> command.size() & 1))
    return false;
  return std::find(kTriggers.begin(), kTriggers.end(), command) != kTriggers.end();
}

Triggers triggers_of(std::string_view text) {
  Triggers found;
  found.marked = !text.empty() && (text[0] == ':' || text[0] == '#' || text[0] == '-' || text[0] == '=');
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\') {
      const size_t begin = ++i;
      while (i < text.size() && is_letter(text[i])) ++i;
      found.commands = found.commands || (i == begin && (next == '%' || next == '$')) ||
                       is_trigger(text.substr(begin, i - begin));
      i = std::max(i, begin + 1) - 1;
    } else if (is_letter(c)) {
      found.words = found.words || is_letter(next) || (c == 'R' || c == 'r' || c == 'C' || next == ':');
    } else if (c == '\'' || c == '"') {
      found.quotes = true;
    } else if (c == '+' && next == '/') {
      found.slashes = true;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      found.foreign = true;
    }
  }
  return found;
}

/// Marks before or behind all of an answer.
void decoration(Rewriter& r) {
  static const RE2 lead("^(?:\\\\(?:to|rightarrow|longrightarrow)\\b|->|=>|:|#)\\s*(?P<rest>[^:#>].*)$");
  static const RE2 tail(
      "\\s*\\\\(?:(?:hspace|vspace|phantom|hphantom|label|tag)\\*?\\{[^{}]*\\}|square|blacksquare|qed|"
      "checkmark)\\s*$");
  constexpr std::string_view kLeads = "\\-=:#";
  if (!r.text().empty() && kLeads.find(r.text()[0]) != std::string_view::npos) r.replace(lead, "\\1");
  if (r.has("\\") && !r.text().ends_with(')')) r.replace(tail, "");
}

/// 5'6", 5' 6'', 5'6 1/2": a length.
void feet_and_inches(Rewriter& r) {
  static const RE2 both(
      "^(-?\\d+)\\s*(?:'|\\^\\{?\\\\prime\\}?)\\s*(\\d+(?:\\.\\d+)?)\\s*(?:\"|''|\\^\\{?\\\\prime\\s*"
      "\\\\prime\\}?)$");
  static const RE2 inches("^(-?\\d+(?:\\.\\d+)?)\\s*(?:\"|'')$");
  r.replace(both, "\\1\\\\text{ feet }\\2\\\\text{ inches}");
  r.replace(inches, "\\1\\\\text{ inches}");
}

/// What stands behind the last arrow, if a relation leads to it: "x + 1 = 6 \Rightarrow x = 5".
void conclusion(Rewriter& r) {
  static const RE2 arrow("(?s)^(.*)\\\\(?:Rightarrow|Longrightarrow|implies)(?:\\b|\\s)(.*)$");
  std::string before, behind;
  if (!RE2::FullMatch(r.text(), arrow, &before, &behind) || trim(behind).empty()) return;
  const bool relation = before.find_first_of("=<>") != std::string::npos;
  if (trim(before).empty() || relation) r.set(std::string(trim(behind)));
}

/// 17 \bmod 5 is 2 (mod 5), that is, 2 where nothing is said of a modulus. A reduced one stays.
void remainder_of_division(Rewriter& r) {
  static const RE2 modulo(
      "^(.*=\\s*)?(-?\\d{1,18})\\s*(?:\\\\bmod|\\\\mod|\\\\text\\{ ?mod "
      "?\\}|\\\\operatorname\\{mod\\}|mod)\\s*\\{?(\\d{1,18})\\}?$");
  std::string before;
  int64_t number = 0, modulus = 0;
  if (!RE2::FullMatch(r.text(), modulo, &before, &number, &modulus) || modulus == 0) return;
  if (number >= 0 && number < modulus) return;
  const int64_t rest = (number % modulus + modulus) % modulus;
  r.set(before + std::to_string(rest) + " \\pmod{" + std::to_string(modulus) + "}");
}

void commands(Rewriter& r) {
  static const RE2 root("\\\\root\\s*\\{?(\\d+)\\}?\\s*\\\\of\\s*(\\{[^{}]*\\}|\\d|[a-z])");
  static const RE2 probability("\\\\(?:Pr\\b|mathbb\\s*\\{?P\\b\\}?|operatorname\\{P\\})");
  static const RE2 percent("\\\\(?:text|mathrm|mbox)\\{\\s*\\\\%\\s*\\}");
  static const RE2 plain_text("^\\\\text\\{([^{}\\\\]*\\d[^{}\\\\]*)\\}$");
  static const RE2 words("[A-Za-z]{2}");
  static const RE2 angle("\\bm ?\\\\angle");
  if (r.has("angle")) r.replace(angle, "\\\\angle");
  if (r.has("\\root")) r.replace(root, "\\\\sqrt[\\1]{\\2}");
  if (r.has("\\Pr") || r.has("P")) r.replace(probability, "P");
  static const RE2 times("\\\\text\\{ ?times ?\\}");
  if (r.has("times")) r.replace(times, "\\\\times ");
  if (r.has("\\%")) r.replace(percent, "\\\\%");
  if (r.has("arrow") || r.has("implies")) conclusion(r);
  std::string inside;
  if (r.text().starts_with("\\text{") && RE2::FullMatch(r.text(), plain_text, &inside) &&
      !RE2::PartialMatch(inside, words) && inside.find_first_of("(=+^[") != std::string::npos)
    r.set(std::string(trim(inside)));
}

/// "\$10/hour", "\$10 an hour" as a quantity with its unit behind it.
void money_per(Rewriter& r) {
  static const RE2 rate("^\\\\\\$ ?([\\d.,]+) ?(?:/ ?|per |an? )([a-z]+)$");
  r.replace(rate, "\\1 dollars per \\2");
}

/// P(X > 2) = 3/4 is what P is: a relation in brackets would be a condition.
void probability(Rewriter& r) {
  static const RE2 event(
      "^P ?(?:\\\\left)?\\([^()]*(?:[=<>]|\\\\(?:le|ge|lt|gt|leq|geq|ne|neq|mid)\\b)[^()]*\\) "
      "?(=|\\\\approx)");
  r.replace(event, "P \\1");
}

/// "ms^{-1}" is a speed, no frequency.
void metres_per_second(Rewriter& r) {
  static const RE2 outside("\\\\(?:text|mathrm|mbox|rm) ?\\{ ?m ?s ?\\}\\^\\{?-([12])\\}?");
  static const RE2 inside("\\\\(?:text|mathrm|mbox|rm) ?\\{ ?m ?s\\^\\{?-([12])\\}? ?\\}");
  static const RE2 plain("(\\d) ?m ?s\\^\\{?-([12])\\}?");
  r.replace(outside, "\\\\text{ m}/\\\\text{s}^{\\1}");
  r.replace(inside, "\\\\text{ m}/\\\\text{s}^{\\1}");
  r.replace(plain, "\\1\\\\text{ m}/\\\\text{s}^{\\2}");
}

/// "7 R 3", "7 remainder 3", "7 yu 3", "7......3": quotient and remainder, in this order.
void quotient_and_remainder(Rewriter& r) {
  static const RE2 both(
      "^(\\d+) ?(?:[Rr]|remainder|with (?:a )?remainder(?: of)?|\\\\text\\{ ?(?:[Rr]|remainder|with "
      "remainder|with a "
      "remainder of) ?\\}|\xE4\xBD\x99|(?:\xE2\x80\xA6)+|\\.{6}) ?(\\d+)$");
  r.replace(both, "(\\1, \\2)");
}

void chinese(Rewriter& r) {
  static const RE2 at_least(
      "\xE5\xA4\xA7\xE4\xBA\x8E(?:\xE6\x88\x96)?\xE7\xAD\x89\xE4\xBA\x8E");  // da yu (huo) deng yu
  static const RE2 at_most(
      "\xE5\xB0\x8F\xE4\xBA\x8E(?:\xE6\x88\x96)?\xE7\xAD\x89\xE4\xBA\x8E");  // xiao yu (huo) deng yu
  static const RE2 equal("([a-zA-Z]) ?\xE7\xAD\x89\xE4\xBA\x8E");            // deng yu
  static const RE2 greater("([a-zA-Z]) ?\xE5\xA4\xA7\xE4\xBA\x8E"),
      less("([a-zA-Z]) ?\xE5\xB0\x8F\xE4\xBA\x8E");
  static const RE2 tenths("(\\d+(?:\\.\\d+)?)\xE6\x88\x90$");     // cheng
  static const RE2 and_half("^(\\d+)\xE5\x80\x8D\xE5\x8D\x8A$");  // bei ban
  r.replace(tenths, "\\1 \\\\cdot 10\\\\%");
  r.replace(and_half, "\\1.5");
  if (!r.has("\xE4\xBA\x8E")) return;
  r.replace(at_least, "\\\\ge ");
  r.replace(at_most, "\\\\le ");
  r.replace(equal, "\\1=");
  r.replace(greater, "\\1>");
  r.replace(less, "\\1<");
}

}  // namespace

bool rewrite_spellings(std::string_view text, std::string& out) {
  if (text.size() > kLongest) return false;
  const Triggers found = triggers_of(text);
  if (!found.any()) return false;
  Rewriter r(text);
  if (found.commands || found.marked) decoration(r);
  if (found.quotes) feet_and_inches(r);
  if (found.slashes) {
    static const RE2 either("\\+/-");
    r.replace(either, "\\\\pm ");
  }
  if (found.commands) commands(r);
  if (r.has("P")) probability(r);
  if (r.has("s^") || r.has("s}^")) metres_per_second(r);
  if (found.words || r.has("\\text")) rewrite_words(r);
  if (r.has("mod")) remainder_of_division(r);
  if (r.has("\\$")) money_per(r);
  const bool between_digits = !r.text().empty() && is_digit(r.text().front()) && is_digit(r.text().back());
  if (between_digits) quotient_and_remainder(r);
  if (found.foreign) chinese(r);
  if (!r.changed()) return false;
  out = r.text();
  return true;
}

}  // namespace hone
