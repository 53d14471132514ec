#include "rewards/math_fold.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "rewards/math_chinese.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Rewrite {
  char32_t from;
  std::string_view to;
};
// clang-format off
constexpr auto kUnsorted = std::to_array<Rewrite>({
    {0x00A0, " "}, {0x00A2, "\\text{ cents}"}, {0x00A3, "\\pounds "}, {0x00A5, "\\yen "}, {0x20AC, "\\euro "}, {0x20B9, "\\rupee "}, {0x2030, "\\permil "}, {0x2103, "^\\circ\\text{C}"}, {0x2109, "^\\circ\\text{F}"}, {0x2033, "''"}, {0x00B0, "^\\circ "}, {0x02DA, "^\\circ "}, {0x00BA, "^\\circ "},
    {0x00B1, "\\pm "}, {0x2213, "\\mp "}, {0x00B7, "\\cdot "}, {0x22C5, "\\cdot "}, {0x2219, "\\cdot "}, {0x00D7, "\\times "}, {0x2715, "\\times "},
    {0x2217, "*"}, {0x00F7, "/"}, {0x2215, "/"}, {0x2044, "/"}, {0x2212, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0x2010, "-"}, {0x2011, "-"},
    {0x00BD, "\\frac12 "}, {0x2153, "\\frac13 "}, {0x2154, "\\frac23 "}, {0x00BC, "\\frac14 "}, {0x00BE, "\\frac34 "}, {0x2155, "\\frac15 "}, {0x2156, "\\frac25 "}, {0x2157, "\\frac35 "}, {0x2158, "\\frac45 "}, {0x2150, "\\frac17 "}, {0x2151, "\\frac19 "}, {0x2152, "\\frac1{10}"}, {0x215A, "\\frac56 "}, {0x215C, "\\frac38 "}, {0x215D, "\\frac58 "}, {0x215E, "\\frac78 "}, {0x2159, "\\frac16 "}, {0x215B, "\\frac18 "},
    {0x221A, "\\sqrt "}, {0x221B, "\\sqrt[3]"}, {0x221C, "\\sqrt[4]"}, {0x03C0, "\\pi "}, {0x221E, "\\infty "},
    {0x2264, "\\le "}, {0x2265, "\\ge "}, {0x2A7D, "\\le "}, {0x2A7E, "\\ge "}, {0x2260, "\\ne "}, {0x2248, "\\approx "}, {0x2243, "\\approx "}, {0x2208, "\\in "}, {0x2261, "\\equiv "},
    {0x222A, "\\cup "}, {0x2229, "\\cap "}, {0x2209, "\\notin "}, {0x2124, "\\mathbb{Z}"}, {0x2115, "\\mathbb{N}"}, {0x211A, "\\mathbb{Q}"}, {0x2102, "\\mathbb{C}"}, {0x2225, "\\parallel "}, {0x22A5, "\\perp "}, {0x2216, "\\setminus "}, {0x2205, "\\emptyset "}, {0x00D8, "\\emptyset "}, {0x211D, "\\mathbb{R}"},
    {0x2227, "\\land "}, {0x2228, "\\lor "}, {0x230A, "\\lfloor "}, {0x230B, "\\rfloor "}, {0x2308, "\\lceil "}, {0x2309, "\\rceil "},
    {0x27E8, "\\langle "}, {0x27E9, "\\rangle "}, {0x2329, "\\langle "}, {0x232A, "\\rangle "}, {0x3008, "\\langle "}, {0x3009, "\\rangle "},
    {0x2026, "\\ldots "}, {0x22EF, "\\ldots "}, {0x2019, "'"}, {0x2032, "'"}, {0x2018, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x2220, "\\angle "}, {0x25B3, "\\triangle "},
    {0x2009, "\\,"}, {0x202F, "\\,"}, {0x2002, " "}, {0x2003, " "}, {0x2005, " "}, {0x200A, " "}, {0x200B, ""}, {0x2060, ""}, {0xFEFF, ""}, {0x2061, ""}, {0x2062, ""}, {0x3000, " "},
    {0x3001, ", "}, {0x3002, ". "}, {0x2236, ":"}, {0x2223, "|"},
    {0x03B1, "\\alpha "}, {0x03B2, "\\beta "}, {0x03B3, "\\gamma "}, {0x03B4, "\\delta "}, {0x03B5, "\\epsilon "}, {0x03B8, "\\theta "}, {0x03BB, "\\lambda "},
    {0x03BC, "\\mu "}, {0x03C1, "\\rho "}, {0x03C3, "\\sigma "}, {0x03C4, "\\tau "}, {0x03C6, "\\phi "}, {0x03D5, "\\phi "}, {0x03C9, "\\omega "}, {0x0394, "\\Delta "}, {0x03A9, "\\Omega "}, {0x2207, "\\nabla "},
    {0x4E07, "\\times 10^{4}"}, {0x842C, "\\times 10^{4}"}, {0x4EBF, "\\times 10^{8}"}, {0x5104, "\\times 10^{8}"},
    {0x6216, "\\text{ or }"}, {0x548C, "\\text{ and }"},
});
// clang-format on

constexpr auto sorted() {
  auto table = kUnsorted;
  std::sort(table.begin(), table.end(), [](const Rewrite& a, const Rewrite& b) { return a.from < b.from; });
  return table;
}
constexpr auto kRewrites = sorted();

const Rewrite* find_rewrite(char32_t c) {
  const auto at =
      std::lower_bound(kRewrites.begin(), kRewrites.end(), c,
                       [](const Rewrite& rewrite, char32_t value) { return rewrite.from < value; });
  return at == kRewrites.end() || at->from != c ? nullptr : &*at;
}

/// The ASCII character that a superscript, subscript, full-width or styled one is a form of; 0 if it is none.
struct Form {
  char character = 0;
  char mark = 0;  // '^' or '_' for super- and subscripts
};
Form form_of(char32_t c) {
  if (c == 0xB9) return {'1', '^'};
  if (c == 0xB2 || c == 0xB3) return {static_cast<char>('2' + (c - 0xB2)), '^'};
  if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) return {static_cast<char>('0' + (c - 0x2070)), '^'};
  if (c == 0x207B) return {'-', '^'};
  if (c == 0x207F) return {'n', '^'};
  if (c >= 0x2080 && c <= 0x2089) return {static_cast<char>('0' + (c - 0x2080)), '_'};
  if (c >= 0xFF01 && c <= 0xFF5E) return {static_cast<char>(c - 0xFF01 + '!'), 0};
  if (c >= 0x1D400 && c <= 0x1D6A3) {  // mathematical bold, italic, script letters
    const int index = static_cast<int>((c - 0x1D400) % 52);
    return {static_cast<char>(index < 26 ? 'A' + index : 'a' + index - 26), 0};
  }
  if (c >= 0x1D7CE && c <= 0x1D7FF) return {static_cast<char>('0' + (c - 0x1D7CE) % 10), 0};
  return {};
}

}  // namespace

bool is_ascii(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & 0x8080808080808080ull) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return false;
  }
  return true;
}

std::string fold_to_latex(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  char open = 0;  // inside ^{ or _{
  for (size_t pos = 0; pos < text.size();) {
    if (!open && fold_chinese_number(text, pos, out)) continue;
    const CodePoint c = decode(text, pos);
    const Form form = c.value < 0x80 ? Form{} : form_of(c.value);
    if (open && form.mark != open) out += '}', open = 0;
    if (form.character) {
      if (form.mark && !open) out += form.mark, out += '{', open = form.mark;
      out += form.character;
    } else if (const Rewrite* rewrite = c.value < 0x80 ? nullptr : find_rewrite(c.value)) {
      out += rewrite->to;
    } else {
      out.append(text, pos, static_cast<size_t>(c.length));
    }
    pos += static_cast<size_t>(c.length);
  }
  if (open) out += '}';
  return out;
}

}  // namespace hone
