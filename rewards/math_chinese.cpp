#include "rewards/math_chinese.h"

#include <algorithm>
#include <optional>

#include "rewards/text.h"

namespace hone {
namespace {

constexpr std::string_view kOf = "\xE5\x88\x86\xE4\xB9\x8B";                    // fen zhi: "parts of"
constexpr std::string_view kHundred = "\xE7\x99\xBE\xE5\x88\x86\xE4\xB9\x8B";   // bai fen zhi: per cent
constexpr std::string_view kThousand = "\xE5\x8D\x83\xE5\x88\x86\xE4\xB9\x8B";  // qian fen zhi: per mille
constexpr std::string_view kAnd = "\xE5\x8F\x88";                               // you: of a mixed number
constexpr std::string_view kPoint = "\xE7\x82\xB9";                             // dian: the decimal point
constexpr std::string_view kMinus = "\xE8\xB4\x9F";                             // fu
constexpr std::string_view kBelowZero = "\xE9\x9B\xB6\xE4\xB8\x8B";             // ling xia
constexpr std::string_view kRebate = "\xE6\x8A\x98";                            // zhe: tenths of a price
constexpr std::string_view kHalf = "\xE5\x8D\x8A", kOneHalf = "\xE4\xB8\x80\xE5\x8D\x8A";

int digit_of(char32_t c) {
  constexpr char32_t kDigits[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                  0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
  for (int i = 0; i < 10; ++i) {
    if (kDigits[i] == c) return i;
  }
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c == 0x3007) return 0;
  if (c == 0x4E24) return 2;
  return -1;
}

int64_t scale_of(char32_t c) {
  if (c == 0x5341) return 10;
  if (c == 0x767E) return 100;
  if (c == 0x5343) return 1000;
  if (c == 0x4E07 || c == 0x842C) return 10000;
  return c == 0x4EBF || c == 0x5104 ? 100000000 : 0;
}

/// qian mi, qian ke, qian wa: the thousand belongs to the unit.
bool is_kilo(std::string_view text) {
  return text.starts_with("\xE5\x8D\x83\xE7\xB1\xB3") || text.starts_with("\xE5\x8D\x83\xE5\x85\x8B") ||
         text.starts_with("\xE5\x8D\x83\xE7\x93\xA6");
}

struct Numeral {
  int64_t value = 0;
  size_t length = 0;     // bytes
  bool chinese = false;  // not only ASCII digits
};

/// "er shi wu" (25), "yi ling er" (102), "yi wan er qian" (12000), "1 wan 2 qian" at `pos`.
std::optional<Numeral> whole_numeral(std::string_view text, size_t pos) {
  constexpr int64_t kMost = 1000000000000;
  const size_t begin = pos;
  int64_t total = 0, section = 0, number = -1, last_scale = 0;
  bool chinese = false, zero = false;
  while (pos < text.size() && total < kMost) {
    const CodePoint c = decode(text, pos);
    const bool ascii = c.value < 0x80;
    if (const int d = digit_of(c.value); d >= 0) {
      if (number > 0 && !ascii) return std::nullopt;  // digits side by side: a year, a telephone number
      if (d == 0 && !ascii) zero = true;
      if (number > kMost / 100) return std::nullopt;
      number = (ascii && number > 0 ? 10 * number : 0) + d;
    } else if (const int64_t scale = scale_of(c.value); scale > 0 && !is_kilo(text.substr(pos))) {
      if (scale >= 10000) {
        total = (total + section + std::max<int64_t>(number, 0)) * scale;
        section = 0;
      } else {
        section += (number < 0 ? 1 : number) * scale;
      }
      last_scale = scale, number = -1, zero = false;
    } else {
      break;
    }
    chinese = chinese || !ascii;
    pos += static_cast<size_t>(c.length);
  }
  if (pos == begin) return std::nullopt;
  // "yi bai wu" is 150: the last digit counts tens of what went before, unless a zero says otherwise.
  const bool short_form = number > 0 && number < 10 && last_scale >= 100 && !zero;
  const int64_t rest = short_form ? number * (last_scale / 10) : std::max<int64_t>(number, 0);
  return Numeral{total + section + rest, pos - begin, chinese};
}

/// A numeral, perhaps with a decimal part behind "dian"; ASCII decimals as they stand. Empty, and nothing read, if there is none.
std::string number_at(std::string_view text, size_t& pos, bool& chinese) {
  size_t end = pos;
  while (end < text.size() && (text[end] == '.' || (text[end] >= '0' && text[end] <= '9'))) ++end;
  const std::string_view ascii = text.substr(pos, end - pos);
  if (ascii.find('.') != std::string_view::npos) {
    pos = end;
    return std::string(ascii);
  }
  const auto numeral = whole_numeral(text, pos);
  if (!numeral) return "";
  std::string out = numeral->chinese ? std::to_string(numeral->value) : std::string(ascii);
  chinese = chinese || numeral->chinese;
  size_t at = pos + numeral->length;
  if (text.substr(at).starts_with(kPoint)) {
    std::string digits;
    size_t next = at + kPoint.size();
    while (next < text.size()) {
      const CodePoint c = decode(text, next);
      const int d = digit_of(c.value);
      if (d < 0) break;
      digits += static_cast<char>('0' + d);
      next += static_cast<size_t>(c.length);
    }
    if (!digits.empty() && numeral->chinese) out += "." + digits, at = next;
  }
  pos = at;
  return out;
}

/// "san fen zhi er" (2/3), with the denominator read already; empty if none follows.
std::string fraction_of(std::string_view text, size_t& pos, const std::string& bottom) {
  if (!text.substr(pos).starts_with(kOf)) return "";
  size_t at = pos + kOf.size();
  bool chinese = false;
  const std::string top = number_at(text, at, chinese);
  if (top.empty()) return "";
  pos = at;
  return "\\frac{" + top + "}{" + bottom + "}";
}

/// Behind "you" of a mixed number.
bool fold_mixed(std::string_view text, size_t& pos, const std::string& whole, std::string& out) {
  if (!text.substr(pos).starts_with(kAnd)) return false;
  size_t at = pos + kAnd.size();
  bool chinese = false;
  const std::string number = number_at(text, at, chinese);
  const std::string part = number.empty() ? "" : fraction_of(text, at, number);
  if (part.empty()) at = pos + kAnd.size();  // latex or a/b follows as it is
  out += whole + " " + part;
  pos = at;
  return true;
}

}  // namespace

bool fold_chinese_number(std::string_view text, size_t& pos, std::string& out) {
  const std::string_view rest = text.substr(pos);
  const bool first = out.empty() || out == "-";
  for (const std::string_view minus : {kMinus, kBelowZero}) {
    if (!out.empty() || !rest.starts_with(minus)) continue;
    out += '-', pos += minus.size();
    return true;
  }
  for (const std::string_view half : {kOneHalf, kHalf}) {
    if (rest != half || !out.empty()) continue;
    out += "\\frac12", pos = text.size();
    return true;
  }
  bool chinese = false;
  size_t at = pos;
  for (const auto& [mark, sign] : {std::pair{kHundred, "\\%"}, std::pair{kThousand, "\\permil "}}) {
    if (!rest.starts_with(mark)) continue;
    at += mark.size();
    const std::string number = number_at(text, at, chinese);
    if (number.empty()) return false;
    out += number + sign, pos = at;
    return true;
  }
  const std::string number = number_at(text, at, chinese);
  if (number.empty()) return false;
  if (const std::string fraction = fraction_of(text, at, number); !fraction.empty()) {
    out += fraction, pos = at;
    return true;
  }
  if (fold_mixed(text, at, number, out)) {
    pos = at;
    return true;
  }
  if (first && text.substr(at) == kRebate) {
    out += "\\frac{" + number + "}{10}", pos = text.size();
    return true;
  }
  // In the middle of words, or beside a number in digits, it is a word: "yi gong you 25 ge". Behind a unit it goes on: "wu yuan san jiao".
  const size_t digit = text.find_first_of("0123456789");
  const bool others = digit != std::string_view::npos && (digit < pos || digit >= at);
  const bool goes_on = !out.empty() && out[0] >= '0' && out[0] <= '9';
  if (!chinese || others || !(first || goes_on)) return false;
  out += number;
  pos = at;
  return true;
}

}  // namespace hone
