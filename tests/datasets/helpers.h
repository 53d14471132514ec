// Shared by the tests of datasets/: datasets from JSON texts, items of a text, and an evaluator that knows
// nothing of the code under test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace hone::test {

inline Dataset dataset(const std::string& json) {
  const Document document = parse_document("recipe.json", json);
  return Dataset(Fields(document));
}

inline std::unique_ptr<Task> task(const std::string& json) {
  const Document document = parse_document("recipe.json", json);
  return make_task(Fields(document));
}

/// `f` throws an InputError whose message holds every part. (Builtins, as clang 14 has no std::source_location.)
template <class F>
void expect_says(const F& f, std::initializer_list<const char*> parts, const char* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  try {
    f();
    ADD_FAILURE_AT(file, line) << "no InputError";
  } catch (const InputError& error) {
    const std::string message = error.what();
    for (const char* part : parts)
      if (message.find(part) == std::string::npos)
        ADD_FAILURE_AT(file, line) << "no '" << part << "' in: " << message;
  }
}

inline std::string text_of(const Example& example) {
  std::string text;
  for (const Piece& piece : example.pieces) text += piece.text;
  return text;
}

/// Words, numbers, operators and tags, in order.
inline std::vector<std::string> items_of(const std::string& text) {
  std::vector<std::string> items;
  std::string item;
  const auto end = [&] {
    if (!item.empty()) items.push_back(std::move(item));
    item.clear();
  };
  for (const char c : text) {
    if (c == '<' || c == ' ') end();
    if (c != ' ') item += c;
    if (c == '>') end();
  }
  end();
  return items;
}

inline std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const size_t begin = text.find(open), end = text.find(close, begin + open.size());
  if (begin == std::string::npos || end == std::string::npos) return "";
  return text.substr(begin + open.size(), end - begin - open.size());
}

/// One think block, one answer block, nothing else.
inline bool well_formed(const std::string& text) {
  const std::vector<std::string> items = items_of(text);
  std::string tags;
  for (const std::string& item : items)
    if (item[0] == '<') tags += item;
  return tags == "<think></think><answer></answer>" && items.front() == "<think>" &&
         items.back() == "</answer>" && !between(text, "<think>", "</think>").empty() &&
         text.find("</think><answer>") != std::string::npos;
}

/// Value of items such as ( 3 * 5 ) + 9: at most one operator a level. Adds the numbers to `used`.
inline int evaluate(const std::vector<std::string>& items, size_t& at, std::vector<int>& used);

inline int operand(const std::vector<std::string>& items, size_t& at, std::vector<int>& used) {
  if (items.at(at) != "(") return used.push_back(std::stoi(items.at(at))), std::stoi(items[at++]);
  const int value = evaluate(items, ++at, used);
  EXPECT_EQ(items.at(at), ")");
  return ++at, value;
}

inline int evaluate(const std::vector<std::string>& items, size_t& at, std::vector<int>& used) {
  const int left = operand(items, at, used);
  const std::string op = items.at(at++);
  const int right = operand(items, at, used);
  EXPECT_TRUE(op != "/" || left % right == 0);
  return op == "+" ? left + right : op == "-" ? left - right : op == "*" ? left * right : left / right;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hone_datasets_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  /// Writes a file and gives its path.
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hone::test
