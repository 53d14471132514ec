// Small edits of text that the makers of pairs share.
#pragma once

#include <string>
#include <vector>

namespace hone {

std::string replaced(std::string text, const std::string& from, const std::string& to);
std::vector<std::string> split(const std::string& text, const std::string& by);
/// At the commas outside of all brackets and braces.
std::vector<std::string> split_list(const std::string& text);
std::string join(const std::vector<std::string>& parts, const std::string& by);
std::string trimmed(const std::string& text);
/// "1250000" with ',' between groups: "1,250,000".
std::string with_commas(std::string digits, const std::string& comma);
std::string frac(const std::string& top, const std::string& bottom);

template <class T>
std::vector<T> reversed(const std::vector<T>& v) {
  return {v.rbegin(), v.rend()};
}

}  // namespace hone
