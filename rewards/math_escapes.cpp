#include "rewards/math_escapes.h"

#include <algorithm>

#include "rewards/text.h"

namespace hone {
namespace {

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Every pair of backslashes as one.
std::string halved(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') ++i;
  }
  return out;
}

/// Outside of matrices two backslashes are one that was escaped, or end a line: then they divide a list, or end it.
std::string without_line_ends(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!text.substr(i).starts_with("\\\\")) {
      out += text[i];
      continue;
    }
    const char next = i + 2 < text.size() ? text[i + 2] : '\0';
    const bool escaped = is_letter(next) || (next != '\0' && std::string_view("{}%$,;:!()[]|").find(next) !=
                                                                 std::string_view::npos);
    if (escaped) {
      out += '\\';
    } else if (!trim(text.substr(i + 2)).empty() && !trim(out).empty()) {
      out += ", ";
    }
    ++i;
  }
  return out;
}

/// The end of the group that begins at or before `pos`: its closing brace, or the text's end.
size_t group_end(std::string_view text, size_t pos) {
  for (int depth = 0; pos < text.size(); ++pos) {
    if (text[pos] == '{') ++depth;
    if (text[pos] == '}' && depth-- == 0) return pos;
  }
  return text.size();
}

/// "{\rm cm}", "\rm{cm}" and "\rm cm" as "\mathrm{cm}", if it holds words; other fonts likewise.
std::string without_old_fonts(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    size_t command = rest.starts_with("{\\") ? 1 : 0;
    const std::string_view name = rest.substr(std::min(command, rest.size()), 3);
    const bool font = name == "\\rm" || name == "\\bf" || name == "\\it" || name == "\\sf" || name == "\\tt";
    if (!font || command + 3 >= rest.size() || is_letter(rest[command + 3])) {
      out += text[i++];
      continue;
    }
    size_t begin = i + command + 3;
    for (bool space = true; space;) {
      space = false;
      for (const std::string_view gap : {" ", "\\,", "\\ ", "\\;", "\\:", "\\!", "~"}) {
        if (!text.substr(begin).starts_with(gap)) continue;
        begin += gap.size(), space = true;
      }
    }
    const bool braced = command == 0 && begin < text.size() && text[begin] == '{';
    const size_t end = group_end(text, braced ? begin + 1 : begin);
    const std::string_view inside =
        trim(text.substr(begin + (braced ? 1 : 0), end - begin - (braced ? 1 : 0)));
    const bool words =
        !inside.empty() && is_letter(inside[0]) && std::all_of(inside.begin(), inside.end(), [](char c) {
          return is_letter(c) || is_digit(c) || c == ' ' || c == '.';
        });
    if (!words) {
      out += text[i++];
      continue;
    }
    out += "\\mathrm{" + std::string(inside) + "}";
    i = std::min(end + (braced || command == 1 ? 1 : 0), text.size());
  }
  return out;
}

/// "1.5\text{e}11", "1.5\mathrm{E}{-3}": the exponent of a number.
std::string with_plain_exponent(std::string_view text, size_t at, size_t length) {
  std::string out(text.substr(0, at));
  std::string_view exponent = trim(text.substr(at + length));
  const bool braced = exponent.starts_with('{') && exponent.find('}') == exponent.size() - 1;
  if (braced) exponent = exponent.substr(1, exponent.size() - 2);
  return out + "e" + std::string(exponent);
}

/// "2\text{ hours and }30": the link as a text of its own.
std::string with_links_alone(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    for (const std::string_view link : {" and}", " and }", " or}", " or }"}) {
      if (!rest.starts_with(link)) continue;
      const size_t open = out.rfind('{');
      if (open == std::string::npos || trim(std::string_view(out).substr(open + 1)).empty()) continue;
      out += "}\\text{";
      break;
    }
    out += text[i];
  }
  return out;
}

}  // namespace

namespace {

/// Which of the rules below a text may need, told in one pass.
struct Needs {
  bool pairs = false, fonts = false, links = false, exponents = false;
};

Needs needs_of(std::string_view text) {
  Needs needs;
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '\\') {
      const char first = text[i + 1], second = text[i + 2];
      needs.pairs = needs.pairs || first == '\\';
      needs.fonts = needs.fonts || (first == 'r' && second == 'm') || (first == 'b' && second == 'f') ||
                    (first == 'i' && second == 't') || (first == 's' && second == 'f') ||
                    (first == 't' && second == 't');
      needs.exponents = needs.exponents || (i > 0 && is_digit(text[i - 1]) && (first == 't' || first == 'm'));
    } else if (text[i] == ' ') {
      needs.links = needs.links || text[i + 1] == 'a' || text[i + 1] == 'o';
    }
  }
  needs.pairs = needs.pairs || text.ends_with("\\\\");
  return needs;
}

}  // namespace

bool rewrite_escapes(std::string_view text, std::string& out) {
  bool changed = false;
  const Needs needs = needs_of(text);
  if (needs.pairs) {
    const bool all = text.find("\\\\begin") != std::string_view::npos;
    const bool rows = !all && text.find("\\begin") != std::string_view::npos;
    if (!rows || text.ends_with("\\\\")) {
      std::string_view body = text;
      while (body.ends_with("\\\\")) body = trim(body.substr(0, body.size() - 2));
      out = all ? halved(body) : rows ? std::string(body) : without_line_ends(body);
      text = out, changed = true;
    }
  }
  if (needs.fonts || changed) {
    for (const std::string_view font : {"\\rm", "\\bf", "\\it", "\\sf", "\\tt"}) {
      if (text.find(font) == std::string_view::npos) continue;
      out = without_old_fonts(text);
      text = out, changed = true;
      break;
    }
  }
  if (!needs.links && !needs.exponents && !changed) return false;
  if (text.find(" and}") != std::string_view::npos || text.find(" and }") != std::string_view::npos ||
      text.find(" or}") != std::string_view::npos || text.find(" or }") != std::string_view::npos) {
    out = with_links_alone(text);
    text = out, changed = true;
  }
  for (const std::string_view e : {"\\text{e}", "\\text{E}", "\\mathrm{e}", "\\mathrm{E}"}) {
    const size_t at = text.find(e);
    if (at == std::string_view::npos || at == 0 || !is_digit(text[at - 1])) continue;
    const std::string_view rest = trim(text.substr(at + e.size()));
    const size_t first = rest.find_first_not_of("{+-");
    if (first == std::string_view::npos || !is_digit(rest[first]) ||
        rest.find_first_not_of("0123456789{}+-") != std::string_view::npos)
      continue;
    out = with_plain_exponent(text, at, e.size());
    return true;
  }
  return changed;
}

}  // namespace hone
