// The work of finding an answer is bounded whatever the text is made of: counted, not timed.
#include <gtest/gtest.h>

#include "rewards/answer.h"
#include "rewards/answer_anchors.h"
#include "rewards/answer_scan.h"
#include "rewards/text_search.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

constexpr size_t kMegabyte = 1'000'000;

std::string filled(const std::string& piece) {
  std::string out;
  while (out.size() < kMegabyte) out += piece;
  return out;
}

const std::vector<std::string>& dense_pieces() {
  static const std::vector<std::string> pieces = {"\u7B54\u6848\u662F1\u3002",  // da an shi 1
                                                  "\u7B54\u6848",
                                                  "\u89E3\u7B54",
                                                  "\u6545\u9009A",
                                                  "\uB2F5",
                                                  "answer, ",
                                                  "answer: ",
                                                  "answer (",
                                                  "answer to ",
                                                  "answer is is is ",
                                                  "answer therefore so ",
                                                  "answer: **",
                                                  "answer: \n",
                                                  "answer: \\[",
                                                  "answer: $$",
                                                  "answer: a b, c. d ",
                                                  "Final answer: the final answer is ",
                                                  "### Answer\n",
                                                  "ans",
                                                  "ans ",
                                                  "answe ",
                                                  "Answer: 1\n",
                                                  "the answer is not ",
                                                  "\\boxed\\frac{",
                                                  "\\boxed\\text{a}",
                                                  "\\boxed{1} ",
                                                  "\\boxed{1",
                                                  "\\boxed 1 ",
                                                  "\\boxed{",
                                                  "}\\boxed{",
                                                  "\\fbox{1}\\boxed{2}",
                                                  "\\boxe",
                                                  "\\",
                                                  "{",
                                                  "}",
                                                  "#",
                                                  "####",
                                                  "#### 1\n",
                                                  "<answer>1</answer>",
                                                  "<answer>",
                                                  "</answer>",
                                                  "<",
                                                  "$",
                                                  "$$",
                                                  "\\[1\\]",
                                                  " ",
                                                  "\n",
                                                  ".",
                                                  ",",
                                                  "\u3002",
                                                  "\xFF\xE7",
                                                  "a"};
  return pieces;
}

TEST(AnswerBounds, EveryScanLooksAtEachByteOnceAndAtFewPlaces) {
  for (const std::string& piece : dense_pieces()) {
    const std::string text = filled(piece);
    ScanWork blocks, boxes, hashes, phrases;
    EXPECT_LE(scan_blocks(text, "<answer>", "</answer>", &blocks).size(), kMostFinds) << piece;
    EXPECT_LE(scan_boxes(text, &boxes).size(), 2 * kMostFinds) << piece;
    EXPECT_LE(scan_hashes(text, &hashes).size(), kMostFinds) << piece;
    EXPECT_LE(scan_phrases(text, &phrases).size(), kMostFinds) << piece;
    for (const ScanWork& work : {blocks, hashes, phrases}) EXPECT_LE(work.places, kMostFinds) << piece;
    EXPECT_LE(boxes.places, 2 * kMostFinds) << piece;  // of two kinds
    for (const ScanWork& work : {blocks, boxes, hashes}) EXPECT_LE(work.bytes, text.size()) << piece;
    // Once for the anchors, and the sentences behind the last of them.
    EXPECT_LE(phrases.bytes, text.size() + kMostFinds * kLongestSentence) << piece;
  }
}

TEST(AnswerBounds, OneLongSentenceIsNotReadTwice) {
  const std::string text = "The answer is " + std::string(kMegabyte, 'x') + ".";
  ScanWork work;
  EXPECT_EQ(scan_phrases(text, &work).size(), 1u);
  EXPECT_LE(work.bytes, text.size() + kLongestSentence);
}

std::string answer_of(const std::string& completion) {
  const Problem problem;
  const Rollout rollout = rollout_of({completion});
  const Extraction found = find_answer({problem, "", rollout, {&rollout, 1}}, {});
  return found.answer ? std::string(found.answer->text) : "!" + found.missing;
}

TEST(AnswerBounds, OnlyTheLastPlacesOfASourceCount) {
  for (const auto& [first, again, answer] :
       std::vector<std::array<std::string, 3>>{{"\\boxed{1} ", "\\boxed{2} ", "2"},
                                               {"Answer: 1\n", "Answer: 2\n", "2"},
                                               {"#### 1\n", "#### 2\n", "2"},
                                               {"<answer>1</answer>", "<answer>2</answer>", "2"}}) {
    std::string few = first, many = first;
    for (size_t i = 1; i < kMostFinds; ++i) few += again;
    for (size_t i = 0; i < kMostFinds; ++i) many += again;
    EXPECT_EQ(answer_of(few).substr(0, 8), "!several") << first;
    EXPECT_EQ(answer_of(many), answer) << first;
  }
}

TEST(AnswerBounds, ABoxBeforeAMegabyteIsFound) {
  for (const char* piece : {" x", "{", "}", "\\", "$"})
    EXPECT_EQ(answer_of("\\boxed{42}. " + filled(piece)), "42") << piece;
  EXPECT_EQ(answer_of("The answer is 42. " + filled("x ")), "42");
}

TEST(TextSearch, AgreesWithTheStandardLibrary) {
  const std::string text =
      "aabaaabaaaab####ab" + std::string(40000, 'a') + "b" + std::string(40000, '#') + "aab";
  for (const std::string what : {"a", "aab", "####", "ab", "b#", "zz", "aabaaabaaaab"}) {
    EXPECT_EQ(find_text(text, what), text.find(what)) << what;
    EXPECT_EQ(find_text(text, what, 20000), text.find(what, 20000)) << what;
    EXPECT_EQ(find_last_text(text, what), text.rfind(what)) << what;
    size_t at = text.size();
    for (size_t n = 1; n <= 6; ++n) {
      at = at == std::string::npos || at == 0 ? std::string::npos : text.rfind(what, at - 1);
      EXPECT_EQ(nth_last_text(text, what, n), at) << what << " " << n;
    }
  }
  EXPECT_EQ(find_text("", "a"), std::string_view::npos);
  EXPECT_EQ(find_last_text("", "a"), std::string_view::npos);
}

TEST(TextSearch, FindAnyAgreesWithTheStandardLibrary) {
  for (size_t size = 0; size < 70; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = "{}\\"[at % 3];
      for (size_t from = 0; from <= size; ++from)
        EXPECT_EQ(find_any(text, "\\{}", from), text.find_first_of("\\{}", from)) << size << " " << at;
    }
  }
}

TEST(AnswerAnchors, AreFoundAtEveryPlaceOfABlock) {
  for (const std::string word :
       {"Answer", "ans", "correct option", "FINAL RESULT", "antwort", "Respuesta", "risposta", "r\u00E9ponse",
        "R\u00E9ponse", "\u041E\u0442\u0432\u0435\u0442", "\u7B54\u6848", "\u6545\u9009", "\u5E94\u9009",
        "\u6B63\u89E3", "\uC815\uB2F5", "\uB2F5\uBCC0", "\uB2F5"}) {
    for (size_t before = 0; before < 40; ++before) {
      for (const size_t behind : {0, 1, 15, 16, 17, 40}) {
        const std::string text = std::string(before, '.') + word + std::string(behind, '.');
        const std::vector<size_t> places = last_anchors(text, 5);
        EXPECT_TRUE(!places.empty() && places[0] == before) << text;
      }
    }
  }
}

TEST(AnswerAnchors, AreWholeWordsInAnyCase) {
  for (const char* text :
       {"Answer", "ANSWERS", "aNs", "Correct Option", "final result", "r\u00E9ponse", "\u7B54"})
    EXPECT_TRUE(anchor_at(text, 0)) << text;
  for (const char* text : {"answered", "answe", "an", "correct", "correct  option", "\u7B53", ""})
    EXPECT_FALSE(anchor_at(text, 0)) << text;
  EXPECT_FALSE(anchor_at("xanswer", 1));
  EXPECT_EQ(last_anchors("ans ans ans", 2), (std::vector<size_t>{4, 8}));
}

}  // namespace
}  // namespace hone
