// A row's tests, in the shapes that APPS, TACO, CodeContests and LiveCodeBench have:
//   {"inputs": ["3\n"], "outputs": ["6\n"]}                        standard input and output
//   {"fn_name": "add", "inputs": [[1, 2]], "outputs": [3]}          calls; "func_name" too
//   [{"input": "3\n", "output": "6\n"}, ...]                        with "testtype": "functional" calls
// each also as a JSON text. The name of the function may stand in the row instead, or in its "metadata".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace hone {

struct CodeTest {
  std::string input;   // for standard input; of a call: {"fn_name", "args"}
  std::string output;  // expected; of a call: `value`
  Json value;
};

struct CodeTests {
  std::string function;  // empty: whole programs
  std::vector<CodeTest> tests;
};

/// InputError names the field and what is wrong with it.
CodeTests read_tests(const Json& row, const std::string& field);

struct CompareOptions {
  bool tokens = false;  // words instead of lines: any white space is as good as any other
  double tolerance =
      0;  // numbers may differ by this, absolutely or relative to the expected one; 0: text must be equal
  bool unwrap = false;  // calls: an expected [x] also accepts x (APPS writes them so)
};

/// All of the output. Lines are compared without the white space at their ends, and without empty lines at
/// the end of the text.
bool same_output(std::string_view got, std::string_view expected, const CompareOptions& options);

/// Values as JSON has them: 1 equals 1.0 and not true; the order of a list counts, that of an object does
/// not.
bool same_value(const Json& got, const Json& expected, const CompareOptions& options);

}  // namespace hone
