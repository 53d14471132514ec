#include "core/fields.h"

#include <gtest/gtest.h>

#include <functional>

namespace hone {
namespace {

const char* const kText = R"({
  "name": "x", "none": null,
  "steps": 60,
  "rate": 3e-6,
  "flag": true,
  "words": ["a", "b"], "numbers": [1, 2.5], "counts": [1, -2],
  "big": 18446744073709551615, "minus": -5, "half": 1.5,
  "eval": {"samples": 4, "every": 10},
  "stages": [{"type": "grpo"}, {"type": "sft",
    "epoch": 2}]
})";

std::string error_of(const std::function<void(Fields&)>& use, const std::string& text = kText) {
  const Document document = parse_document("r.json", text);
  try {
    Fields fields(document);
    use(fields);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Fields, ReadsEveryType) {
  const Document d = parse_document("r.json", kText);
  Fields f(d);
  EXPECT_EQ(f.get("steps", int64_t{1}), 60);
  EXPECT_EQ(f.get("steps", 1.0), 60.0);
  EXPECT_EQ(f.require<double>("rate", above(0)), 3e-6);
  EXPECT_EQ(f.get("flag", false), true);
  EXPECT_EQ(f.get("name", std::string()), "x");
  EXPECT_EQ(f.require<uint64_t>("big"), 18446744073709551615ull);
  EXPECT_EQ(f.require<int64_t>("minus"), -5);
  EXPECT_EQ(f.get("words", std::vector<std::string>{}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(f.get("numbers", std::vector<double>{}), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(f.get("counts", std::vector<int64_t>{}), (std::vector<int64_t>{1, -2}));
  EXPECT_EQ(f.get("eval", Json())["samples"], 4);
  EXPECT_EQ(f.get("none", int64_t{9}), 9);
  EXPECT_EQ(f.get("absent", std::string("d")), "d");
  EXPECT_FALSE(f.has("none"));
  EXPECT_TRUE(f.has("steps"));
}

TEST(Fields, ComplaintsNameFileLineKeyValueAndExpectation) {
  EXPECT_EQ(error_of([](Fields& f) { f.require<int64_t>("name", at_least(1)); }),
            "r.json:2: name: got \"x\" (string), expected an integer >= 1");
  EXPECT_EQ(error_of([](Fields& f) { f.get("steps", int64_t{1}, at_least(61)); }),
            "r.json:3: steps: got 60, expected an integer >= 61");
  EXPECT_EQ(error_of([](Fields& f) { f.get("half", int64_t{1}); }),
            "r.json:7: half: got 1.5, expected an integer");
  EXPECT_EQ(error_of([](Fields& f) { f.get("big", int64_t{1}); }),
            "r.json:7: big: got 18446744073709551615, expected an integer");
  EXPECT_EQ(error_of([](Fields& f) { f.get("minus", uint64_t{1}); }),
            "r.json:7: minus: got -5, expected an integer >= 0");
  EXPECT_EQ(error_of([](Fields& f) { f.get("half", 0.0, between(0, 1)); }),
            "r.json:7: half: got 1.5, expected a number from 0 to 1");
  EXPECT_EQ(error_of([](Fields& f) { f.get("minus", 1.0, above(0)); }),
            "r.json:7: minus: got -5, expected a number > 0");
  EXPECT_EQ(error_of([](Fields& f) { f.get("steps", true); }),
            "r.json:3: steps: got 60, expected true or false");
  EXPECT_EQ(error_of([](Fields& f) { f.get("flag", std::string()); }),
            "r.json:5: flag: got true (boolean), expected a string");
  EXPECT_EQ(error_of([](Fields& f) { f.get("name", std::vector<std::string>{}); }),
            "r.json:2: name: got \"x\" (string), expected an array of strings");
  EXPECT_EQ(error_of([](Fields& f) { f.get("numbers", std::vector<int64_t>{}, at_least(1)); }),
            "r.json:6: numbers[1]: got 2.5, expected an integer >= 1");
}

TEST(Fields, LongValuesAreShortened) {
  const std::string message =
      error_of([](Fields& f) { f.get("a", int64_t{1}); }, "{\"a\": \"" + std::string(1000, 'x') + "\"}");
  EXPECT_NE(message.find("xxx... (string)"), std::string::npos) << message;
  EXPECT_LT(message.size(), 150u);
}

TEST(Fields, RangesReadAsWords) {
  EXPECT_EQ(Range{}.text(), "");
  EXPECT_EQ(at_least(1).text(), ">= 1");
  EXPECT_EQ(above(0).text(), "> 0");
  EXPECT_EQ(between(0, 0.1).text(), "from 0 to 0.1");
  EXPECT_EQ((Range{0, 1, true}).text(), "> 0 and <= 1");
  EXPECT_EQ((Range{-INFINITY, 2}).text(), "<= 2");
}

TEST(Fields, OneOfNamesTheNearest) {
  const std::vector<std::string> allowed{"grpo", "dapo", "dr_grpo"};
  EXPECT_EQ(error_of([&](Fields& f) { f.one_of("name", "grpo", allowed); }),
            "r.json:2: name: got \"x\", expected one of grpo, dapo, dr_grpo");
  EXPECT_EQ(error_of([&](Fields& f) { f.one_of("l", "grpo", allowed); }, "{\"l\": \"grpoo\"}"),
            "r.json:1: l: got \"grpoo\", expected one of grpo, dapo, dr_grpo; did you mean grpo?");
  const Document d = parse_document("r.json", "{}");
  EXPECT_EQ(Fields(d).one_of("l", "dapo", allowed), "dapo");
}

TEST(Fields, MissingRequiredKeysAreNamed) {
  EXPECT_EQ(error_of([](Fields& f) { f.require<std::string>("policy"); }),
            "r.json:1: policy: missing, expected a string");
  EXPECT_EQ(error_of([](Fields& f) { f.require<int64_t>("step", at_least(1)); }),
            "r.json:1: step: missing, expected an integer >= 1; is it written steps?");
}

TEST(Fields, UnknownKeysAreErrorsWithTheNearestName) {
  const auto use = [](Fields& f) {
    f.get("num_generations", int64_t{16});
    f.finish();
  };
  EXPECT_EQ(error_of(use, "{\n\"num_generation\": 4}"),
            "r.json:2: num_generation: unknown key; did you mean num_generations?");
  EXPECT_EQ(error_of(use, "{\n\n\"zzz\": 4}"), "r.json:3: zzz: unknown key");
  EXPECT_EQ(error_of(use, "{\"num_generations\": 4}"), "no error");
}

TEST(Fields, FinishLooksIntoChildren) {
  EXPECT_EQ(error_of([](Fields& f) {
              for (Fields& stage : f.children("stages")) {
                stage.get("type", std::string());
                stage.get("epochs", int64_t{1});
              }
              for (const auto& [key, value] : f.json().items()) f.has(key);
              f.finish();
            }),
            "r.json:10: stages[1].epoch: unknown key; did you mean epochs?");
}

TEST(Fields, ChildrenMustBeObjects) {
  EXPECT_EQ(error_of([](Fields& f) { f.child("steps"); }), "r.json:3: steps: got 60, expected an object");
  EXPECT_EQ(error_of([](Fields& f) { f.children("eval"); }),
            "r.json:8: eval: got {\"every\":10,\"samples\":4} (object), expected an array of objects");
  EXPECT_EQ(error_of([](Fields& f) { f.children("words"); }),
            "r.json:6: words[0]: got \"a\" (string), expected an object");
  EXPECT_EQ(error_of([](Fields&) {}, "[1]"), "r.json:1: got [1] (array), expected an object");
  EXPECT_EQ(error_of([](Fields&) {}, "null"), "r.json:1: got null (null), expected an object");
}

TEST(Fields, AbsentChildrenAreEmpty) {
  const Document d = parse_document("r.json", "{\"e\": null}");
  Fields f(d);
  EXPECT_EQ(f.child("e").get("samples", int64_t{4}), 4);
  EXPECT_EQ(f.child("x").get("samples", int64_t{5}), 5);
  EXPECT_TRUE(f.children("stages").empty());
  EXPECT_EQ(f.child("x").where(), "r.json:1: x");
  f.finish();
}

TEST(Fields, ResolvedHoldsEveryDefaultAndReadsBackTheSame) {
  const auto read = [](Fields& f) {
    f.get("steps", int64_t{100});
    f.get("beta", 0.5);
    f.one_of("loss_type", "grpo", {"grpo"});
    f.child("eval").get("samples", int64_t{1});
    f.child("eval").get("every", int64_t{0});
    for (Fields& stage : f.children("stages"))
      stage.get("type", std::string()), stage.get("epoch", int64_t{1});
    return f.resolved();
  };
  const Document d = parse_document("r.json", kText);
  Fields f(d);
  const Json resolved = read(f);
  EXPECT_EQ(resolved,
            Json::parse(R"({"steps":60,"beta":0.5,"loss_type":"grpo","eval":{"samples":4,"every":10},
                                      "stages":[{"type":"grpo","epoch":1},{"type":"sft","epoch":2}]})"));
  const Document again = parse_document("resolved", resolved.dump());
  Fields g(again);
  EXPECT_EQ(read(g), resolved);
  g.finish();
}

TEST(Fields, ErrorsOfTheCallerArePlacedToo) {
  EXPECT_EQ(error_of([](Fields& f) { throw f.child("eval").error("samples", "got 4, expected 5"); }),
            "r.json:8: eval.samples: got 4, expected 5");
}

}  // namespace
}  // namespace hone
