#include "rl/pipeline.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>

#include "core/philox.h"
#include "cuda_ext/device.h"
#include "datasets/dataset.h"
#include "rl/check_inputs.h"
#include "rl/evaluate.h"
#include "rl/out_of_memory.h"
#include "rl/sampling.h"
#include "rl/stage.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// What the recipe of a run that an earlier version of the program began says today: keys that are new have their defaults.
Json completed(Document stored, const Recipe& recipe) {
  const std::string file = stored.file;
  stored.file = recipe.document.file;  // paths in it are relative to that
  try {
    return parse_recipe(std::move(stored), recipe.folder).resolved;
  } catch (const InputError& e) {
    throw InputError(
        concat(file, ": the recipe that the run was started with is none to this version: ", e.what()));
  }
}

/// How far a run has come; a checkpoint's state is this plus the stage's own.
struct Progress {
  size_t stage = 0;        // index of the stage that is running
  int64_t step = 0;        // of it that are done
  bool evaluated = false;  // the evaluations that are due after `step` are logged
};

class Run {
 public:
  Run(const Recipe& recipe, const RunOptions& options, const RunEvents& events, RunFolder folder)
      : recipe_(recipe),
        options_(options),
        events_(events),
        folder_(std::move(folder)),
        tokenizer_folder_(tokenizer_folder_of(recipe)),
        tokenizer_(Tokenizer::load(tokenizer_folder_)),
        date_(run_date(recipe.date, folder_.path())) {
    if (recipe.date.empty()) keep_run_date(date_, folder_.path());
  }

  void run() {
    std::optional<Checkpoint> checkpoint = start();
    for (; progress_.stage < recipe_.stages.size(); ++progress_.stage) {
      run_stage(checkpoint);
      checkpoint.reset();
      if (recipe_.stages[progress_.stage].name == options_.stop_after) {
        say("stopped after stage " + options_.stop_after + "; --resume goes on");
        break;
      }
      progress_ = {progress_.stage, 0, false};
    }
    export_model();
  }

 private:
  void say(const std::string& line) const {
    if (events_.message) events_.message(line);
  }

  /// Opens the logs where the newest whole checkpoint left them, or at the beginning.
  std::optional<Checkpoint> start() {
    LatestCheckpoint latest;
    if (options_.resume) latest = latest_good(folder_.checkpoints());
    for (const std::string& skipped : latest.skipped) say("not used: " + skipped);
    if (!latest.checkpoint) {
      folder_.cut_logs({});
      return std::nullopt;
    }
    const Checkpoint& c = *latest.checkpoint;
    progress_ = {size_t(c.id.stage_index), c.id.step, c.state.at("evaluated").get<bool>()};
    check_input(progress_.stage < recipe_.stages.size() && recipe_.stages[progress_.stage].name == c.id.stage,
                c.folder.string(), ": stage ", c.id.stage, " is not stage ", c.id.stage_index,
                " of this recipe");
    folder_.cut_logs(log_positions_from(c.state.at("logs")));
    prune_checkpoints(folder_.checkpoints(), recipe_.keep_checkpoints,
                      c.id);  // a kill may have come before it
    say(concat("resuming stage ", c.id.stage, " after step ", c.id.step));
    return latest.checkpoint;
  }

  /// The newest checkpoint of an earlier stage holds what that stage ended with.
  fs::path last_checkpoint(const std::string& stage) const {
    const LatestCheckpoint latest = latest_good(folder_.checkpoints(), stage);
    // An earlier one would be another model: the run would not end with the bits that it should.
    if (!latest.skipped.empty())
      throw InputError("the end of stage " + stage + " is lost: " + latest.skipped[0]);
    check_input(latest.checkpoint.has_value(), folder_.checkpoints().string(),
                ": no whole checkpoint of stage ", stage);
    return latest.checkpoint->folder;
  }

  Model initial_model(const StageOptions& stage) const {
    Model model = stage.from == "base" ? base_model(recipe_) : load_model(last_checkpoint(stage.from));
    if (model.speed.bytes && events_.message) events_.message(stage.from + ": " + model.speed.text());
    return model;
  }

  std::unique_ptr<Stage> make_stage(const StageOptions& options) {
    StageContext context{
        recipe_,           options, tokenizer_, folder_,       mix(recipe_.seed, progress_.stage + 1),
        tokenizer_folder_, {},      date_,      options_.stop, {}};
    if (events_.pass)
      context.on_pass = [this, name = options.name](int64_t done, int64_t total, int64_t tokens) {
        events_.pass(name, done, total, tokens);
      };
    if (const auto* sft = std::get_if<SftOptions>(&options.options); sft && !sft->data.empty())
      context.data_folder = last_checkpoint(sft->data);
    Model model = initial_model(options);
    try {
      model.flat = model.flat.to(options_.device);
      if (options.type == "grpo") return make_grpo_stage(context, model);
      if (options.type == "sft") return make_sft_stage(context, model);
      if (options.type == "sample") return make_sample_stage(context, model);
      return make_eval_stage(context, model);
    } catch (const c10::OutOfMemoryError&) {
      throw Error(out_of_memory(options, recipe_.policy, model.config, 0));
    }
  }

  void run_stage(const std::optional<Checkpoint>& checkpoint) {
    const StageOptions& options = recipe_.stages[progress_.stage];
    const std::unique_ptr<Stage> stage = make_stage(options);
    if (checkpoint) stage->restore(*checkpoint);
    const int64_t steps = stage->num_steps();
    bool saved = checkpoint.has_value();
    try {
      while (true) {
        if (!progress_.evaluated) {
          for (const EvalOptions& e : options.evals)
            if (is_due(e, steps)) log_evaluation(*stage, options, e), saved = false;
          progress_.evaluated = true;
        }
        const bool done = progress_.step == steps;
        if (!saved && (done || (progress_.step > 0 && progress_.step % options.checkpoint_steps == 0)))
          save(*stage), saved = true;
        if (done) break;
        Json metrics = stage->step(progress_.step);
        ++progress_.step;
        progress_.evaluated = false, saved = false;
        log(options, metrics);
        if (events_.step) events_.step(options.name, progress_.step, steps, metrics);
      }
    } catch (const Interrupted&) {
      if (!saved && progress_.step > 0) save(*stage);
      throw;
    } catch (const c10::OutOfMemoryError&) {
      throw Error(
          out_of_memory(options, recipe_.policy, stage->policy().config(), stage->engine().cache_bytes()));
    }
  }

  bool is_due(const EvalOptions& e, int64_t steps) const {
    if (progress_.step == steps) return true;
    if (progress_.step == 0) return e.before;
    return e.every_steps > 0 && progress_.step % e.every_steps == 0;
  }

  void log(const StageOptions& stage, Json& metrics) {
    metrics["stage"] = stage.name, metrics["step"] = progress_.step;
    folder_.log_step(metrics, wall_time());
  }

  /// Kept from one evaluation to the next: a rule may have processes that took their time to start.
  const RewardSet& eval_rewards(const std::string& pointer) {
    const auto known = eval_rewards_.find(pointer);
    if (known != eval_rewards_.end()) return known->second;
    return eval_rewards_.emplace(pointer, make_rewards(recipe_.document, pointer)).first->second;
  }

  void log_evaluation(Stage& stage, const StageOptions& options, const EvalOptions& e) {
    const auto begin = std::chrono::steady_clock::now();
    const Dataset dataset{Fields(recipe_.document, e.dataset_pointer)};
    const RewardSet& rewards = eval_rewards(e.rewards_pointer);
    const PromptRenderer prompts(options.prompt_template, tokenizer_, tokenizer_folder_, date_);
    EvaluationPlan plan{.num_problems = e.num_problems, .samples = e.samples};
    plan.sampling.stop_strings = options.stop_strings;
    plan.sampling.temperature = e.temperature, plan.sampling.top_p = e.top_p;
    plan.sampling.max_new_tokens = e.max_completion_length
                                       ? e.max_completion_length
                                       : options.resolved.value("max_completion_length", int64_t{256});
    plan.key = mix(mix(recipe_.seed, 0x6576616c), progress_.stage);
    const Evaluation evaluation = evaluate(stage.engine(), prompts, dataset, rewards, plan, options_.stop);
    Json metrics = evaluation.metrics("eval/" + e.name + "/");
    metrics["time/eval_s"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    log(options, metrics);
    if (events_.step) events_.step(options.name, progress_.step, stage.num_steps(), metrics);
  }

  void save(Stage& stage) {
    const StageOptions& options = recipe_.stages[progress_.stage];
    const CheckpointId id{int64_t(progress_.stage), progress_.step, options.name};
    CheckpointWriter writer(folder_.checkpoints(), id);
    Json state = stage.save(writer);
    state["evaluated"] = progress_.evaluated;
    state["logs"] = to_json(folder_.positions());
    writer.commit(state);
    prune_checkpoints(folder_.checkpoints(), recipe_.keep_checkpoints, id);
  }

  /// The policy of the last stage that ran, in the recipe's dtype.
  void export_model() {
    const size_t last = std::min(progress_.stage, recipe_.stages.size() - 1);
    const Model model = load_model(last_checkpoint(recipe_.stages[last].name));
    AtomicFolder out(folder_.path() / "model");
    const PolicyOptions& p = recipe_.policy;
    save_model(out.folder(), model.config, model.flat, {p.save_dtype, tokenizer_folder_, p.max_shard_bytes});
    out.commit();
  }

  const Recipe& recipe_;
  const RunOptions& options_;
  const RunEvents& events_;
  RunFolder folder_;
  fs::path tokenizer_folder_;
  Tokenizer tokenizer_;
  TimePoint date_;  // of the run
  Progress progress_;
  std::map<std::string, RewardSet> eval_rewards_;  // by their place in the recipe
};

}  // namespace

std::string describe_run(const Recipe& recipe) {
  const DecoderConfig config = recipe.policy.checkpoint.empty()
                                   ? parse_decoder_config(recipe.document, recipe.policy.config_pointer)
                                   : load_config(recipe.find(recipe.policy.checkpoint));
  const std::vector<NamedTensor> tensors = list_tensors(config);
  const double mb = double(flat_size(tensors)) * 4e-6, training_mb = double(training_bytes(config)) * 1e-6;
  std::ostringstream out;
  out << config.architecture << ": " << flat_size(tensors) << " parameters, " << mb << " MB in float32\n"
      << "training holds weights, packed weights, gradients and two moments: " << training_mb
      << " MB, and a reference: " << 0.4 * training_mb << " MB more\ncache: "
      << page_bytes(config, recipe.policy.dtype == "bfloat16" ? at::kBFloat16 : at::kFloat) / ops::kPageSize
      << " bytes a token\n";
  for (const StageOptions& s : recipe.stages)
    out << "stage " << s.name << " (" << s.type << ") from " << s.from << "\n";
  return std::move(out).str();
}

void run_recipe(const Recipe& recipe, const RunOptions& options, const RunEvents& events) {
  if (!options.stop_after.empty()) {
    std::vector<std::string> names;
    for (const StageOptions& s : recipe.stages) names.push_back(s.name);
    check_input(std::find(names.begin(), names.end(), options.stop_after) != names.end(),
                "--stop-after: no stage ", options.stop_after, "; did you mean ",
                nearest_name(options.stop_after, names), "?");
  }
  products_on(options.device, recipe.policy.dtype, "policy.dtype");
  check_inputs(recipe, run_date(recipe.date, options.folder), events.message);
  Run(recipe, options, events,
      options.resume
          ? RunFolder::resume(options.folder, recipe.resolved, {},
                              [&](Document stored) { return completed(std::move(stored), recipe); })
          : RunFolder::create(options.folder, recipe.resolved))
      .run();
}

}  // namespace hone
