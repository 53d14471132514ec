// Flags to options, and errors to exit statuses. The only file that includes CLI11, which is slow to compile.
#include "cli/app.h"

#include <c10/util/Exception.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <memory>
#include <ostream>

#include "cli/build_info.h"
#include "cli/commands.h"
#include "core/document.h"
#include "core/error.h"
#include "core/interrupted.h"

namespace hone {
namespace {

using Action = std::function<int()>;

const std::vector<std::string> kLogLevels = {"trace", "debug", "info", "warn", "error", "off"};

CLI::App* add_command(CLI::App& app, const char* name, const char* description, const char* examples) {
  CLI::App* command = app.add_subcommand(name, description);
  command->fallthrough()->footer(std::string("Examples:\n") + examples);
  return command;
}

void add_model(CLI::App* command, std::string& model) {
  command->add_option("MODEL", model, "Hugging Face folder: config.json, model.safetensors, tokenizer.json")
      ->required();
}

void add_threads(CLI::App* command, int& threads) {
  command->add_option("--threads", threads, "threads; 0: all cores. Results do not depend on it")
      ->check(CLI::NonNegativeNumber);
}

void add_prompt_flags(CLI::App* command, PromptFlags& flags) {
  command->add_flag(
      "--chat", flags.chat,
      "render prompts by the model's chat template (prompts that are lists of messages always are)");
  command->add_option("--system-prompt", flags.system_prompt, "with the chat template: the system's turn");
  command
      ->add_option("--chat-template-kwargs", flags.chat_template_kwargs,
                   "with the chat template: its variables, such as '{\"enable_thinking\": false}'")
      ->type_name("JSON");
  command
      ->add_option("--stop", flags.stop,
                   "a text that ends a completion, as an end token does; may be repeated")
      ->take_all()
      ->expected(1)
      ->type_name("TEXT");
}

void add_device(CLI::App* command, std::string& device) {
  command->add_option("--device", device, "cpu, cuda, or auto: cuda if there is one. Results are the same")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
}

void add_compute(CLI::App* command, ComputeOptions& compute) {
  add_threads(command, compute.threads);
  add_device(command, compute.device);
  command
      ->add_option("--dtype", compute.dtype,
                   "what matrices are multiplied in: float32, or on a GPU bfloat16 (tensor cores, float32 sums)")
      ->check(CLI::IsMember({"float32", "bfloat16"}));
}

void add_sample(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<SampleCommandOptions>();
  CLI::App* c =
      add_command(app, "sample", "Completes prompts",
                  "  hone sample MODEL --prompt 'make 24 from 3 5 9 :' --num-samples 4 --temperature 0.8\n"
                  "  hone sample MODEL --input prompts.jsonl --json > completions.jsonl\n");
  add_model(c, o->model);
  c->add_option("--prompt", o->prompt, "one prompt");
  c->add_option("--input", o->input,
                "JSON lines, each with a \"prompt\": a text or a list of messages; - reads standard input");
  c->add_option("--num-samples", o->num_samples, "completions a prompt (1)")->check(CLI::PositiveNumber);
  c->add_option("--temperature", o->temperature, "0 takes the most probable token (1)")
      ->check(CLI::Range(0.0, 1e6));
  c->add_option("--top-p", o->top_p, "smallest set of tokens with this probability (1: off)")
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--top-k", o->top_k, "so many most probable tokens (0: off)")->check(CLI::NonNegativeNumber);
  c->add_option("--max-new-tokens", o->max_new_tokens, "longest completion (256)")
      ->check(CLI::PositiveNumber);
  c->add_option("--seed", o->seed, "of the random draws (0)");
  add_prompt_flags(c, o->prompts);
  c->add_flag("--logprobs", o->logprobs,
              "with text, also a line of log-probability, id and token for each token");
  c->add_flag("--json", o->json, "JSON lines: the input's fields, completion, ids, logprobs, finish_reason");
  add_compute(c, o->compute);
  c->callback([=, &action] { action = [=] { return run_sample(*o, console); }; });
}

void add_train(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<TrainCommandOptions>();
  CLI::App* c = add_command(app, "train", "Runs a recipe",
                            "  hone train recipes/countdown_r1.json\n"
                            "  hone train recipes/countdown_r1.json --resume\n"
                            "  hone train recipes/countdown_r1.json --set stages.zero.steps=20 --stop-after "
                            "zero --run-dir runs/short\n");
  c->add_option("RECIPE", o->recipe, "JSON with comments; recipes/schema.json describes it")->required();
  c->add_option("--set", o->set, "a value of the recipe: key.path=value; stages go by name")
      ->take_all()
      ->expected(1)
      ->type_name("KEY=VALUE");
  c->add_option("--run-dir", o->run_dir, "folder of the run (runs/ and the recipe's name)");
  c->add_flag("--resume", o->resume, "go on with the run in that folder");
  c->add_option("--stop-after", o->stop_after, "the last stage to run");
  c->add_flag("--dry-run", o->dry_run,
              "print the recipe with every default, sizes and memory; write nothing");
  add_threads(c, o->threads);
  add_device(c, o->device);
  c->callback([=, &action] { action = [=] { return run_train(*o, console); }; });
}

void add_eval(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<EvalCommandOptions>();
  CLI::App* c =
      add_command(app, "eval", "Measures a model on a dataset: avg@k, pass@k, cons@k",
                  "  hone eval recipes/base --dataset countdown --samples 4\n"
                  "  hone eval MODEL --dataset '{\"file\": \"test.jsonl\", \"prompt_field\": \"question\", "
                  "\"answer_field\": \"answer\"}' --reward rewards.json --json\n");
  add_model(c, o->model);
  c->add_option("--dataset", o->dataset,
                "a task (its held-out problems), a file of rows, JSON as in a recipe, or a recipe")
      ->required();
  c->add_option("--reward", o->reward,
                "a rule's name, a JSON file or a recipe; the first rule decides what is correct (accuracy)");
  c->add_option("--samples", o->samples, "completions a problem: k (1)")->check(CLI::PositiveNumber);
  c->add_option("--num-problems", o->num_problems, "the first so many (0: all)")
      ->check(CLI::NonNegativeNumber);
  c->add_option("--temperature", o->temperature, "0 takes the most probable token (1)")
      ->check(CLI::Range(0.0, 1e6));
  c->add_option("--top-p", o->top_p, "smallest set of tokens with this probability (1: off)")
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--max-new-tokens", o->max_new_tokens, "longest completion (256)")
      ->check(CLI::PositiveNumber);
  c->add_option("--template", o->prompt_template,
                "plain, chat, r1_zero or a text with {prompt} (the recipe's, else plain)");
  add_prompt_flags(c, o->prompts);
  c->add_option("--seed", o->seed, "of the random draws (0)");
  c->add_flag("--json", o->json, "one JSON object");
  add_compute(c, o->compute);
  c->callback([=, &action] { action = [=] { return run_eval(*o, console); }; });
}

void add_logprobs(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<LogprobsOptions>();
  CLI::App* c =
      add_command(app, "logprobs", "Log-probabilities of given tokens",
                  "  echo '{\"text\": \"make 24 from 3 5 9 :\"}' | hone logprobs MODEL\n"
                  "  hone logprobs MODEL --input rows.jsonl   # {\"ids\": [..]} or {\"text\": ..} a line\n");
  add_model(c, o->model);
  c->add_option("--input", o->input, "JSON lines; standard input if absent or -");
  add_compute(c, o->compute);
  c->callback([=, &action] { action = [=] { return run_logprobs(*o, console); }; });
}

void add_score(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<ScoreCommandOptions>();
  CLI::App* c =
      add_command(app, "score", "Rewards of completions",
                  "  hone score --reward format --input completions.jsonl\n"
                  "  hone score --reward recipes/countdown_r1.json --stage zero < completions.jsonl\n");
  c->add_option("--reward", o->reward, "a rule's name, a JSON file with rewards, or a recipe")->required();
  c->add_option("--stage", o->stage, "the recipe's stage whose rewards are taken (the last with rewards)");
  c->add_option("--input", o->input, "JSON lines, each with a \"completion\"; standard input if absent or -");
  add_threads(c, o->threads);
  c->callback([=, &action] { action = [=] { return run_score(*o, console); }; });
}

void add_tokenize(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<TokenizeOptions>();
  CLI::App* c = add_command(app, "tokenize", "Lines of text to arrays of token ids, and back",
                            "  echo 'Hello world' | hone tokenize MODEL\n"
                            "  echo '[15496, 995]' | hone tokenize MODEL --decode\n");
  c->add_option("MODEL", o->model, "folder with tokenizer.json")->required();
  c->add_flag("--decode", o->decode, "arrays of ids in, text out");
  c->add_flag("--no-special", o->no_special, "add no special tokens; with --decode, leave them out");
  add_threads(c, o->threads);
  c->callback([=, &action] { action = [=] { return run_tokenize(*o, console); }; });
}

void add_inspect(CLI::App& app, Console console, Action& action) {
  auto path = std::make_shared<std::string>();
  CLI::App* c = add_command(app, "inspect", "What a folder holds: a model, a checkpoint or a run",
                            "  hone inspect recipes/base\n  hone inspect runs/countdown_r1\n");
  c->add_option("PATH", *path, "the folder")->required();
  c->callback([=, &action] { action = [=] { return run_inspect(*path, console); }; });
}

void add_report(CLI::App& app, Console console, Action& action) {
  auto run = std::make_shared<std::string>();
  CLI::App* c =
      add_command(app, "report", "Writes a run's report.html again", "  hone report runs/countdown_r1\n");
  c->add_option("RUN", *run, "the run's folder")->required();
  c->callback([=, &action] { action = [=] { return run_report(*run, console); }; });
}

void add_bench(CLI::App& app, Console console, Action& action) {
  auto o = std::make_shared<BenchCommandOptions>();
  CLI::App* c = add_command(
      app, "bench",
      "Benchmarks: linear (against at::linear), rewards (verdicts), code (sandboxed programs), step (a GRPO step), "
      "tokenize (MB/s), load (a model folder), kernels (of CUDA)",
      "  hone bench linear --json > linear.json\n"
      "  hone bench rewards --data ../shared/data\n"
      "  hone bench tokenize --model ../shared/tokenizers/gpt2 --data ../shared/data --threads 1\n"
      "  hone bench step --model DIR --prompts 4 --group 8 --prompt-tokens 64 --completion-tokens 64\n");
  c->add_option("NAME", o->names,
                "linear, rewards, code, step, tokenize, load, kernels (linear, and step if there is a model)");
  c->add_option("--model", o->model, "step, load: Hugging Face folder; tokenize: folder with tokenizer.json");
  c->add_option("--prompts", o->prompts, "step: prompts (4)")->check(CLI::PositiveNumber);
  c->add_option("--group", o->group, "step: completions a prompt (8)")
      ->check(CLI::Range(int64_t{2}, int64_t{1} << 20));
  c->add_option("--prompt-tokens", o->prompt_tokens, "step: tokens of a prompt (64)")
      ->check(CLI::PositiveNumber);
  c->add_option("--completion-tokens", o->completion_tokens, "step: tokens of a completion (64)")
      ->check(CLI::PositiveNumber);
  c->add_option("--micro-batch-tokens", o->micro_batch_tokens, "step: rows of a training pass (16384)")
      ->check(CLI::PositiveNumber);
  c->add_option("--steps", o->steps, "step: timed steps, after one that is not (5)")
      ->check(CLI::PositiveNumber);
  c->add_option("--data", o->data, "rewards: folder of math500, math_train, gsm8k, cmath, mgsm_zh (../shared/data); tokenize: a "
                  "folder of JSON files, or a text file");
  c->add_option("--pairs", o->pairs, "rewards: JSON lines with gold and answer to time, instead of pairs made from the golds");
  c->add_option("--write-pairs", o->write_pairs, "rewards: file for the pairs that are timed");
  c->add_flag("--json", o->json, "one JSON object, or an array of several");
  add_threads(c, o->threads);
  c->callback([=, &action] { action = [=] { return run_bench(*o, console); }; });
}

void add_doctor(CLI::App& app, Console console, Action& action) {
  CLI::App* c =
      add_command(app, "doctor", "Versions, CPU features, GPUs; which features are on and why others are off",
                  "  hone doctor\n");
  c->callback([=, &action] { action = [=] { return run_doctor(console); }; });
}

void set_up_logging(const std::string& level) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = no_color && *no_color;
  spdlog::drop("hone");
  auto logger = plain ? spdlog::stderr_logger_mt("hone") : spdlog::stderr_color_mt("hone");
  logger->set_pattern("%^%l%$: %v");
  logger->set_level(level == "error" ? spdlog::level::err : spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* a = &app; a; a = a->get_parent())
    for (const CLI::Option* option : a->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// What was not understood, with the nearest known flag or command.
std::string unknown_argument(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  std::vector<std::string> candidates = flags_of(command), left = app.remaining(true);
  const std::string argument = left.empty() ? "" : left.front().substr(0, left.front().find('='));
  const bool is_flag = argument.rfind('-', 0) == 0;
  if (!is_flag) {
    candidates.clear();
    if (chosen.empty())
      for (const CLI::App* sub : app.get_subcommands({})) candidates.push_back(sub->get_name());
  }
  const std::string nearest = nearest_name(argument, candidates);
  return concat("unknown ",
                is_flag          ? "flag "
                : chosen.empty() ? "command "
                                 : "argument ",
                argument, nearest.empty() ? "" : ", did you mean " + nearest + "?");
}

int parse_error(const CLI::App& app, const CLI::ParseError& error, Console console) {
  if (error.get_exit_code() == int(CLI::ExitCodes::Success))
    return app.exit(error, console.out, console.err);  // --help, --version
  const auto chosen = app.get_subcommands();
  const std::string name = chosen.empty() ? "hone" : "hone " + chosen.front()->get_name();
  const bool extras =
      !app.remaining(true).empty();  // a mistyped command shows as extras and as a command that is missing
  console.err << name << ": " << (extras ? unknown_argument(app) : error.what()) << "\nSee " << name
              << " --help.\n";
  return kExitBadInput;
}

int run_action(const Action& action, Console console) {
  try {
    const int status = action();
    check(bool(console.out.flush()), "writing to standard output failed");
    return status;
  } catch (const InputError& e) {
    console.err << "hone: " << e.what() << "\n";
    return kExitBadInput;
  } catch (const Interrupted& e) {
    console.err << "hone: " << e.what() << "\n";
    return kExitStopped;
  } catch (const c10::Error& e) {
    console.err << "hone: " << e.what_without_backtrace() << "\n";
  } catch (const std::bad_alloc&) {
    console.err << "hone: out of memory\n";
  } catch (const std::exception& e) {
    console.err << "hone: " << e.what() << "\n";
  }
  return kExitFailed;
}

}  // namespace

int run_cli(const std::vector<std::string>& arguments, Console console) {
  CLI::App app(
      "hone sharpens language models with reinforcement learning: rollouts, rewards, GRPO, pipelines.",
      "hone");
  std::string log_level = "info";
  Action action;
  app.add_option("--log-level", log_level, "trace, debug, info, warn, error or off")
      ->check(CLI::IsMember(kLogLevels));
  app.set_version_flag("--version", "hone " + build_version());
  app.footer(
      "hone COMMAND --help shows a command's flags and examples.\n"
      "Exit status: 0 done, 1 failed while running, 2 bad input, 130 stopped after a checkpoint.\n");
  app.require_subcommand(1);
  for (const auto add : {add_train, add_eval, add_sample, add_logprobs, add_score, add_tokenize, add_inspect,
                         add_report, add_doctor, add_bench})
    add(app, console, action);
  if (arguments.empty()) {
    console.err << app.help();
    return kExitBadInput;
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return parse_error(app, error, console);
  }
  set_up_logging(log_level);
  return run_action(action, console);
}

}  // namespace hone
