#include "rewards/score_lines.h"

#include <algorithm>
#include <exception>
#include <istream>
#include <limits>
#include <optional>
#include <ostream>

#include "core/document.h"
#include "core/interrupted.h"
#include "rewards/for_each_index.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Line {
  size_t number = 0;  // in the file, from 1
  std::string text;
  Problem problem;  // its row is the line
  Rollout rollout;  // until it moves into its group
  std::string prompt;
  std::string out;
  double reward = 0;
  std::string missing;                     // why there is no reward, or ""
  std::vector<std::string> gold_problems;  // [R]
  std::exception_ptr error;
  bool error_has_place = false;  // names file and line itself
};

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
const char* const kWritten[] = {"rewards", "reward", "detail"};

std::string string_field(const Json& row, const char* key) {
  const auto member = row.find(key);
  if (member == row.end() || member->is_null()) return "";
  check_input(member->is_string(), key, ": got ", member->dump(), ", expected a string");
  return member->get<std::string>();
}

FinishReason finish_reason(const std::string& name) {
  for (const FinishReason reason : {FinishReason::kStop, FinishReason::kLength, FinishReason::kCancelled}) {
    if (name.empty() || name == to_string(reason)) return reason;
  }
  throw InputError("finish_reason: got \"" + name + "\", expected stop, length or cancelled");
}

void parse(Line& line, const std::string& file) {
  std::optional<Json> row = parse_value(line.text);
  if (!row) {
    line.error_has_place = true;
    row = parse_document(file, line.text, int(line.number)).root;  // throws, with the column too
  }
  line.problem.row = *std::move(row);
  check_input(line.problem.row.is_object(), "got ", line.problem.row.type_name(), ", expected an object");
  check_input(line.problem.row.contains("completion"), "\"completion\" is missing");
  line.problem.id = line.number;
  line.problem.text =
      string_field(line.problem.row, line.problem.row.contains("question") ? "question" : "problem");
  line.rollout.text = string_field(line.problem.row, "completion");
  line.rollout.finish_reason = finish_reason(string_field(line.problem.row, "finish_reason"));
  const auto prompt = line.problem.row.find("prompt");
  if (prompt != line.problem.row.end() && prompt->is_string()) line.prompt = prompt->get<std::string>();
  if (const auto ids = line.problem.row.find("ids"); ids != line.problem.row.end() && !ids->is_null()) {
    check_input(ids->is_array(), "ids: got ", ids->type_name(), ", expected an array of integers");
    for (const Json& id : *ids) {
      const bool fits = id.is_number_integer() && id >= 0 && id <= std::numeric_limits<TokenId>::max();
      check_input(fits, "ids: got ", id.dump(), ", expected token ids");
      line.rollout.ids.push_back(id.get<TokenId>());
    }
  }
}

bool same_group(const Line& a, const Line& b) {
  const auto left = a.problem.row.find("group"), right = b.problem.row.find("group");
  return left != a.problem.row.end() && right != b.problem.row.end() && !left->is_null() && *left == *right;
}

/// The line as it was, byte for byte, with the rewards behind its last field.
std::string with_rewards(const Line& line, const RewardSet& rewards, const std::vector<Reward>& scored) {
  nlohmann::ordered_json added;
  for (size_t r = 0; r < scored.size(); ++r) {
    const bool judged = scored[r].error.empty();
    added["rewards"][rewards.options()[r].name] = judged ? Json(scored[r].value) : Json();
    added["detail"][rewards.options()[r].name] = shown_detail(scored[r]);
  }
  std::string head = line.text;
  bool rewritten = false;
  for (const char* key : kWritten) rewritten = rewritten || line.problem.row.contains(key);
  if (rewritten) {
    auto row = nlohmann::ordered_json::parse(line.text);
    for (const char* key : kWritten) row.erase(key);
    head = row.dump();
  }
  head.resize(trim(head).size() + static_cast<size_t>(trim(head).data() - head.data()));
  head.pop_back();  // the closing brace
  return concat(head, trim(head).size() > 1 ? "," : "", "\"rewards\":", added["rewards"].dump(),
                ",\"reward\":", line.missing.empty() ? Json(line.reward).dump() : "null",
                ",\"detail\":", added["detail"].dump(), "}\n");
}

void throw_with_place(const Line& line, const std::string& file) {
  try {
    std::rethrow_exception(line.error);
  } catch (const InputError& e) {
    throw InputError(line.error_has_place ? e.what() : concat(file, ":", line.number, ": ", e.what()));
  } catch (const std::exception& e) {
    throw Error(concat(file, ":", line.number, ": ", e.what()));
  }
}

void score_batch(std::vector<Line>& lines, const RewardSet& rewards, const ScoreOptions& options) {
  for_each_index(lines.size(), [&](size_t i) {
    try {
      parse(lines[i], options.file);
    } catch (...) {
      lines[i].error = std::current_exception();
    }
  });
  std::vector<std::vector<Rollout>> groups;  // of the lines before the first bad one
  std::vector<Line*> judged;
  for (size_t i = 0; i < lines.size() && !lines[i].error; ++i) {
    if (i == 0 || !same_group(lines[i - 1], lines[i])) groups.emplace_back();
    groups.back().push_back(std::move(lines[i].rollout));
    judged.push_back(&lines[i]);
  }
  std::vector<RuleInput> inputs;
  for (const std::vector<Rollout>& group : groups) {
    for (const Rollout& rollout : group) {
      const Line& line = *judged[inputs.size()];
      inputs.push_back({line.problem, line.prompt, rollout, group});
    }
  }
  const std::vector<Judgement> judgements = rewards.judge(inputs, options.stop);
  for_each_index(judged.size(), [&](size_t i) {
    Line& line = *judged[i];
    line.error = judgements[i].exception;  // thrown in order, after the lines before it are out
    if (line.error) return;
    line.reward = rewards.weighted_sum(judgements[i].rewards);
    line.missing = rewards.missing(judgements[i].rewards);
    line.gold_problems = rewards.gold_problems(line.problem.row);
    line.out = with_rewards(line, rewards, judgements[i].rewards);
  });
}

/// At least `count` more lines, and then on while they belong to the last one's group. False at the end of the file.
bool read_batch(std::istream& in, size_t count, size_t& number, std::vector<Line>& lines) {
  for (std::string text; lines.size() < count && std::getline(in, text);) {
    if (++number == 1 && text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    if (trim(text).empty()) continue;
    lines.emplace_back().number = number;
    lines.back().text = std::move(text);
  }
  return static_cast<bool>(in);
}

/// The lines at the end that may belong to a group that goes on in the next batch.
std::vector<Line> take_open_group(std::vector<Line>& lines) {
  size_t keep = lines.size();
  const auto row = [&](size_t i) { return Json::parse(lines[i].text, nullptr, /*allow_exceptions=*/false); };
  const auto group_of = [&](size_t i) {
    const Json parsed = row(i);
    return parsed.is_object() && parsed.contains("group") ? parsed["group"] : Json();
  };
  const Json last = keep > 0 ? group_of(keep - 1) : Json();
  if (last.is_null()) return {};
  while (keep > 0 && group_of(keep - 1) == last) --keep;
  std::vector<Line> open(std::make_move_iterator(lines.begin() + static_cast<std::ptrdiff_t>(keep)),
                         std::make_move_iterator(lines.end()));
  lines.resize(keep);
  return open;
}

}  // namespace

ScoreSummary score_lines(std::istream& in, std::ostream& out, const RewardSet& rewards,
                         const ScoreOptions& options) {
  ScoreSummary summary;
  GoldTally golds(rewards);
  std::vector<Line> lines;
  size_t number = 0;
  for (bool more = true; more;) {
    out.flush();
    options.waiting(true);
    if (options.stop.stop_requested()) throw Interrupted();
    more = read_batch(in, lines.size() + options.batch_lines, number, lines);
    options.waiting(false);
    std::vector<Line> open;
    if (more) open = take_open_group(lines);
    with_threads(options.threads, [&] { score_batch(lines, rewards, options); });
    for (const Line& line : lines) {
      if (line.error) {
        out.flush();
        throw_with_place(line, options.file);
      }
      out << line.out;
      ++summary.lines;
      golds.add(line.gold_problems, [&] { return concat(options.file, ":", line.number); });
      if (line.missing.empty()) {
        summary.reward_sum += line.reward;
      } else if (summary.errors++ == 0) {
        summary.first_error = concat(options.file, ":", line.number, ": ", line.missing);
      }
    }
    lines = std::move(open);
  }
  summary.golds = golds.reports();
  out.flush();
  check(static_cast<bool>(out), "writing the scored lines failed after ", summary.lines);
  return summary;
}

}  // namespace hone
