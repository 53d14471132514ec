// The `pattern` rule: a reward written in the recipe, with RE2 (linear time, no backtracking). docs/reward_rules.md has examples.
//   {"rule": "pattern", "pattern": "(?i)therefore", "value": 0.5}                          it occurs
//   {"rule": "pattern", "pattern": "\\bwait\\b", "per_match": 0.1, "max_matches": 5}       it is counted
//   {"rule": "pattern", "in": "answer", "pattern": "(\\w+)", "equals": {"1": "city"}}      a capture equals the row's field
//   {"rule": "pattern", "in": "answer", "pattern": "^(yes|no)$", "table": {"yes": 1, "no": -1}}
#include <re2/re2.h>

#include <map>
#include <optional>

#include "rewards/answer.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct PatternOptions {
  std::string pattern;  // RE2
  std::string in =
      "completion";             // "completion", "prompt", "reasoning", "final" (after the thinking), "answer"
  bool full = false;            // the whole text must match, else anywhere in it
  std::string match = "first";  // which match the captures are of: "first", "last", or "any" that passes
  double value = 1.0;           // when it holds
  double otherwise = 0.0;       // when it does not
  std::optional<double> per_match;  // instead: this much for each match that does not overlap the one before
  int64_t max_matches = 1000000;    // no more than this many are paid
  std::map<int, std::string> equals;  // capture -> field of the row, "meta.city" goes down; all must be equal
  bool ignore_case = false;           // in that comparison
  std::map<std::string, double> table;  // instead of value: by the text of capture `table_capture`
  int table_capture = 1;
  AnswerOptions answer;
};

constexpr int kMaxCaptures = 32;

class PatternRule : public Rule {
 public:
  PatternRule(PatternOptions options, std::unique_ptr<RE2> pattern)
      : options_(std::move(options)),
        pattern_(std::move(pattern)),
        captures_(1 + pattern_->NumberOfCapturingGroups()) {}

  Reward score(const RuleInput& input) const override {
    Reward reward{options_.otherwise, Json::object()};
    const std::optional<std::string_view> text = subject(input, reward.detail);
    if (!text) return reward;
    std::vector<re2::StringPiece> groups(static_cast<size_t>(captures_));
    int64_t matches = 0;
    std::optional<double> paid;
    each_match(*text, groups, [&] {
      ++matches;
      const std::optional<double> value = worth(groups, input.problem.row);
      if (options_.match == "any" ? !paid.has_value() : options_.match == "last" || matches == 1) {
        paid = value;
        reward.detail["match"] = excerpt({groups[0].data(), groups[0].size()}, 100);
      }
      if (options_.per_match) return matches < options_.max_matches;
      return options_.match == "last" || (options_.match == "any" && !paid.has_value());
    });
    if (options_.per_match) {
      reward.value = *options_.per_match * static_cast<double>(matches);
      reward.detail["matches"] = matches;
    } else {
      reward.value = paid.value_or(options_.otherwise);
      reward.detail["verdict"] = paid ? "holds" : matches > 0 ? "differs" : "no_match";
    }
    return reward;
  }

 private:
  std::optional<std::string_view> subject(const RuleInput& input, Json& detail) const {
    if (options_.in == "completion") return input.rollout.text;
    if (options_.in == "prompt") return input.prompt;
    if (options_.in != "answer") {
      const Parts parts = split_reasoning(input.rollout.text, input.prompt, options_.answer.tags);
      return options_.in == "reasoning" ? parts.reasoning : parts.final;
    }
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, detail);
    if (!found.answer) return std::nullopt;
    return found.answer->text;
  }

  /// Calls `more` for each match until it returns false.
  template <class More>
  void each_match(std::string_view text, std::vector<re2::StringPiece>& groups, const More& more) const {
    const re2::StringPiece whole(text.data(), text.size());
    const auto anchor = options_.full ? RE2::ANCHOR_BOTH : RE2::UNANCHORED;
    for (size_t pos = 0; pos <= text.size();) {
      if (!pattern_->Match(whole, pos, text.size(), anchor, groups.data(), captures_)) return;
      if (!more() || options_.full) return;
      const auto end = static_cast<size_t>(groups[0].data() - text.data()) + groups[0].size();
      pos = groups[0].empty() ? end + 1 : end;
    }
  }

  /// What a match pays; nothing if its captures do not fit the row or the table.
  std::optional<double> worth(const std::vector<re2::StringPiece>& groups, const Json& row) const {
    const auto capture = [&](int i) { return std::string_view(groups[i].data(), groups[i].size()); };
    for (const auto& [index, field] : options_.equals) {
      const std::string wanted = field_text(row, field), got = collapse_space(capture(index));
      if (options_.ignore_case ? lower_case(wanted) != lower_case(got) : wanted != got) return std::nullopt;
    }
    if (options_.table.empty()) return options_.value;
    const auto entry = options_.table.find(std::string(capture(options_.table_capture)));
    if (entry == options_.table.end()) return std::nullopt;
    return entry->second;
  }

  static std::string field_text(const Json& row, const std::string& path) {
    const Json* value = &row;
    for (size_t begin = 0; begin <= path.size();) {
      const size_t end = std::min(path.find('.', begin), path.size());
      const auto member = value->is_object() ? value->find(path.substr(begin, end - begin)) : value->end();
      check_input(value->is_object() && member != value->end(), "pattern: the row has no field \"", path,
                  "\"");
      value = &*member;
      begin = end + 1;
    }
    return value->is_string() ? collapse_space(value->get_ref<const std::string&>()) : value->dump();
  }

  PatternOptions options_;
  std::unique_ptr<RE2> pattern_;
  int captures_;
};

/// "1", or the name of a group.
int capture_index(const Fields& fields, const std::string& key, const RE2& pattern, const std::string& name) {
  const auto& named = pattern.NamedCapturingGroups();
  if (const auto group = named.find(name); group != named.end()) return group->second;
  const bool number =
      !name.empty() && name.size() < 3 && name.find_first_not_of("0123456789") == std::string::npos;
  if (number && std::stoi(name) <= pattern.NumberOfCapturingGroups()) return std::stoi(name);
  throw fields.error(key, "got capture \"" + name + "\", expected a name or a number up to " +
                              std::to_string(pattern.NumberOfCapturingGroups()));
}

void read_captures(Fields& fields, const RE2& pattern, PatternOptions& options) {
  if (fields.has("equals")) {
    Fields equals = fields.child("equals");
    for (const auto& member : equals.json().items()) {
      const int index = capture_index(fields, "equals", pattern, member.key());
      options.equals[index] = equals.require<std::string>(member.key());
    }
    equals.finish();
  }
  options.ignore_case = fields.get("ignore_case", options.ignore_case);
  if (fields.has("table")) {
    Fields table = fields.child("table");
    for (const auto& member : table.json().items())
      options.table[member.key()] = table.require<double>(member.key());
    table.finish();
    const std::string capture =
        fields.get<std::string>("table_capture", pattern.NumberOfCapturingGroups() > 0 ? "1" : "0");
    options.table_capture = capture_index(fields, "table_capture", pattern, capture);
  }
}

std::unique_ptr<RE2> compile(Fields& fields, const std::string& source) {
  RE2::Options flags;
  flags.set_log_errors(false);
  flags.set_max_mem(int64_t{8} << 20);
  auto pattern = std::make_unique<RE2>(source, flags);
  if (!pattern->ok()) throw fields.error("pattern", "not an RE2 pattern: " + pattern->error());
  if (pattern->NumberOfCapturingGroups() > kMaxCaptures) {
    throw fields.error("pattern",
                       concat("has ", pattern->NumberOfCapturingGroups(), " groups, at most ", kMaxCaptures));
  }
  return pattern;
}

}  // namespace

std::unique_ptr<Rule> make_pattern_rule(Fields fields) {
  PatternOptions options;
  options.pattern = fields.require<std::string>("pattern");
  options.in = fields.one_of("in", options.in, {"completion", "prompt", "reasoning", "final", "answer"});
  options.full = fields.get("full", options.full);
  options.match = fields.one_of("match", options.match, {"first", "last", "any"});
  options.otherwise = fields.get("otherwise", options.otherwise);
  if (fields.has("per_match")) {
    for (const char* other : {"value", "table", "equals"}) {
      if (fields.has(other)) throw fields.error(other, "can't be combined with \"per_match\"");
    }
    options.per_match = fields.require<double>("per_match");
    options.max_matches = fields.get("max_matches", options.max_matches, at_least(1));
  } else {
    options.value = fields.get("value", options.value);
  }
  std::unique_ptr<RE2> pattern = compile(fields, options.pattern);
  read_captures(fields, *pattern, options);
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<PatternRule>(std::move(options), std::move(pattern));
}

}  // namespace hone
