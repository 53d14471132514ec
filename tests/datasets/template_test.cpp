#include "datasets/template.h"

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

Problem ask(const std::string& text) {
  Problem problem;
  problem.text = text;
  return problem;
}

TEST(Template, PlainIsTheProblemAlone) { EXPECT_EQ(render("plain", ask("1 + 1 ?")), "1 + 1 ?"); }

TEST(Template, R1ZeroShowsTheTagsAndEndsAtTheAssistantsTurn) {
  const std::string text = render("r1_zero", ask("1 + 1 ?"));
  EXPECT_TRUE(text.ends_with("User: 1 + 1 ?. Assistant:")) << text;
  for (const char* tag : {"<think>", "</think>", "<answer>", "</answer>"})
    EXPECT_NE(text.find(tag), std::string::npos) << tag;
}

TEST(Template, EveryPlaceholderIsReplaced) {
  EXPECT_EQ(render("Q: {prompt}\nAgain: {prompt}\nA:", ask("2")), "Q: 2\nAgain: 2\nA:");
}

TEST(Template, BracesInTheProblemAreText) {
  EXPECT_EQ(render("{prompt}!", ask("{prompt} {other}")), "{prompt} {other}!");
}

TEST(Template, OtherBracesAreText) {
  EXPECT_EQ(render("\\boxed{} {1} { prompt } {prompt} {prompt", ask("x")),
            "\\boxed{} {1} { prompt } x {prompt");
}

TEST(Template, RefusesWhatItCannotFill) {
  test::expect_says([&] { render("{prompt} {question}", ask("x")); },
                    {"unknown placeholder {question}", "{prompt}"});
  test::expect_says([&] { check_template("{answer}"); }, {"{answer}"});
  test::expect_says([&] { check_template("r1zero"); }, {"\"r1zero\"", "r1_zero", "plain", "{prompt}"});
  check_template("r1_zero");
}

}  // namespace
}  // namespace hone
