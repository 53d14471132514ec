// `hone sample`: completions as text or as JSON lines, from the engine that training uses.
#include <ostream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/model_session.h"
#include "core/error.h"
#include "core/json_lines.h"
#include "core/philox.h"
#include "datasets/conversation.h"
#include "rl/sampling.h"

namespace hone {
namespace {

Problem problem_of(const JsonLine& line, const std::string& where) {
  const bool object = line.value.is_object() && line.value.contains("prompt");
  const bool text = object && line.value["prompt"].is_string();
  check_input(text || (object && is_conversation(line.value["prompt"])), where,
              ": expected an object with a \"prompt\" that is a text or a list of messages, got ",
              line.value.dump().substr(0, 80));
  Problem problem{.text = text ? line.value["prompt"].get<std::string>() : "", .row = line.value};
  if (text) return problem;
  const auto row = nlohmann::ordered_json::parse(line.text);
  problem.chat = conversation_of(where, row, messages_of(where, row, "prompt"));
  return problem;
}

/// What is to be completed: the lines of --input, each with a "prompt", or the one --prompt.
std::vector<Problem> read_problems(const SampleCommandOptions& options, Console console) {
  if (options.input.empty()) return {{.text = options.prompt, .row = {{"prompt", options.prompt}}}};
  std::vector<Problem> problems;
  Input input(options.input, console);
  JsonLinesReader reader(input.name(), input.stream());
  while (const auto line = reader.next()) {
    problems.push_back(problem_of(*line, concat(input.name(), ":", line->number)));
    problems.back().id = problems.size() - 1;
  }
  check_input(!problems.empty(), input.name(), ": no lines, expected one {\"prompt\": ...} a line");
  return problems;
}

void write_json(std::ostream& out, const Prompt& prompt, const Rollout& rollout) {
  Json line = prompt.problem.row;
  line["completion"] = rollout.text;
  line["ids"] = rollout.ids;
  line["logprobs"] = rollout.logprobs;
  line["finish_reason"] = to_string(rollout.finish_reason);
  out << to_json_line(line);
}

void write_text(std::ostream& out, const Rollout& rollout, bool logprobs, const Tokenizer& tokenizer) {
  out << rollout.text << "\n";
  for (size_t i = 0; logprobs && i < rollout.ids.size(); ++i)
    out << rollout.logprobs[i] << "\t" << rollout.ids[i] << "\t" << tokenizer.token_of(rollout.ids[i])
        << "\n";
}

}  // namespace

int run_sample(const SampleCommandOptions& options, Console console) {
  check_input(options.prompt.empty() != options.input.empty(),
              "expected --prompt TEXT or --input FILE.jsonl, got ",
              options.prompt.empty() ? "neither" : "both");
  std::vector<Problem> problems = read_problems(options, console);
  const ModelSession session = open_model(options.model, options.compute, console.err);
  const PromptRenderer renderer = make_renderer({}, options.prompts, session.tokenizer, options.model);
  std::vector<Prompt> prompts;
  for (Problem& problem : problems) prompts.push_back(renderer.render(std::move(problem)));
  const SamplingOptions sampling{.temperature = options.temperature,
                                 .top_p = options.top_p,
                                 .top_k = options.top_k,
                                 .max_new_tokens = options.max_new_tokens,
                                 .stop_ids = session.tokenizer.stop_ids(),
                                 .stop_strings = options.prompts.stop};
  Engine engine(session.decoder,
                [&](std::span<const TokenId> ids) { return session.tokenizer.decode(ids, false); }, {});
  const std::vector<RolloutGroup> groups =
      sample_groups(engine, std::move(prompts), options.num_samples, sampling, mix(options.seed, 0),
                    session.tokenizer, 0, {});
  const bool headings = groups.size() * size_t(options.num_samples) > 1;
  for (size_t p = 0; p < groups.size(); ++p)
    for (size_t g = 0; g < groups[p].rollouts.size(); ++g) {
      if (options.json) {
        write_json(console.out, groups[p].prompt, groups[p].rollouts[g]);
        continue;
      }
      if (headings) console.out << "--- prompt " << p + 1 << ", sample " << g + 1 << "\n";
      write_text(console.out, groups[p].rollouts[g], options.logprobs, session.tokenizer);
    }
  return 0;
}

}  // namespace hone
