#include "rewards/math_prose.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "rewards/text.h"

namespace hone {
namespace {

constexpr auto kLeadWords = std::to_array<std::string_view>(
    {"about",    "an",     "answer", "approximately", "are",     "area",  "at",       "be",
     "both",     "either", "equal",  "equals",        "exactly", "have",  "hence",    "in",
     "interval", "is",     "it",     "its",           "length",  "limit", "of",       "on",
     "only",     "point",  "points", "roughly",       "set",     "so",    "solution", "solutions",
     "that",     "the",    "there",  "therefore",     "these",   "this",  "thus",     "to",
     "total",    "value",  "values", "vector",        "we"});

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter_of_word(char c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }

/// "a" before a word is an article, else a variable.
bool is_article(std::string_view word, std::string_view rest) {
  if (word != "a" && word != "A") return false;
  const size_t end = std::find_if_not(rest.begin(), rest.end(), is_small) - rest.begin();
  const std::string_view next = rest.substr(0, end);
  for (const std::string_view other : {"and", "because", "since", "but", "for", "where", "when"}) {
    if (next == other) return false;
  }
  return next.size() >= 3;
}

/// Whether all words are introducing ones.
bool only_leads(std::string_view text) {
  bool some = false;
  while (!(text = trim(text)).empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    while (word.ends_with(':') || word.ends_with(',')) word.remove_suffix(1);
    if (!is_lead_word(lower_case(word)) && word != "a") return false;
    some = true;
    text.remove_prefix(end);
  }
  return some;
}

struct Domain {
  std::string_view words, notation;
};
/// Longer ones first where one begins another.
constexpr std::array kDomains = {
    Domain{"all nonzero real numbers", "\\mathbb{R}^*"},
    Domain{"all non-zero real numbers", "\\mathbb{R}^*"},
    Domain{"all positive real numbers", "\\mathbb{R}^+"},
    Domain{"positive real numbers", "\\mathbb{R}^+"},
    Domain{"all positive reals", "\\mathbb{R}^+"},
    Domain{"all negative real numbers", "\\mathbb{R}^-"},
    Domain{"negative real numbers", "\\mathbb{R}^-"},
    Domain{"all nonnegative real numbers", "\\mathbb{R}_{\\ge 0}"},
    Domain{"all non-negative real numbers", "\\mathbb{R}_{\\ge 0}"},
    Domain{"nonnegative real numbers", "\\mathbb{R}_{\\ge 0}"},
    Domain{"all real numbers", "\\mathbb{R}"},
    Domain{"all real values", "\\mathbb{R}"},
    Domain{"any real number", "\\mathbb{R}"},
    Domain{"every real number", "\\mathbb{R}"},
    Domain{"real numbers", "\\mathbb{R}"},
    Domain{"all reals", "\\mathbb{R}"},
    Domain{"all real", "\\mathbb{R}"},
    Domain{"reals", "\\mathbb{R}"},
    Domain{"all positive integers", "\\mathbb{Z}^+"},
    Domain{"positive integers", "\\mathbb{Z}^+"},
    Domain{"all negative integers", "\\mathbb{Z}^-"},
    Domain{"negative integers", "\\mathbb{Z}^-"},
    Domain{"all integers", "\\mathbb{Z}"},
    Domain{"integers", "\\mathbb{Z}"},
    Domain{"all natural numbers", "\\mathbb{N}"},
    Domain{"natural numbers", "\\mathbb{N}"},
    Domain{"all rational numbers", "\\mathbb{Q}"},
    Domain{"rational numbers", "\\mathbb{Q}"},
    Domain{"all complex numbers", "\\mathbb{C}"},
    Domain{"complex numbers", "\\mathbb{C}"},
    Domain{"\xE5\x85\xA8\xE4\xBD\x93\xE5\xAE\x9E\xE6\x95\xB0", "\\mathbb{R}"},  // zh: quan ti shi shu
    Domain{"\xE4\xB8\x80\xE5\x88\x87\xE5\xAE\x9E\xE6\x95\xB0", "\\mathbb{R}"},  // zh: yi qie shi shu
    Domain{"\xE6\x89\x80\xE6\x9C\x89\xE5\xAE\x9E\xE6\x95\xB0", "\\mathbb{R}"},  // zh: suo you shi shu
    Domain{"\xE4\xBB\xBB\xE6\x84\x8F\xE5\xAE\x9E\xE6\x95\xB0", "\\mathbb{R}"},  // zh: ren yi shi shu
    Domain{"\xE5\xAE\x9E\xE6\x95\xB0\xE9\x9B\x86", "\\mathbb{R}"},              // zh: shi shu ji
};

/// "all real numbers except -2 and 3".
bool rewrite_domain(std::string_view text, std::string& out) {
  const std::string plain = without_text(without_lead(text));
  const std::string_view body = without_lead(plain);
  const std::string lower = lower_case(body);
  for (const Domain& domain : kDomains) {
    if (!lower.starts_with(domain.words)) continue;
    std::string_view rest = trim(body.substr(domain.words.size()));
    if (rest.size() == 1 || (rest.size() > 1 && is_small(rest[0]) && rest[1] == ' '))
      rest = trim(rest.substr(1));
    if (rest.empty()) return out = domain.notation, true;
    for (const std::string_view except :
         {"except for ", "except ", "excluding ", "other than ", "not equal to "}) {
      if (!rest.starts_with(except)) continue;
      rest = trim(rest.substr(except.size()));
      out =
          std::string(domain.notation) + " \\setminus \\{" + std::string(rest == "zero" ? "0" : rest) + "\\}";
      return true;
    }
    return false;
  }
  return false;
}

/// "2k\pi, where k is an integer", "2k\pi for any integer k".
bool rewrite_integers(std::string_view text, std::string& out) {
  static const RE2 name_first(
      "[,;]?\\s*\\(?\\s*(?:(?:where|for|with|and|when)\\s+)?(?:(?:all|any|some|every|each)\\s+)?([a-zA-Z])"
      "\\s+"
      "(?:is|are|being)\\s+(?:(?:an|any|all|arbitrary|some)\\s+)*integers?\\)?");
  static const RE2 name_last(
      "[,;]?\\s*\\(?\\s*(?:where|for|with)\\s+(?:(?:all|any|some|every|each|an)\\s+)?integers?\\s+(?:"
      "values\\s+of\\s+)?"
      "([a-zA-Z])\\b\\)?");
  std::string plain = without_text(text);
  std::erase(plain, '$');
  const bool found = RE2::Replace(&plain, name_first, ", \\1 \\\\in \\\\mathbb{Z}") ||
                     RE2::Replace(&plain, name_last, ", \\1 \\\\in \\\\mathbb{Z}");
  if (found) out = plain;
  return found;
}

/// "Yes, it is", "No, because ..": the first word is the answer.
std::string_view without_reason(std::string_view text) {
  const size_t end =
      static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_letter_of_word) - text.begin());
  const std::string word = lower_case(text.substr(0, end));
  if (word != "yes" && word != "no" && word != "true" && word != "false") return text;
  std::string_view rest = text.substr(end);
  while (!rest.empty() && (rest[0] == ',' || rest[0] == '.' || rest[0] == ';' || rest[0] == ' '))
    rest.remove_prefix(1);
  const size_t next =
      static_cast<size_t>(std::find_if_not(rest.begin(), rest.end(), is_letter_of_word) - rest.begin());
  const std::string reason = lower_case(rest.substr(0, next));
  for (const std::string_view begin :
       {"it", "they", "this", "that", "he", "she", "because", "since", "as", "the", "we"}) {
    if (reason == begin) return text.substr(0, end);
  }
  return text;
}

}  // namespace

std::string without_text(std::string_view text) {
  std::string out;
  int open = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\\text{")) {
      i += 5, ++open;
    } else if (text[i] == '}' && open > 0) {
      --open;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has_words(std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') {
      while (i + 1 < text.size() && is_letter_of_word(text[i + 1])) ++i;
    } else if (is_letter_of_word(text[i]) && is_letter_of_word(text[i + 1])) {
      return true;
    }
  }
  return false;
}

bool is_lead_word(std::string_view word) {
  return std::find(kLeadWords.begin(), kLeadWords.end(), word) != kLeadWords.end();
}

std::string_view without_lead(std::string_view text) {
  for (int words = 0; words < 16; ++words) {
    if (text.starts_with("\\text{")) {
      const size_t close = text.find('}');
      if (close == std::string_view::npos || !only_leads(text.substr(6, close - 6))) return text;
      const std::string_view rest = trim(text.substr(close + 1));
      if (rest.empty()) return text;
      text = rest;
      continue;
    }
    const size_t end =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_letter_of_word) - text.begin());
    if (end == 0 || end >= text.size() || (text[end] != ' ' && text[end] != ':')) return text;
    const std::string_view word = text.substr(0, end);
    const std::string_view rest = trim(text.substr(end + 1));
    if (rest.empty() || !(is_lead_word(lower_case(word)) || is_article(word, rest))) return text;
    text = rest;
  }
  return text;
}

bool rewrite_prose(std::string_view text, std::string& out) {
  const std::string_view body = without_reason(without_lead(text));
  const bool integers = body.find("integer") != std::string_view::npos;
  const bool numbers = integers || body.find("real") != std::string_view::npos ||
                       body.find("numbers") != std::string_view::npos ||
                       body.find("\xE5\xAE\x9E\xE6\x95\xB0") != std::string_view::npos;  // zh: shi shu
  if (numbers && rewrite_domain(body, out)) return true;
  if (integers && rewrite_integers(body, out)) return true;
  if (body.size() == text.size()) return false;
  out = body;
  return true;
}

}  // namespace hone
