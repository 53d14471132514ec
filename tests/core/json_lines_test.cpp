#include "core/json_lines.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/error.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

std::vector<JsonLine> read(const std::string& text) {
  std::istringstream in(text);
  JsonLinesReader reader("rows.jsonl", in);
  std::vector<JsonLine> out;
  while (auto line = reader.next()) out.push_back(*line);
  return out;
}

std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(JsonLines, GivesValuesWithTheirLines) {
  const auto lines = read("{\"a\": 1}\r\n\n  \n[2]\n\"last\"");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].number, 1);
  EXPECT_EQ(lines[0].value["a"], 1);
  EXPECT_EQ(lines[1].number, 4);
  EXPECT_EQ(lines[2].number, 5);
  EXPECT_EQ(lines[2].value, "last");
  EXPECT_TRUE(read("").empty());
}

TEST(JsonLines, ComplaintsNameFileLineAndColumn) {
  EXPECT_EQ(error_of("[1]\n{\"a\" 1}\n").rfind("rows.jsonl:2:6: syntax error", 0), 0u)
      << error_of("[1]\n{\"a\" 1}\n");
  EXPECT_EQ(error_of("[1]\n\n{\"a\": \"\xe9\"}\n"), "rows.jsonl:3:8: not UTF-8: byte 0xe9");
  EXPECT_EQ(error_of("1\n[1] [2]\n").rfind("rows.jsonl:2:5: ", 0), 0u);
  EXPECT_EQ(error_of("1\n" + std::string(300, '[')), "rows.jsonl:2: nested over 256 levels deep");
}

TEST(JsonLines, ReadsFiles) {
  const TempFolder temp;
  std::ofstream(temp / "rows.jsonl") << "1\n2\n";
  int64_t sum = 0;
  for_each_json_line(temp / "rows.jsonl",
                     [&](const JsonLine& line) { sum += line.value.get<int64_t>() * line.number; });
  EXPECT_EQ(sum, 5);
  EXPECT_THROW(for_each_json_line(temp / "absent", [](const JsonLine&) {}), InputError);
  EXPECT_THROW(for_each_json_line(temp.path(), [](const JsonLine&) {}), InputError);
}

TEST(JsonLines, WrittenLinesReadBack) {
  const Json value = {{"text", "a\nb \xe6\x95\xb0"}, {"number", 0.1}};
  const auto lines = read(to_json_line(value) + to_json_line(value));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].value, value);
}

TEST(JsonLines, BytesThatAreNotUtf8AreWrittenAsReplacementCharacters) {
  EXPECT_EQ(to_json_line("a\xff"
                         "b"),
            "\"a\xef\xbf\xbd"
            "b\"\n");
}

}  // namespace
}  // namespace hone
