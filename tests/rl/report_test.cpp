#include "rl/report.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/files.h"
#include "rl/report_chart.h"
#include "rl/rollout_log.h"
#include "rl/run_folder.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

const Json kRecipe = Json::parse(R"({"name": "a <b> & \"c\"", "seed": 7,
    "stages": [{"name": "zero", "type": "grpo"}, {"name": "cold", "type": "sft"}, {"name": "later", "type": "grpo"}]})");

std::string rollout(int64_t step, double reward, const std::string& completion) {
  return Json{{"step", step},     {"prompt", "make <24>"},   {"completion", completion},
              {"tokens", 5},      {"finish_reason", "stop"}, {"rewards", {{"accuracy", reward}}},
              {"reward", reward}, {"advantage", 0.5}}
             .dump() +
         "\n";
}

void write_run(const std::filesystem::path& path) {
  RunFolder run = RunFolder::create(path, kRecipe);
  for (int64_t step = 1; step <= 3; ++step) {
    run.log_step({{"stage", "zero"},
                  {"step", step},
                  {"reward/mean", 0.5},
                  {"reward/accuracy/mean", 0.1 * double(step)},
                  {"eval/held_out/avg@4", 0.25 * double(step)},
                  {"time/step_s", 60},
                  {"time/rollout_s", 30},
                  {"tokens/sampled", 1000000},
                  {"sampling/logp_difference/max", 0.0}},
                 0);
    run.log_rollouts("zero",
                     rollout(step, 0, "worst" + std::to_string(step)) +
                         rollout(step, 1, "<script>alert(\"best" + std::to_string(step) + "\")</script>"));
  }
  run.log_step({{"stage", "cold"}, {"step", 1}, {"loss", 2.0}, {"grad_norm", nullptr}}, 0);
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Report, ShowsStagesCurvesCostAndRollouts) {
  const TempFolder temp;
  write_run(temp / "x");
  EXPECT_EQ(write_report(temp / "x"), temp / "x" / "report.html");
  const std::string html = read_file(temp / "x/report.html");
  for (const char* part :
       {"<td>zero</td><td>grpo</td><td>3</td><td>0.250 -&gt; 0.750</td>", "<td>cold</td>", "3:00", "3.00M",
        "<b>0</b>", "held-out accuracy after zero", "<figcaption>Reward</figcaption>", "<figcaption>Loss",
        "step 2: 0.500", "worst1", "worst3", "best1", "best3", "&lt;24&gt;", "width:50%"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(html.find("<td>later</td>"), std::string::npos) << "it has not begun";
  EXPECT_EQ(html.find("worst2"), std::string::npos) << "only the first and the last step";
  EXPECT_EQ(html.find("<figcaption>Gradient norm"), std::string::npos) << "nothing but null";
  EXPECT_EQ(count(html, "<svg"), count(html, "</svg>"));
}

TEST(Report, NothingThatWasSampledIsMarkupAndNothingIsFetched) {
  const TempFolder temp;
  write_run(temp / "x");
  const std::string html = report_html(temp / "x");
  EXPECT_NE(html.find("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&quot;best3&quot;)&lt;/script&gt;"), std::string::npos);
  for (const char* part : {"<script", "<b> &", "http", "src=", "href=", "url(", "@import"}) {
    EXPECT_EQ(html.find(part), std::string::npos) << part;
  }
}

TEST(Report, ARunThatHasJustBegunHasOne) {
  const TempFolder temp;
  { RunFolder::create(temp / "x", kRecipe); }
  EXPECT_NE(report_html(temp / "x").find("<h2>Stages</h2>"), std::string::npos);
  std::filesystem::remove(temp / "x/metrics.jsonl");
  EXPECT_NE(report_html(temp / "x").find("<h2>Stages</h2>"), std::string::npos);
  EXPECT_THROW(report_html(temp / "absent"), InputError);
}

TEST(Report, ACompletionWithoutAVerdictIsNeitherBestNorWorst) {
  const TempFolder temp;
  RunFolder run = RunFolder::create(temp / "x", kRecipe);
  const auto dropped = [](int64_t step, const std::string& completion) {
    Json row = Json::parse(rollout(step, 0, completion));
    row["reward"] = row["advantage"] = row["rewards"]["accuracy"] = nullptr;
    row["dropped"] = "accuracy: no answer within 30 s";
    row["tokens"] = 9;
    return row.dump() + "\n";
  };
  run.log_step({{"stage", "zero"}, {"step", 1}, {"reward/mean", 0.5}}, 0);
  run.log_rollouts("zero", dropped(1, "lost") + rollout(1, 0.25, "bad") + rollout(1, 1, "good"));
  run.log_step({{"stage", "zero"}, {"step", 2}, {"reward/mean", 0.5}}, 0);
  run.log_rollouts("zero", dropped(2, "all lost"));
  const std::string html = report_html(temp / "x");
  EXPECT_NE(html.find("Worst, step 1: reward 0.250"), std::string::npos);
  EXPECT_NE(html.find("Longest, step 1: reward none, accuracy: no answer within 30 s"), std::string::npos);
  EXPECT_EQ(html.find("Worst, step 2"), std::string::npos) << "none of them has a reward";
  EXPECT_NE(html.find("all lost"), std::string::npos);
}

TEST(Report, ALogThatIsCutShortIsUsedAsFarAsItGoes) {
  const TempFolder temp;
  write_run(temp / "x");
  const auto log = temp / "x/rollouts/zero.jsonl.zst";
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 3);
  EXPECT_NE(report_html(temp / "x").find("worst2"), std::string::npos);
}

TEST(Chart, LeavesOutWhatIsNotFinite) {
  EXPECT_EQ(chart_html("t", {}), "");
  EXPECT_EQ(chart_html("t", {{"a", {{1, NAN}, {2, INFINITY}}, {}}}), "");
  const std::string html = chart_html("t", {{"a", {{1, NAN}, {2, 5}, {3, 6}}, {}}});
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_EQ(html.find("inf"), std::string::npos);
}

TEST(Chart, StaysInsideItsBox) {
  std::vector<ChartPoint> curve;
  for (int i = 0; i < 5000; ++i) curve.push_back({double(i), std::sin(i * 0.01) * 1e-5 - 3});
  for (const auto& bands :
       {std::vector<ChartBand>{{"a", curve, {{0, -3}, {4000, -3}}}, {"b", {{1, -2.9999}}, {}}},
        std::vector<ChartBand>{{"constant", {{1, 0}, {2, 0}}, {}}},
        std::vector<ChartBand>{{"one", {{5, 1e9}}, {}}}}) {
    const std::string html = chart_html("t", bands);
    size_t begin = html.find("points=\""), num_points = 0;
    for (; begin != std::string::npos; begin = html.find("points=\"", begin + 1)) {
      std::istringstream points(html.substr(begin + 8, html.find('"', begin + 8) - begin - 8));
      double x = 0, y = 0;
      for (char comma = 0; points >> x >> comma >> y; ++num_points) {
        ASSERT_TRUE(x >= 0 && x <= 940 && y >= 24 && y <= 168) << x << " " << y;
      }
    }
    EXPECT_GT(num_points, 0u);
    EXPECT_LE(num_points, 303u) << "a long curve is thinned";
  }
}

TEST(EscapeHtml, LeavesNoMarkupAndNoControlCharacters) {
  EXPECT_EQ(escape_html("<a href='x'>&\"\n\t\x01"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\n\t\xef\xbf\xbd");
}

}  // namespace
}  // namespace hone
