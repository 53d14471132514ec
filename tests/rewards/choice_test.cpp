#include "rewards/choice.h"

#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

const Choices kCities{{"A", "B", "C", "D"}, {"Rome", "Paris", "New York", "A dog"}};

std::string read(std::string_view answer, const Choices& choices = kCities) {
  std::string out;
  for (const size_t index : read_choice(answer, choices).chosen) out += choices.labels[index];
  return out;
}

TEST(ReadChoice, ALetterHoweverItIsWritten) {
  for (const char* answer : {"B",
                             "b",
                             "(B)",
                             "[B]",
                             "B.",
                             "B)",
                             "(b)",
                             "**B**",
                             "$B$",
                             "$\\text{B}$",
                             "\\text{(B)}",
                             "\\mathrm{B}",
                             "Option B",
                             "option B.",
                             "Choice (B)",
                             "\uFF22",
                             "\uFF08B\uFF09",
                             "\u9009B",
                             "\u9009\u9879 B",
                             "`B`",
                             " B \n",
                             "\u24B7"}) {
    EXPECT_EQ(read(answer), "B") << answer;
  }
}

TEST(ReadChoice, TheTextOfAnOptionWithOrWithoutItsLetter) {
  for (const char* answer :
       {"Paris", "paris.", "B. Paris", "(B) Paris", "B: paris", "B) **Paris**", "B Paris", "B\u3001Paris"})
    EXPECT_EQ(read(answer), "B") << answer;
  EXPECT_EQ(read("new  york"), "C");
  EXPECT_EQ(read("A dog"), "D");
  EXPECT_EQ(read("B. Paris, the capital of France"), "B");
}

TEST(ReadChoice, WhatNamesNoOption) {
  for (const char* answer :
       {"", "E", "F.", "dog", "B Rome", "B. Rome", "A. Paris", "Bob", "B because", "Parisian", "?", "()"})
    EXPECT_EQ(read(answer), "") << answer;
  EXPECT_EQ(read_choice("B. Rome", kCities).reason, "the label and the text are those of different options");
  EXPECT_EQ(read("x", {{"A", "B"}, {"x", "X"}}), "");
}

TEST(ReadChoice, SeveralOptions) {
  for (const char* answer : {"A, C", "C, A", "A and C", "A,C", "AC", "(A), (C)", "A & C", "A\u3001C", "A;C"})
    EXPECT_EQ(read(answer), "AC") << answer;
  EXPECT_EQ(read("A, B, and D"), "ABD");
  EXPECT_EQ(read("AA"), "");
  EXPECT_EQ(read("AE"), "");
}

TEST(ReadChoice, WithoutOptionsTheLetterDecides) {
  EXPECT_EQ(read("C", letters_only()), "C");
  EXPECT_EQ(read("C. whatever", letters_only()), "C");
  EXPECT_EQ(read("whatever", letters_only()), "");
}

double choice(const std::string& answer, const Json& row, const std::string& options = "") {
  return score(R"({"rule": "choice")" + options + "}", {"<answer>" + answer + "</answer>", row}).value;
}

TEST(ChoiceRule, TheRowSaysWhichOptionIsRight) {
  const Json options = {"Rome", "Paris"};
  for (const Json& gold : {Json("B"), Json("(b)"), Json("Paris"), Json(1), Json::array({"B"})}) {
    EXPECT_EQ(choice("B", {{"answer", gold}, {"options", options}}), 1.0) << gold;
    EXPECT_EQ(choice("Paris", {{"answer", gold}, {"choices", options}}), 1.0) << gold;
    EXPECT_EQ(choice("A", {{"answer", gold}, {"options", options}}), 0.0) << gold;
  }
  EXPECT_EQ(choice("B", {{"answer", 2}, {"options", options}}, R"(, "first_index": 1)"), 1.0);
  EXPECT_EQ(
      choice("B", {{"key", "B"}, {"cities", options}}, R"(, "field": "key", "options_field": "cities")"),
      1.0);
  EXPECT_EQ(choice("A", {{"answer", "B"}}, R"(, "wrong": -0.5)"), -0.5);
}

TEST(ChoiceRule, OptionsComeInThreeShapes) {
  EXPECT_EQ(choice("Paris", {{"answer", "B"}, {"options", {{"A", "Rome"}, {"B", "Paris"}}}}), 1.0);
  const Json arc = {{"label", {"1", "2"}}, {"text", {"Rome", "Paris"}}};
  EXPECT_EQ(choice("Paris", {{"answer", "2"}, {"choices", arc}}), 1.0);
  EXPECT_EQ(choice("2", {{"answer", "2"}, {"choices", arc}}), 1.0);
}

TEST(ChoiceRule, AllOfSeveralOptionsMustBeNamed) {
  const Json row = {{"answer", {"A", "C"}}, {"options", {"x", "y", "z"}}};
  EXPECT_EQ(choice("AC", row), 1.0);
  EXPECT_EQ(choice("C and A", row), 1.0);
  EXPECT_EQ(choice("A", row), 0.0);
  EXPECT_EQ(choice("ABC", row), 0.0);
  EXPECT_EQ(choice("AC", {{"answer", "AC"}}), 1.0);
}

TEST(ChoiceRule, TheDetailTellsWrongFromUnreadable) {
  const Json row = {{"answer", "B"}, {"options", {"Rome", "Paris"}}};
  const auto verdict = [&](const std::string& text) {
    return score(R"({"rule": "choice"})", {text, row}).detail["verdict"];
  };
  EXPECT_EQ(verdict("<answer>B</answer>"), "correct");
  EXPECT_EQ(verdict("<answer>A</answer>"), "wrong");
  EXPECT_EQ(verdict("<answer>Berlin</answer>"), "answer_unparsable");
  EXPECT_EQ(verdict("B"), "no_answer");
}

TEST(ChoiceRule, BrokenRowsAreErrors) {
  for (const Json& row :
       {Json::object(), Json{{"answer", "E"}, {"options", {"x"}}}, Json{{"answer", 1}, {"options", {"x"}}},
        Json{{"answer", "A"}, {"options", Json::array()}}, Json{{"answer", "A"}, {"options", "x"}},
        Json{{"answer", "A"}, {"options", {{"AB", "x"}}}}, Json{{"answer", nullptr}},
        Json{{"answer", {{"a", 1}}}}})
    EXPECT_THROW(choice("A", row), Error) << row;
}

}  // namespace
}  // namespace hone
