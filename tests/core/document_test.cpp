#include "core/document.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_document("r.json", text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string set_error_of(Document document, const std::string& assignment) {
  try {
    set_value(document, assignment);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

const char* const kRecipe = R"(// a recipe
{
  "name": "x", /* two
  lines */ "seed": 1,
  "stages": [
    {"name": "zero",
     "steps": 60
    },
    {
      "name": "cold-start"
    },
    7
  ],
  "odd key.": {"a/b": {"~": [1,

     2]}}
})";

TEST(Document, KnowsTheLineOfEveryValue) {
  const Document d = parse_document("r.json", kRecipe);
  EXPECT_EQ(d.where(""), "r.json:2");
  EXPECT_EQ(d.where("/name"), "r.json:3: name");
  EXPECT_EQ(d.where("/seed"), "r.json:4: seed");
  EXPECT_EQ(d.where("/stages"), "r.json:5: stages");
  EXPECT_EQ(d.where("/stages/0"), "r.json:6: stages[0]");
  EXPECT_EQ(d.where("/stages/0/steps"), "r.json:7: stages[0].steps");
  EXPECT_EQ(d.where("/stages/1"), "r.json:9: stages[1]");
  EXPECT_EQ(d.where("/stages/1/name"), "r.json:10: stages[1].name");
  EXPECT_EQ(d.where("/stages/2"), "r.json:12: stages[2]");
  EXPECT_EQ(d.where("/odd key./a~1b/~0/1"), "r.json:16: [\"odd key.\"][\"a/b\"][\"~\"][1]");
}

TEST(Document, PlacesWhatIsMissingWhereItIsMissingFrom) {
  const Document d = parse_document("r.json", kRecipe);
  EXPECT_EQ(d.where("/stages/1/steps"), "r.json:9: stages[1].steps");
  EXPECT_EQ(d.where("/stages/9/steps"), "r.json:5: stages[9].steps");
}

TEST(Document, KeepsValuesAsTheyAre) {
  const Document d =
      parse_document("r.json", R"({"a":[1,-2,1.5,18446744073709551615,true,null,"x\u00e9"],"b":{}})");
  EXPECT_EQ(d.root, Json::parse(R"({"a":[1,-2,1.5,18446744073709551615,true,null,"x\u00e9"],"b":{}})"));
  EXPECT_TRUE(d.root["a"][3].is_number_unsigned());
}

TEST(Document, NamesLineAndColumnOfASyntaxError) {
  EXPECT_EQ(error_of("{\n  \"a\": 1,\n  \"b\" 2\n}").rfind("r.json:3:7: ", 0), 0u)
      << error_of("{\n \"a\" 2}");
  EXPECT_NE(error_of("{\n  \"a\": 1,\n}").find("r.json:3:1: "), std::string::npos)
      << error_of("{\n  \"a\": 1,\n}");
  EXPECT_NE(error_of("").find("r.json:1:1: "), std::string::npos) << error_of("");
  EXPECT_NE(error_of("{} x").find("r.json:1:4: "), std::string::npos) << error_of("{} x");
  EXPECT_NE(error_of("[1e400]").find("number overflow"), std::string::npos) << error_of("[1e400]");
  EXPECT_NE(error_of("[NaN]").find("r.json:1:"), std::string::npos) << error_of("[NaN]");
  for (const char* text : {"{\n\"a\" 2}", "[1e400]", "/* never closed", "\"\n\"", "[\"\\ud800\"]"}) {
    const std::string message = error_of(text);
    EXPECT_EQ(message.find("json.exception"), std::string::npos) << message;
    EXPECT_EQ(message.find("last read"), std::string::npos) << message;
  }
}

TEST(Document, RejectsDuplicateKeys) {
  EXPECT_EQ(error_of("{\"a\": {\n\"b\": 1,\n\"b\": 2}}"), "r.json:3: duplicate key \"b\", first on line 2");
  EXPECT_EQ(error_of("[{\"a\": 1}, {\"a\": 1}]"), "no error");
}

TEST(Document, RejectsWhatIsNotUtf8) {
  EXPECT_EQ(error_of("{\n \"a\": \"\xff\"}"), "r.json:2:8: not UTF-8: byte 0xff");
  EXPECT_EQ(error_of("// \xc0\xaf\n{}"), "r.json:1:4: not UTF-8: byte 0xc0");
}

TEST(Document, RejectsNestingOver256Levels) {
  EXPECT_EQ(error_of(std::string(256, '[') + std::string(256, ']')), "no error");
  EXPECT_EQ(error_of(std::string(257, '[') + std::string(257, ']')), "r.json:1: nested over 256 levels deep");
  EXPECT_EQ(error_of(std::string(1000000, '[')), "r.json:1: nested over 256 levels deep");
}

TEST(Document, BoundsTheSizeOfPaths) {
  EXPECT_NE(error_of("{\"" + std::string(5000, 'k') + "\": 1}").find("a key of 5000 bytes"),
            std::string::npos);
}

TEST(Document, LoadsAFileAndNamesOneThatIsMissing) {
  EXPECT_THROW(load_document("no/such/file.json"), InputError);
}

TEST(SetValue, TakesKeysIndicesAndNames) {
  Document d = parse_document("r.json", kRecipe);
  set_value(d, "seed=7");
  set_value(d, "stages.0.steps=5");
  set_value(d, "stages.cold-start.epochs=2.5");
  set_value(d, "stages.zero.rewards=[{\"rule\": \"format\"}]");
  set_value(d, "name=plain text");
  set_value(d, "stages.2=null");
  EXPECT_EQ(d.root["seed"], 7);
  EXPECT_EQ(d.root["stages"][0]["steps"], 5);
  EXPECT_EQ(d.root["stages"][1]["epochs"], 2.5);
  EXPECT_EQ(d.root["stages"][0]["rewards"][0]["rule"], "format");
  EXPECT_EQ(d.root["name"], "plain text");
  EXPECT_TRUE(d.root["stages"][2].is_null());
}

TEST(SetValue, TakesWhatIsNoJsonAsText) {
  Document d = parse_document("r.json", kRecipe);
  for (const std::string& text : {std::string("[1,"), std::string("1e400"), std::string(""),
                                  std::string("a=b"), std::string(300, '[') + std::string(300, ']')}) {
    set_value(d, "name=" + text);
    EXPECT_EQ(d.root["name"], text);
  }
}

TEST(ParseValue, IsStrictJson) {
  EXPECT_EQ(parse_value(R"({"a": "[[\"[{"})"), Json::parse(R"({"a": "[[\"[{"})"));
  EXPECT_FALSE(parse_value("[1] // one"));
  EXPECT_FALSE(parse_value(""));
  EXPECT_FALSE(parse_value("\"\xff\""));
  EXPECT_TRUE(parse_value(std::string(256, '[') + std::string(256, ']')));
  EXPECT_FALSE(parse_value(std::string(257, '[') + std::string(257, ']')));
  EXPECT_TRUE(parse_value("[\"" + std::string(1000, '[') + "\"]"));
}

TEST(SetValue, IsNamedInsteadOfTheFileInMessages) {
  Document d = parse_document("r.json", kRecipe);
  set_value(d, "stages.0={\"steps\": 1}");
  EXPECT_EQ(d.where("/stages/0/steps"), "--set: stages[0].steps");
  EXPECT_EQ(d.where("/stages/1/name"), "r.json:10: stages[1].name");
}

TEST(SetValue, SaysWhatIsThereWhenAPathIsNot) {
  const Document d = parse_document("r.json", kRecipe);
  EXPECT_EQ(set_error_of(d, "stage.zero.steps=1"),
            "--set stage.zero.steps: there is no \"stage\"; did you mean stages?");
  EXPECT_EQ(set_error_of(d, "stages.zeru.steps=1"),
            "--set stages.zeru.steps: there is no \"zeru\"; did you mean zero?");
  EXPECT_EQ(set_error_of(d, "stages.3=1"), "--set stages.3: there is no \"3\"");
  EXPECT_EQ(set_error_of(d, "seed.x=1"), "--set seed.x: there is no \"x\" in a number");
  EXPECT_EQ(set_error_of(d, "seed"), "--set seed: expected key.path=value");
  EXPECT_EQ(set_error_of(d, "=1"), "--set =1: expected key.path=value");
  EXPECT_EQ(set_error_of(d, "seed=\xff"), "--set: not UTF-8");
}

TEST(NearestName, IsTheClosestByEditDistanceIfNear) {
  const std::vector<std::string> names{"num_generations", "num_minibatches", "beta", "steps"};
  EXPECT_EQ(nearest_name("num_generation", names), "num_generations");
  EXPECT_EQ(nearest_name("numminibatches", names), "num_minibatches");
  EXPECT_EQ(nearest_name("step", names), "steps");
  EXPECT_EQ(nearest_name("betta", names), "beta");
  EXPECT_EQ(nearest_name("tseps", {"sets", "steps"}), "steps") << "a transposition is one edit";
  EXPECT_EQ(nearest_name("learning_rate", names), "");
  EXPECT_EQ(nearest_name("x", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("a", {"b"}), "");
  EXPECT_EQ(nearest_name("beta", {}), "");
}

}  // namespace
}  // namespace hone
