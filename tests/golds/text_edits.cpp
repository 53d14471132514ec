#include "tests/golds/text_edits.h"

namespace hone {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t pos = 0; (pos = text.find(from, pos)) != std::string::npos; pos += to.size())
    text.replace(pos, from.size(), to);
  return text;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(by, begin)) != std::string::npos; begin = end + by.size())
    parts.push_back(text.substr(begin, end - begin));
  parts.push_back(text.substr(begin));
  return parts;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (std::string("([{").find(c) != std::string::npos) ++depth;
    if (std::string(")]}").find(c) != std::string::npos) --depth;
    if (c == ',' && depth == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

std::string join(const std::vector<std::string>& parts, const std::string& by) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i ? by : "") + parts[i];
  return out;
}

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \n"), end = text.find_last_not_of(" \n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::string with_commas(std::string digits, const std::string& comma) {
  for (int pos = static_cast<int>(digits.size()) - 3; pos > (digits[0] == '-' ? 1 : 0); pos -= 3)
    digits.insert(static_cast<size_t>(pos), comma);
  return digits;
}

std::string frac(const std::string& top, const std::string& bottom) {
  return "\\frac{" + top + "}{" + bottom + "}";
}

}  // namespace hone
