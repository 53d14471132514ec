#include "tests/rewards/code_helper.h"

namespace hone {
namespace {

constexpr const char* kAdd = R"({"inputs": ["1 2\n", "3 4\n", "5 6\n"], "outputs": ["3\n", "7\n", "11\n"]})";
constexpr const char* kCallAdd = R"({"fn_name": "add", "inputs": [[1, 2], [3, 4]], "outputs": [3, 7]})";

class CodeRule : public testing::Test {
 protected:
  void SetUp() override { HONE_NEEDS_SANDBOX(); }
};

std::string status(const Reward& reward) { return reward.detail.value("status", Json()).dump(); }

TEST_F(CodeRule, PaysForAProgramThatPassesAllTests) {
  const Reward python = judge_code("python", "a, b = map(int, input().split())\nprint(a + b)", kAdd);
  EXPECT_EQ(python.value, 1.0) << python.detail << python.error;
  EXPECT_EQ(python.detail["verdict"], "correct");
  EXPECT_EQ(python.detail["language"], "python");
  EXPECT_EQ(python.detail["passed"], 3);
  const Reward cpp = judge_code(
      "cpp", "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }", kAdd);
  EXPECT_EQ(cpp.value, 1.0) << cpp.detail << cpp.error;
}

TEST_F(CodeRule, StopsAtTheFirstFailureOrPaysAFraction) {
  const std::string program = "a, b = map(int, input().split())\nprint(a + b if a < 5 else 0)";
  const std::string first_fails = "a, b = map(int, input().split())\nprint(a + b if a > 1 else 0)";
  EXPECT_EQ(judge_code("python", program, kAdd).value, 0.0);
  EXPECT_EQ(judge_code("python", program, kAdd, "\"wrong\": -0.5").value, -0.5);
  EXPECT_EQ(judge_code("python", program, kAdd, R"("score": "fraction")").value, 2.0 / 3);
  EXPECT_EQ(status(judge_code("python", first_fails, kAdd)), R"(["wrong","not_run","not_run"])");
  const Reward fraction = judge_code("python", first_fails, kAdd, R"("score": "fraction")");
  EXPECT_EQ(status(fraction), R"(["wrong","passed","passed"])");
  EXPECT_EQ(fraction.detail["failure"],
            Json::parse(R"({"test": 0, "status": "wrong", "output": "0\n", "expected": "3\n"})"));
}

TEST_F(CodeRule, SaysHowAProgramFailed) {
  const auto failure = [](const std::string& language, const std::string& program,
                          const std::string& options = "") {
    const Reward reward = judge_code(language, program, R"({"inputs": [""], "outputs": ["1"]})", options);
    EXPECT_EQ(reward.value, 0.0);
    EXPECT_EQ(reward.error, "");
    return reward.detail.value("failure", Json(reward.detail));
  };
  const Json raised = failure("python", "print(1)\n1 / 0");
  EXPECT_EQ(raised["status"], "runtime_error");
  EXPECT_EQ(raised["exit_status"], 1);
  EXPECT_NE(raised["errors"].get<std::string>().find("ZeroDivisionError"), std::string::npos);
  EXPECT_EQ(failure("python", "print(1)\nimport sys\nsys.exit(7)")["exit_status"], 7);
  EXPECT_EQ(failure("cpp", "#include <cstdlib>\nint main() { abort(); }")["signal"], 6);
  EXPECT_EQ(failure("cpp", "int main() { volatile int* p = nullptr; return *p; }")["signal"], 11);
  EXPECT_EQ(failure("python", "while True: pass", "\"time_limit\": 0.2")["status"], "time");
  EXPECT_EQ(
      failure("python", "import time\ntime.sleep(1000)", R"("time_limit": 0.2, "wall_limit": 0.5)")["status"],
      "time");
  EXPECT_EQ(failure("python", "x = bytearray(1 << 31)")["status"], "memory");
  EXPECT_EQ(
      failure(
          "cpp",
          "#include <vector>\nint main() { std::vector<int> v(1u << 30, 1); return v[3] - 1; }")["status"],
      "memory");
  EXPECT_EQ(failure("python", "while True: print('x' * 1000)", "\"output_mb\": 1")["status"], "output_limit");
  EXPECT_EQ(failure("cpp", "#include <cstdio>\nint main() { for (;;) std::puts(\"xxxxxxxxxxxxxx\"); }",
                    "\"output_mb\": 1")["status"],
            "output_limit");
}

TEST_F(CodeRule, ReportsWhatTheCompilerSays) {
  const Reward reward = judge_code("cpp", "int main() { return x; }", kAdd);
  EXPECT_EQ(reward.value, 0.0);
  EXPECT_EQ(reward.detail["verdict"], "compile_error");
  EXPECT_NE(reward.detail["errors"].get<std::string>().find("was not declared in this scope"),
            std::string::npos)
      << reward.detail;
}

TEST_F(CodeRule, CompilersAreBoundedToo) {
  const std::string endless =
      "template <int N> struct A { static const int v = A<N + 1>::v + A<N + 2>::v; };\nint main() { return "
      "A<0>::v; }";
  const Reward reward =
      judge_code("cpp", "#pragma GCC diagnostic ignored \"-Wall\"\n" + endless, kAdd, "\"compile_limit\": 2");
  EXPECT_EQ(reward.detail["verdict"], "compile_error") << reward.detail;
  EXPECT_EQ(judge_code("cpp", "#include \"/dev/zero\"\nint main() {}", kAdd, "\"compile_limit\": 2")
                .detail["verdict"],
            "compile_error");
}

TEST_F(CodeRule, CallsAFunctionOfPython) {
  EXPECT_EQ(judge_code("python", "def add(a, b):\n    return a + b", kCallAdd).value, 1.0);
  EXPECT_EQ(
      judge_code("python",
                 "class Solution:\n    def add(self, a: int, b: List[int]) -> int:\n        return a + b",
                 kCallAdd)
          .value,
      1.0);
  EXPECT_EQ(judge_code("python", "def add(a, b):\n    print(3)\n    return a - b", kCallAdd).value, 0.0);
  EXPECT_EQ(status(judge_code("python", "def sub(a, b): pass", kCallAdd)), R"(["runtime_error","not_run"])");
  EXPECT_EQ(status(judge_code("python", "import sys\nsys.exit(0)", kCallAdd)), R"(["no_result","not_run"])");
  const std::string shapes =
      R"({"fn_name": "f", "inputs": [[{"a": [1, 2.5, null, true, "\u00e9"]}]], "outputs": [[{"a": [1, 2.5, null, true, "\u00e9"]}, [1]]]})";
  const Reward reward = judge_code("python", "def f(x): return (x, [1])", shapes);
  EXPECT_EQ(reward.value, 1.0) << reward.detail;
}

TEST_F(CodeRule, AValueMustBeData) {
  const std::string forged =
      "class Any(int):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n    def "
      "__repr__(self): return '3'\n";
  const Reward subclass = judge_code("python", forged + "def add(a, b): return Any(99)", kCallAdd);
  EXPECT_EQ(subclass.value, 0.0);
  EXPECT_NE(subclass.detail["failure"]["errors"].get<std::string>().find("expected data as JSON has it"),
            std::string::npos);
  EXPECT_EQ(judge_code("python", "def add(a, b): return float('nan')", kCallAdd).value, 0.0);
  EXPECT_EQ(judge_code("python", "def add(a, b): return {1, 2}", kCallAdd).value, 0.0);
}

class SlowCodeRule : public CodeRule {};  // four programs to compile

TEST_F(SlowCodeRule, CallsAFunctionOfCpp) {
  EXPECT_EQ(judge_code("cpp", "int add(int a, int b) { return a + b; }", kCallAdd).value, 1.0);
  const Reward member = judge_code(
      "cpp",
      "#define int long long\nclass Solution { public: int add(const int& a, int b) { return a + b; } };",
      kCallAdd);
  EXPECT_EQ(member.value, 1.0) << member.detail;
  const std::string shapes =
      R"({"fn_name": "f", "inputs": [[[[1, 2], []], "a\"\u00e9\n", true, 1.5, ["x"]]], "outputs": [[["a\"\u00e9\n", "x", "2", "1.5"]]]})";
  const Reward reward = judge_code(
      "cpp",
      "vector<vector<string>> f(vector<vector<int>>& v, string s, bool b, double d, vector<string> w) {\n"
      "  ostringstream o; o << d; return {{s, w[0], to_string(v[0].size()), o.str()}};\n}",
      shapes);
  EXPECT_EQ(reward.value, 1.0) << reward.detail;
  const Reward type = judge_code("cpp", "int add(map<int, int> a, int b) { return b; }", kCallAdd);
  EXPECT_EQ(type.detail["verdict"], "compile_error");
}

TEST_F(CodeRule, TestsDoNotSeeEachOther) {
  const std::string program =
      "import os\nprint(len(os.listdir('/tmp')) + len(os.listdir('/dev/shm')))\nopen('/tmp/seen', "
      "'w').write('x')";
  const Reward reward = judge_code("python", program, R"({"inputs": ["", ""], "outputs": ["0", "0"]})");
  EXPECT_EQ(reward.value, 1.0) << reward.detail;
}

TEST_F(CodeRule, ProgramsRunAsTheyDoOutside) {
  const auto output = [](const std::string& program, const std::string& expected,
                         const std::string& options = "") {
    const Reward reward =
        judge_code("python", program, Json{{"inputs", {"a\nb\n"}}, {"outputs", {expected}}}.dump(), options);
    EXPECT_EQ(reward.value, 1.0) << reward.detail << reward.error;
  };
  output("import sys\nprint(__name__, len(sys.argv))", "__main__ 1");
  output("import sys\nfor line in sys.stdin: print(line.strip())", "a\nb");
  output("print(open(0).read().split())", "['a', 'b']");
  output("print(open('/dev/stdin').readline())", "a");
  output("import sys\nprint(sys.stdin.buffer.read())", "b'a\\nb\\n'");
  output("import atexit\natexit.register(print, 'bye')\nprint('hi')", "hi\nbye");
  output("import threading\nthreading.Thread(target=print, args=('t',)).start()", "t");
  output(
      "import threading, sys\nthreading.stack_size(1 << 27)\nsys.setrecursionlimit(1 << 20)\n"
      "def f(n): return n and 1 + f(n - 1)\nt = threading.Thread(target=lambda: "
      "print(f(50000)))\nt.start()\nt.join()",
      "50000");
  output("f = open(1, 'w')\nf.write('left open')", "left open");
  output(
      "import pickle, dataclasses\n@dataclasses.dataclass\nclass A:\n    x: "
      "int\nprint(pickle.loads(pickle.dumps(A(3))))",
      "A(x=3)");
  output("raise SystemExit", "");
  output("import asyncio\nasync def f(): return 3\nprint(asyncio.run(f()))", "3");
  output("import subprocess\nprint(subprocess.run(['echo', 'x'], capture_output=True, text=True).stdout)",
         "x", "\"processes\": 4");
}

TEST_F(CodeRule, BadOptionsAreNamed) {
  const auto complaint = [](const std::string& options) -> std::string {
    try {
      judge_code("python", "", kAdd, options);
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  };
  EXPECT_NE(complaint("\"score\": \"some\"").find("all"), std::string::npos);
  EXPECT_NE(complaint("\"time_limits\": 3").find("time_limit"), std::string::npos);
  EXPECT_NE(complaint(R"("time_limit": 4, "wall_limit": 2)").find("at least the time_limit, 4"),
            std::string::npos);
  EXPECT_NE(complaint("\"language\": \"rust\"").find("python"), std::string::npos);
}

TEST_F(CodeRule, NoProgramIsAVerdict) {
  const Reward reward = score(R"({"rule": "code", "wrong": -1})", {"I don't know.", {{"tests", kAdd}}});
  EXPECT_EQ(reward.value, 0.0);
  EXPECT_EQ(reward.detail["verdict"], "no_answer");
  EXPECT_EQ(reward.error, "");
}

}  // namespace
}  // namespace hone
