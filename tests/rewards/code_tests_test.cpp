#include "rewards/code_tests.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

bool same(std::string_view got, std::string_view expected, const CompareOptions& options = {}) {
  return same_output(got, expected, options);
}

TEST(SameOutput, IgnoresWhiteSpaceAtTheEndsOfLinesOnly) {
  EXPECT_TRUE(same("1 2\n3\n", "1 2\n3"));
  EXPECT_TRUE(same("1 2 \r\n3\t\n\n\n", "1 2\n3\n"));
  EXPECT_FALSE(same("1  2\n3", "1 2\n3"));
  EXPECT_FALSE(same(" 1", "1"));
  EXPECT_FALSE(same("1\n\n2", "1\n2"));
  EXPECT_FALSE(same("YES", "Yes"));
}

TEST(SameOutput, IsOfTheWholeNotOfTheSharedPart) {
  EXPECT_FALSE(same("1\n", "1\n2\n"));
  EXPECT_FALSE(same("1\n2\n3\n", "1\n2\n"));
  EXPECT_FALSE(same("", "1"));
  EXPECT_FALSE(same("1", ""));
  EXPECT_TRUE(same("\n", ""));
}

TEST(SameOutput, OfNumbersIsTextUnlessATolerance) {
  EXPECT_FALSE(same("0.50", "0.5"));
  EXPECT_TRUE(same("0.50 x", "0.5 x", {.tolerance = 1e-9}));
  EXPECT_TRUE(same("1000001", "1000000", {.tolerance = 1e-6}));
  EXPECT_FALSE(same("1000003", "1000000", {.tolerance = 1e-6}));
  EXPECT_FALSE(same("1 2", "1", {.tolerance = 1e-6}));
  EXPECT_FALSE(same("nan", "1", {.tolerance = 1}));
  EXPECT_FALSE(same("inf", "1e308", {.tolerance = 1}));
  EXPECT_FALSE(same("1\n2", "1 2", {.tolerance = 1e-6}));
}

TEST(SameOutput, ByTokensTakesAnyWhiteSpace) {
  EXPECT_TRUE(same("1\n2  3", "1 2\n3\n", {.tokens = true}));
  EXPECT_FALSE(same("1 2", "1 2 3", {.tokens = true}));
  EXPECT_FALSE(same("12", "1 2", {.tokens = true}));
}

bool value(const char* got, const char* expected, const CompareOptions& options = {}) {
  return same_value(Json::parse(got), Json::parse(expected), options);
}

TEST(SameValue, ComparesData) {
  EXPECT_TRUE(value("[1, [2, \"a\"]]", "[1, [2, \"a\"]]"));
  EXPECT_TRUE(value("1.0", "1"));
  EXPECT_TRUE(value("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}"));
  EXPECT_FALSE(value("true", "1"));
  EXPECT_FALSE(value("\"1\"", "1"));
  EXPECT_FALSE(value("[2, 1]", "[1, 2]"));
  EXPECT_FALSE(value("[1]", "[1, 2]"));
  EXPECT_FALSE(value("null", "[]"));
  EXPECT_FALSE(value("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(value("-1", "18446744073709551615"));
  EXPECT_FALSE(value("0.30000000000000004", "0.3"));
  EXPECT_TRUE(value("0.30000000000000004", "0.3", {.tolerance = 1e-9}));
  EXPECT_FALSE(value("3", "[3]"));
  EXPECT_TRUE(value("3", "[3]", {.unwrap = true}));
  EXPECT_FALSE(value("3", "[3, 3]", {.unwrap = true}));
}

TEST(ReadTests, TakesTheShapesOfTheKnownDatasets) {
  const CodeTests object = read_tests({{"tests", {{"inputs", {"1\n"}}, {"outputs", {"2\n"}}}}}, "tests");
  ASSERT_EQ(object.tests.size(), 1u);
  EXPECT_EQ(object.tests[0].input, "1\n");
  EXPECT_EQ(object.tests[0].output, "2\n");
  const CodeTests text = read_tests({{"t", R"([{"input": "1", "output": "2"}])"}}, "t");
  EXPECT_EQ(text.tests[0].output, "2");
  const CodeTests lines = read_tests({{"t", R"({"inputs": [["1", "2"]], "outputs": [["3"]]})"}}, "t");
  EXPECT_EQ(lines.tests[0].input, "1\n2\n");
}

TEST(ReadTests, TakesCallsOfAFunction) {
  const CodeTests apps =
      read_tests({{"tests", R"({"fn_name": "add", "inputs": [[1, [2]]], "outputs": [3]})"}}, "tests");
  EXPECT_EQ(apps.function, "add");
  EXPECT_EQ(Json::parse(apps.tests[0].input), Json::parse(R"({"fn_name": "add", "args": [1, [2]]})"));
  EXPECT_EQ(apps.tests[0].value, 3);
  const Json row = {{"tests", R"([{"input": "[1]\n\"a\"", "output": "[3]", "testtype": "functional"}])"},
                    {"metadata", R"({"func_name": "f"})"}};
  const CodeTests live = read_tests(row, "tests");
  EXPECT_EQ(live.function, "f");
  EXPECT_EQ(Json::parse(live.tests[0].input)["args"], Json::parse(R"([[1], "a"])"));
  EXPECT_EQ(live.tests[0].value, Json::parse("[3]"));
  const Json programs = {{"tests", R"([{"input": "1", "output": "2", "testtype": "stdin"}])"},
                         {"fn_name", "f"}};
  EXPECT_EQ(read_tests(programs, "tests").function, "");
}

std::string complaint(const Json& row) {
  try {
    read_tests(row, "tests");
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST(ReadTests, SaysWhatIsWrongWithARow) {
  EXPECT_EQ(complaint(Json::object()), "code: the row has no \"tests\"");
  EXPECT_EQ(complaint({{"tests", "{"}}), "code: the row's \"tests\": is a text that is not JSON");
  EXPECT_EQ(complaint({{"tests", 3}}), "code: the row's \"tests\": got number, expected an object or a list");
  EXPECT_EQ(complaint({{"tests", Json::array()}}), "code: the row's \"tests\": holds no test");
  EXPECT_EQ(complaint({{"tests", R"({"inputs": ["1"], "outputs": []})"}}),
            "code: the row's \"tests\": 1 inputs and 0 outputs");
  EXPECT_EQ(complaint({{"tests", R"([{"input": "1"}])"}}),
            "code: the row's \"tests\", [0]: expected an object with \"input\" and \"output\"");
  EXPECT_EQ(complaint({{"tests", R"([{"input": {}, "output": ""}])"}}),
            "code: the row's \"tests\", [0]: got object, expected a string or a list of lines");
  EXPECT_NE(
      complaint({{"tests", R"([{"input": "1", "output": "", "testtype": "functional"}])"}}).find("fn_name"),
      std::string::npos);
}

}  // namespace
}  // namespace hone
