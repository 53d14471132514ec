// Times are the processor's, of this thread, so that other work on the machine does not show; the format rule, on all cores, is
// timed by the clock on the wall.
#include "bench/rewards/rewards_bench.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <map>
#include <vector>

#include "core/error.h"
#include "core/json_lines.h"
#include "rewards/answer.h"
#include "rewards/math_equal.h"
#include "rewards/score_lines.h"
#include "tests/golds/golds.h"
#include "tests/golds/hostile_pairs.h"
#include "tests/golds/math_pairs.h"

namespace hone {
namespace {

constexpr size_t kPerKind = 250;      // pairs of a shape and kind: the 9,000 integers would drown the rest
constexpr size_t kOtherGolds = 6000;  // pairs of two golds of one shape
constexpr double kMicro = 1e6;

double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<MathPair> read_pairs(const std::string& file) {
  std::ifstream in(file);
  check_input(in.good(), file, " can't be read");
  std::vector<MathPair> pairs;
  JsonLinesReader reader(file, in);
  while (const auto line = reader.next()) {
    check_input(line->value.contains("gold") && line->value.contains("answer"), file, ":", line->number,
                ": expected \"gold\" and \"answer\"");
    pairs.push_back({"", "", Expected::kUnknown, line->value["gold"].get<std::string>(),
                     line->value["answer"].get<std::string>()});
  }
  check_input(!pairs.empty(), file, " holds no pairs");
  return pairs;
}

std::vector<MathPair> make_pairs(const std::filesystem::path& data) {
  check_input(std::filesystem::exists(data / kGoldFiles[0]),
              "the golds are missing: ", (data / kGoldFiles[0]).string(),
              "; --data names the folder that holds math500, math_train, gsm8k, cmath and mgsm_zh");
  const std::vector<std::string> golds = all_golds(data);
  std::vector<MathPair> pairs;
  std::map<std::string, size_t> of_kind;
  for (const std::string& gold : golds) {
    for (MathPair& pair : pairs_of(gold))
      if (pair.kind == "self" || of_kind[pair.shape + " " + pair.kind]++ < kPerKind)
        pairs.push_back(std::move(pair));
  }
  for (MathPair& pair : random_pairs(golds, kOtherGolds, /*seed=*/1)) pairs.push_back(std::move(pair));
  return pairs;
}

void write_pairs(const std::string& file, const std::vector<MathPair>& pairs) {
  std::ofstream out(file);
  for (const MathPair& p : pairs) {
    out << to_json_line({{"shape", p.shape},
                         {"kind", p.kind},
                         {"expected", to_string(p.expected)},
                         {"gold", p.gold},
                         {"answer", p.answer}});
  }
  check(static_cast<bool>(out.flush()), "writing ", file, " failed");
}

/// One judgement as the math rule makes it: the answer found in a completion, and compared.
struct Case {
  std::string gold;
  Rollout rollout;

  Verdict judge() const {
    static const AnswerOptions kAnswer;
    static const MathOptions kMath;
    static const Problem kProblem;
    const Extraction found = find_answer({kProblem, "", rollout, {&rollout, 1}}, kAnswer);
    return found.answer ? compare_math(gold, found.answer->text, kMath).verdict : Verdict::kNoAnswer;
  }
};

Case boxed(const MathPair& pair) {
  Case made{pair.gold, {}};
  made.rollout.text = "\\boxed{" + pair.answer + "}";
  return made;
}

double quantile(std::vector<double>& sorted, double q) {
  return sorted[size_t(q * double(sorted.size() - 1) + 0.5)];
}

/// Verdicts that contradict what is known of the pair: at most 5 in 1,000 variants, no near miss.
void check_verdicts(const std::vector<MathPair>& pairs, const std::vector<Case>& cases) {
  size_t variants = 0, rejected = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const bool equal = cases[i].judge() == Verdict::kCorrect;
    check(!(equal && pairs[i].expected == Expected::kDifferent), "accepted ", pairs[i].answer, " for ",
          pairs[i].gold);
    variants += pairs[i].expected == Expected::kEqual;
    rejected += pairs[i].expected == Expected::kEqual && !equal;
  }
  check(1000 * rejected <= 5 * variants, rejected, " of ", variants, " variants are rejected");
}

Json math_pairs(const RewardsBenchOptions& options, std::ostream& table) {
  const std::vector<MathPair> pairs =
      options.pairs.empty() ? make_pairs(options.data) : read_pairs(options.pairs);
  if (!options.write_pairs.empty()) write_pairs(options.write_pairs, pairs);
  std::vector<Case> cases;
  for (const MathPair& pair : pairs) cases.push_back(boxed(pair));
  check_verdicts(pairs, cases);
  std::vector<double> passes;
  std::vector<std::vector<float>> each(cases.size());  // [pairs][reps]
  for (int rep = 0; rep < options.reps; ++rep) {
    double begin = processor_seconds();
    for (const Case& c : cases) c.judge();
    passes.push_back((processor_seconds() - begin) / double(cases.size()));
    for (size_t i = 0; i < cases.size(); ++i) {
      begin = processor_seconds();
      cases[i].judge();
      each[i].push_back(static_cast<float>(processor_seconds() - begin));
    }
  }
  std::vector<double> medians;
  for (std::vector<float>& times : each) {
    std::nth_element(times.begin(), times.begin() + options.reps / 2, times.end());
    medians.push_back(times[size_t(options.reps / 2)]);
  }
  const size_t slowest = size_t(std::max_element(medians.begin(), medians.end()) - medians.begin());
  std::sort(medians.begin(), medians.end());
  std::sort(passes.begin(), passes.end());
  const Json line = {{"pairs", pairs.size()},
                     {"mean_us", kMicro * quantile(passes, 0.5)},
                     {"mean_us_p10", kMicro * quantile(passes, 0.1)},
                     {"mean_us_p90", kMicro * quantile(passes, 0.9)},
                     {"p50_us", kMicro * quantile(medians, 0.5)},
                     {"p99_us", kMicro * quantile(medians, 0.99)},
                     {"p999_us", kMicro * quantile(medians, 0.999)},
                     {"max_us", kMicro * medians.back()},
                     {"slowest", {{"gold", pairs[slowest].gold}, {"answer", pairs[slowest].answer}}}};
  table << std::fixed << std::setprecision(2) << "math, " << pairs.size() << " pairs, one core | mean "
        << line["mean_us"].get<double>() << " us (" << line["mean_us_p10"].get<double>() << "-"
        << line["mean_us_p90"].get<double>() << ") | p50 " << line["p50_us"].get<double>() << " | p99 "
        << line["p99_us"].get<double>() << " | p99.9 " << line["p999_us"].get<double>() << " | max "
        << line["max_us"].get<double>() << " us, " << pairs[slowest].gold << " against "
        << pairs[slowest].answer << std::endl;
  return line;
}

Json format_rule(const RewardsBenchOptions& options, std::ostream& table) {
  const RewardSet rewards = load_reward_spec("format");
  constexpr size_t kCompletions = 20000;
  std::vector<Rollout> rollouts(kCompletions);
  size_t bytes = 0;
  for (size_t i = 0; i < kCompletions; ++i) {
    std::string& text = rollouts[i].text;
    text = "<think>\n";
    for (size_t k = 0; k < 10 + i % 20; ++k)
      text += "Let us see: " + std::to_string(i * k) + " is not the sum that we look for. ";
    text += i % 3 == 0 ? "\n<answer>7</answer>" : "\n</think>\n<answer>\n7\n</answer>";
    bytes += text.size();
  }
  const Problem problem;
  tbb::task_arena arena(options.threads > 0 ? options.threads : tbb::this_task_arena::max_concurrency());
  std::vector<double> seconds;
  for (int rep = 0; rep <= options.reps; ++rep) {
    const auto begin = std::chrono::steady_clock::now();
    arena.execute([&] {
      tbb::parallel_for(size_t{0}, kCompletions, [&](size_t i) {
        const double paid = rewards.score_one({problem, "", rollouts[i], {&rollouts[i], 1}})[0].value;
        check(paid == (i % 3 == 0 ? 0.0 : 1.0), "the format rule pays ", paid, " for ", rollouts[i].text);
      });
    });
    if (rep > 0)
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(seconds.begin(), seconds.end());
  const double median = quantile(seconds, 0.5);
  table << std::setprecision(0) << "format, " << kCompletions << " completions of " << bytes / kCompletions
        << " bytes, " << arena.max_concurrency() << " threads | " << double(kCompletions) / median
        << " completions/s (" << double(kCompletions) / quantile(seconds, 0.9) << "-"
        << double(kCompletions) / quantile(seconds, 0.1) << ")" << std::endl;
  return {{"completions", kCompletions},
          {"bytes", bytes},
          {"threads", arena.max_concurrency()},
          {"per_second", double(kCompletions) / median}};
}

Json hostile(const RewardsBenchOptions& options, std::ostream& table) {
  Json all = Json::array();
  double worst = 0;
  for (const HostileInput& input : hostile_inputs()) {
    Case c{input.gold, {}};
    c.rollout.text = input.completion;
    const Verdict verdict = c.judge();
    check(input.expected == Expected::kUnknown || verdict != Verdict::kCorrect, input.name,
          " is taken for correct");
    std::vector<double> seconds;
    for (int rep = 0; rep < options.reps; ++rep) {
      const double begin = processor_seconds();
      c.judge();
      seconds.push_back(processor_seconds() - begin);
    }
    std::sort(seconds.begin(), seconds.end());
    const double median = kMicro * quantile(seconds, 0.5);
    worst = std::max(worst, median);
    table << std::setprecision(1) << std::setw(9) << median << " us (" << kMicro * quantile(seconds, 0.1)
          << "-" << kMicro * quantile(seconds, 0.9) << ") | " << to_string(verdict) << " | " << input.name
          << std::endl;
    all.push_back({{"name", input.name}, {"us", median}, {"verdict", to_string(verdict)}});
  }
  table << "hostile, " << all.size() << " inputs | slowest " << worst << " us" << std::endl;
  return {{"inputs", all}, {"max_us", worst}};
}

}  // namespace

Json run_rewards_bench(const RewardsBenchOptions& options, std::ostream& table) {
  check_input(options.reps > 0, "reps: got ", options.reps, ", expected at least 1");
  const Json math = math_pairs(options, table);
  if (!options.pairs.empty()) return {{"bench", "rewards"}, {"math", math}};
  const Json format = format_rule(options, table);
  return {{"bench", "rewards"}, {"math", math}, {"format", format}, {"hostile", hostile(options, table)}};
}

}  // namespace hone
