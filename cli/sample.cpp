// `hone sample`: completions as text or as JSON lines, from the engine that training uses.
#include <optional>
#include <ostream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/model_session.h"
#include "core/error.h"
#include "core/json_lines.h"
#include "core/philox.h"
#include "model/chat_template.h"
#include "rl/sampling.h"

namespace hone {
namespace {

/// The rows to complete: the lines of --input, each with a "prompt", or the one --prompt.
std::vector<Json> read_rows(const SampleCommandOptions& options, Console console) {
  if (options.input.empty()) return {Json{{"prompt", options.prompt}}};
  std::vector<Json> rows;
  Input input(options.input, console);
  JsonLinesReader reader(input.name(), input.stream());
  while (auto line = reader.next()) {
    const bool ok =
        line->value.is_object() && line->value.contains("prompt") && line->value["prompt"].is_string();
    check_input(ok, input.name(), ":", line->number, ": expected an object with a text \"prompt\", got ",
                line->value.dump().substr(0, 80));
    rows.push_back(std::move(line->value));
  }
  check_input(!rows.empty(), input.name(), ": no lines, expected one {\"prompt\": ...} a line");
  return rows;
}

/// A conversation that begins with the user's text, up to where the assistant answers.
ChatRequest first_turn(const std::string& text) {
  return {.messages = nlohmann::ordered_json::array({{{"role", "user"}, {"content", text}}}),
          .add_generation_prompt = true,
          .now = std::chrono::system_clock::now()};
}

std::vector<Prompt> make_prompts(const std::vector<Json>& rows, const SampleCommandOptions& options,
                                 const Tokenizer& tokenizer) {
  std::optional<ChatTemplate> chat;
  if (options.chat) chat = ChatTemplate::load(options.model);
  std::vector<Prompt> prompts;
  for (size_t i = 0; i < rows.size(); ++i) {
    Problem problem{.id = i, .text = rows[i]["prompt"], .row = rows[i]};
    if (chat) problem.text = chat->render(first_turn(problem.text));
    prompts.push_back(make_prompt(std::move(problem), "plain", tokenizer));
  }
  return prompts;
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
  const std::vector<Json> rows = read_rows(options, console);
  const ModelSession session = open_model(options.model, options.threads);
  const SamplingOptions sampling{.temperature = options.temperature,
                                 .top_p = options.top_p,
                                 .top_k = options.top_k,
                                 .max_new_tokens = options.max_new_tokens,
                                 .stop_ids = session.tokenizer.stop_ids()};
  Engine engine(session.decoder,
                [&](std::span<const TokenId> ids) { return session.tokenizer.decode(ids, false); }, {});
  const std::vector<RolloutGroup> groups =
      sample_groups(engine, make_prompts(rows, options, session.tokenizer), options.num_samples, sampling,
                    mix(options.seed, 0), session.tokenizer, 0, {});
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
