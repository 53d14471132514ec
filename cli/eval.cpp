// `hone eval`: avg@k, pass@k and cons@k of a model on a dataset, with standard errors.
#include <iomanip>
#include <ostream>

#include "cli/commands.h"
#include "cli/dataset_spec.h"
#include "cli/model_session.h"
#include "cli/stop_signals.h"
#include "core/philox.h"
#include "rewards/score_lines.h"
#include "rl/evaluate.h"

namespace hone {
namespace {

EvaluationPlan make_plan(const EvalCommandOptions& options, const std::vector<std::string>& stop,
                         const Tokenizer& tokenizer) {
  EvaluationPlan plan;
  plan.num_problems = options.num_problems;
  plan.samples = options.samples;
  plan.sampling = {.temperature = options.temperature,
                   .top_p = options.top_p,
                   .max_new_tokens = options.max_new_tokens,
                   .stop_ids = tokenizer.stop_ids(),
                   .stop_strings = options.prompts.stop.empty() ? stop : options.prompts.stop};
  plan.key = mix(options.seed, 0);
  return plan;
}

void write_table(std::ostream& out, const Evaluation& e) {
  const auto line = [&](const std::string& name, double value, double error) {
    out << std::left << std::setw(32) << name << std::right << std::fixed << std::setprecision(4)
        << std::setw(10) << value;
    if (error > 0) out << " +- " << error;
    out << "\n";
  };
  const std::string k = std::to_string(e.samples);
  out << e.num_problems << " problems, " << k
      << (e.samples == 1 ? " completion each, " : " completions each, ") << e.tokens << " tokens\n";
  line("avg@" + k, e.avg_at_k, e.avg_se);
  for (const auto& [j, value] : e.pass_at)
    if (e.samples > 1) line("pass@" + std::to_string(j), value, j == e.samples ? e.pass_se : 0);
  if (e.samples > 1) line("cons@" + k, e.cons_at_k, e.cons_se);
  line("response length, tokens", e.mean_length, 0);
  line("truncated", e.truncated_fraction, 0);
  for (const RuleMean& rule : e.rules) {
    line("reward " + rule.name, rule.mean, 0);
    if (rule.unparsable_golds > 0)
      out << "  " << rule.unparsable_golds << " problems have a gold answer that " << rule.name
          << " can't understand\n";
  }
  if (e.errors > 0) out << e.errors << " completions without a verdict of every rule: in no average above\n";
}

}  // namespace

int run_eval(const EvalCommandOptions& options, Console console) {
  const StopSignals signals;
  const DatasetSpec spec = load_dataset_spec(options.dataset);
  const RewardSet rewards = load_reward_spec(options.reward);
  const ModelSession session = open_model(options.model, options.compute, console.err);
  Engine engine(session.decoder,
                [&](std::span<const TokenId> ids) { return session.tokenizer.decode(ids, false); }, {});
  TemplateOptions prompts = spec.prompt_template.value_or(TemplateOptions{});
  if (!options.prompt_template.empty()) prompts.name = options.prompt_template;
  const PromptRenderer renderer =
      make_renderer(std::move(prompts), options.prompts, session.tokenizer, options.model);
  const EvaluationPlan plan = make_plan(options, spec.stop, session.tokenizer);
  const Evaluation evaluation = evaluate(engine, renderer, spec.dataset, rewards, plan, signals.token());
  if (options.json)
    console.out << evaluation.metrics("").dump() << "\n";
  else
    write_table(console.out, evaluation);
  return 0;
}

}  // namespace hone
