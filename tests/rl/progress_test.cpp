#include "rl/progress.h"

#include <gtest/gtest.h>

#include <sstream>

#include "rl/number_text.h"

namespace hone {
namespace {

/// A progress line, its output and its clock.
struct Fixture {
  explicit Fixture(int width) : progress(out, width, [this] { return now; }) {}
  std::ostringstream out;
  double now = 100;
  Progress progress;

  /// What a terminal shows: every carriage return begins the line anew.
  std::string screen() const {
    std::string shown, line;
    for (const char c : out.str()) {
      if (c == '\r')
        line.clear();
      else if (c == '\n')
        shown += line + "\n", line.clear();
      else
        line += c;
    }
    std::string text = shown + line;
    for (size_t at; (at = text.find("\x1b[K")) != std::string::npos;) text.erase(at, 3);
    return text;
  }
};

TEST(Progress, PipedItIsPlainLinesEveryFewSeconds) {
  Fixture f(0);
  f.progress.begin("zero", 0, 100);
  for (int step = 1; step <= 12; ++step) {
    f.now += 1;
    f.progress.within_step("sampled 1/2");
    f.progress.update(step, 100, "reward 1.0");
  }
  f.progress.note("checkpoint");
  f.progress.end();
  EXPECT_EQ(f.out.str(),
            "zero 1/100  reward 1.0  1.000 s/step  1:39 left\n"
            "zero 6/100  reward 1.0  1.000 s/step  1:34 left\n"
            "zero 11/100  reward 1.0  1.000 s/step  1:29 left\n"
            "checkpoint\n"
            "zero 12/100  reward 1.0  1.000 s/step  1:28 left\n");
}

TEST(Progress, OnATerminalItIsOneLine) {
  Fixture f(200);
  f.progress.begin("zero", 0, 4);
  EXPECT_EQ(f.screen(), "zero 0/4 [....................]");
  f.now += 2;
  f.progress.update(1, 4, "reward 1.0");
  EXPECT_EQ(f.screen(), "zero 1/4 [#####...............]  reward 1.0  2.000 s/step  0:06 left");
  f.now += 1;
  f.progress.within_step("sampled 3/8");
  EXPECT_EQ(f.screen(), "zero 1/4 [#####...............]  reward 1.0  2.000 s/step  0:06 left  sampled 3/8");
  f.progress.note("a note");
  EXPECT_EQ(f.screen(), "a note\nzero 1/4 [#####...............]  reward 1.0  2.000 s/step  0:06 left");
  f.now += 5;
  f.progress.update(4, 4, "reward 2.0");
  f.progress.end();
  EXPECT_EQ(f.screen(), "a note\nzero 4/4 [####################]  reward 2.0  2.000 s/step  0:08\n");
}

TEST(Progress, NeverFillsTheTerminalsLastColumn) {
  Fixture f(20);
  f.progress.begin("zero", 0, 4);
  f.progress.update(1, 4, std::string(100, 'x'));
  EXPECT_EQ(f.screen(), std::string("zero 1/4 [#####...............]").substr(0, 19));
  f.progress.begin(
      "\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5\u8bd5"
      "\u8bd5\u8bd5\u8bd5\u8bd5",
      0, 1);
  const std::string screen = f.screen();
  EXPECT_EQ(screen.substr(screen.rfind('\n') + 1).size(), 19u * 3) << "characters are not cut in two";
}

TEST(Progress, RedrawsAtMostTenTimesASecond) {
  Fixture f(80);
  f.progress.begin("zero", 0, 4);
  f.now += 1;
  const size_t before = f.out.str().size();
  f.progress.within_step("a");
  const size_t once = f.out.str().size();
  for (int i = 0; i < 100; ++i) f.now += 0.0009, f.progress.within_step("b");
  EXPECT_GT(once, before);
  EXPECT_EQ(f.out.str().size(), once);
}

TEST(Progress, CountsTheRateOfAResumedRunFromWhereItGoesOn) {
  Fixture f(0);
  f.progress.begin("zero", 50, 60);
  f.now += 3;
  f.progress.update(51, 60, "");
  EXPECT_EQ(f.out.str(), "zero 51/60  3.000 s/step  0:27 left\n");
}

TEST(Progress, LearnsTheNumberOfStepsWithTheFirstOne) {
  Fixture f(200);
  f.progress.begin("zero", 0, 0);
  f.now += 1;
  f.progress.within_step("sampled 3/8");
  EXPECT_EQ(f.screen(), "zero  sampled 3/8");
  f.now += 1;
  f.progress.update(51, 60, "");
  EXPECT_EQ(f.screen(), "zero 51/60 [#################...]  2.000 s/step  0:18 left");
}

TEST(Progress, SaysSomethingEvenIfNothingHappened) {
  Fixture f(0);
  f.progress.begin("eval", 0, 0);
  f.progress.end();
  f.progress.end();
  EXPECT_EQ(f.out.str(), "eval\n");
}

TEST(MetricsText, HasWhatPeopleLookAt) {
  EXPECT_EQ(metrics_text({{"reward/mean", 1.2},
                          {"response_length/mean", 86.24},
                          {"reward/accuracy/mean", 0.61},
                          {"loss", 3}}),
            "reward 1.200  accuracy 0.610  length 86.2");
  EXPECT_EQ(metrics_text({{"loss", 3}}), "loss 3.000");
  EXPECT_EQ(metrics_text({{"eval/held_out/avg@4", 0.5}, {"eval/held_out/avg@4/se", 0.1}, {"loss", nullptr}}),
            "held_out/avg@4 0.500");
}

TEST(NumberText, IsShort) {
  EXPECT_EQ(number_text(0), "0.000");
  EXPECT_EQ(number_text(0.81249), "0.812");
  EXPECT_EQ(number_text(-9.9999), "-10.0");
  EXPECT_EQ(number_text(86.24), "86.2");
  EXPECT_EQ(number_text(999.96), "1000");
  EXPECT_EQ(number_text(3e-6), "3e-06");
  EXPECT_EQ(number_text(1.5e9), "1.5e+09");
  EXPECT_EQ(number_text(std::nan("")), "nan");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1.00k");
  EXPECT_EQ(count_text(81249), "81.2k");
  EXPECT_EQ(count_text(999900), "1.00M");
  EXPECT_EQ(count_text(3450000), "3.45M");
  EXPECT_EQ(duration_text(0), "0:00");
  EXPECT_EQ(duration_text(59.6), "1:00");
  EXPECT_EQ(duration_text(3723), "1:02:03");
  EXPECT_EQ(duration_text(-1), "?");
}

}  // namespace
}  // namespace hone
