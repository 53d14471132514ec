#include "rewards/process_protocol.h"

#include <charconv>
#include <cmath>

#include "core/document.h"
#include "core/json_lines.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kShownBytes = 120;

/// The id of a line that is no JSON: Python's json, for one, writes NaN. The digits behind the first "id":.
std::optional<uint64_t> id_in(std::string_view line) {
  constexpr std::string_view kKey = "\"id\"";
  size_t at = line.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  at = line.find_first_not_of(" \t", at + kKey.size());
  if (at == std::string_view::npos || line[at] != ':') return std::nullopt;
  at = line.find_first_not_of(" \t", at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  uint64_t id = 0;
  const auto [end, problem] = std::from_chars(line.data() + at, line.data() + line.size(), id);
  if (problem != std::errc()) return std::nullopt;
  return id;
}

ProcessAnswer malformed(std::optional<uint64_t> id, const std::string& why, std::string_view line) {
  return {id, {0.0, {}, "malformed answer: " + why + ": " + excerpt(line, kShownBytes)}, true};
}

/// The reason why an object is no answer, or "".
std::string problem_of(const Json& answer) {
  const bool has_value = answer.contains("value") && !answer["value"].is_null();
  const bool has_error = answer.contains("error") && !answer["error"].is_null();
  if (has_value == has_error)
    return has_value ? "both \"value\" and \"error\"" : "neither \"value\" nor \"error\"";
  if (has_value && !answer["value"].is_number()) return "\"value\" is no number";
  if (has_value && !std::isfinite(answer["value"].get<double>())) return "\"value\" is not finite";
  if (has_error && !answer["error"].is_string()) return "\"error\" is no string";
  for (const auto& [key, value] : answer.items()) {
    if (key != "id" && key != "value" && key != "error" && key != "detail")
      return "unknown key \"" + excerpt(key, kShownBytes) +
             "\" (what explains a verdict goes into \"detail\")";
  }
  return "";
}

}  // namespace

std::string request_line(uint64_t id, const RuleInput& input, size_t left, bool with_group) {
  Json request = {{"id", id},
                  {"prompt", input.prompt},
                  {"completion", input.rollout.text},
                  {"row", input.problem.row},
                  {"problem", input.problem.id},
                  {"finish_reason", to_string(input.rollout.finish_reason)},
                  {"num_tokens", input.rollout.ids.size()},
                  {"earlier", Json::object()},
                  {"left", left}};
  for (const NamedReward& earlier : input.earlier)
    request["earlier"][std::string(earlier.name)] = earlier.value;
  if (with_group) {
    request["index"] = &input.rollout - input.group.data();
    request["group"] = Json::array();
    for (const Rollout& other : input.group) request["group"].push_back(other.text);
  }
  return to_json_line(request);
}

ProcessAnswer parse_answer(std::string_view line) {
  const std::optional<Json> answer = parse_value(line);
  if (!answer) return malformed(id_in(line), "not JSON", line);
  if (!answer->is_object()) return malformed(std::nullopt, "not an object", line);
  const auto id = answer->find("id");
  if (id == answer->end() || !id->is_number_unsigned())
    return malformed(std::nullopt, "no \"id\" of a request", line);
  const std::string problem = problem_of(*answer);
  if (!problem.empty()) return malformed(id->get<uint64_t>(), problem, line);
  ProcessAnswer out{id->get<uint64_t>(), {}, false};
  if (answer->contains("detail")) out.reward.detail = answer->at("detail");
  if (answer->contains("value") && !answer->at("value").is_null()) {
    out.reward.value = answer->at("value").get<double>();
  } else {
    out.reward.error = answer->at("error").get<std::string>();
    if (out.reward.error.empty()) out.reward.error = "no reason given";
  }
  return out;
}

std::vector<ProcessAnswer> AnswerReader::feed(std::string_view bytes) {
  std::vector<ProcessAnswer> answers;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const bool complete = end != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, end);
    bytes.remove_prefix(complete ? end + 1 : bytes.size());
    if (!skipping_ && line_.size() + piece.size() > max_line_bytes_) {
      line_.append(piece.substr(0, max_line_bytes_ - line_.size()));
      answers.push_back(malformed(id_in(line_), concat("longer than ", max_line_bytes_, " bytes"), line_));
      line_.clear();
      skipping_ = true;
    }
    if (!skipping_) line_.append(piece);
    if (!complete) continue;
    if (!skipping_ && !trim(line_).empty()) answers.push_back(parse_answer(line_));
    line_.clear();
    skipping_ = false;
  }
  return answers;
}

}  // namespace hone
